// What any store must do, whichever database is behind it. Each dialect's test file runs this suite.

import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimNow, claimSlot } from '../../src/schedule/claim.ts'
import { cardOf } from '../../src/schedule/compose.ts'
import { lease } from '../../src/schedule/parts.ts'
import { addSchedule, pauseSchedule, removeSchedule } from '../../src/schedule/schedules.ts'
import { purgeConnection } from '../../src/store/connections.ts'
import { erasePerson } from '../../src/store/erase.ts'
import { communitiesToExport, exportAnswers } from '../../src/store/export.ts'
import { lastPosted } from '../../src/store/history.ts'
import type { Store } from '../../src/store/open.ts'
import { membersNamedLike } from '../../src/store/people.ts'
import { findPost, insertPost, insertSlotPost, movePost } from '../../src/store/posts.ts'
import { dueSchedules, type Schedule } from '../../src/store/schedules.ts'
import { type Answered, answerPost, answerPractice } from '../../src/study/answer.ts'
import { closingOf } from '../../src/study/closing.ts'
import type { Membership } from '../../src/study/membership.ts'
import { missedQueries, noteMissed } from '../../src/study/missed.ts'
import { askPractice } from '../../src/study/practice.ts'
import { forget, keptData } from '../../src/study/privacy.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import { memberBoard, scoreOf, teamBoard } from '../../src/study/standings.ts'
import { currentStreak } from '../../src/study/streaks.ts'
import { createTeam, joinTeam, leaveTeam, MOST_TEAMS, renameTeam, teamsOf } from '../../src/study/teams.ts'
import { lastWeek, periodOfBoard, reviewWeek } from '../../src/study/weekly.ts'
import { readStandings } from '../support/standings.ts'
import { clockAt, DAY, fakePlatform, HOUR, library, memberOf, postQuiz, silent } from '../support/world.ts'

function stored(outcome: Awaited<ReturnType<typeof answerPost>>): Answered {
  if (typeof outcome === 'string') throw new Error(`not answered: ${outcome}`)
  return outcome
}

/** @param open an empty store, migrated; called before each test */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store on ${name}`, () => {
    let store: Store
    const clock = clockAt('2026-11-18T09:00:00+09:00')
    const press = (post: string, choice: number) => ({ post, choice, receivedAt: clock.now(), message: undefined })

    beforeEach(async () => {
      clock.set('2026-11-18T09:00:00+09:00')
      store = await open()
    })
    afterEach(() => store.close())

    describe('answering a post', () => {
      it('keeps the first answer, whatever is pressed later', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        const first = stored(await answerPost(store, member, press(quiz.id, quiz.wrong)))
        const second = stored(await answerPost(store, member, press(quiz.id, quiz.right)))
        expect([first.press, second.press]).toEqual(['first', 'again'])
        expect(second.choice).toBe(quiz.wrong)
        expect(second.scored?.points).toBe(2)
        expect((await scoreOf(store.db, member.community, member.person, clock.now())).points.all).toBe(2)
      })

      it('stores one answer when a person presses many times at once', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            answerPost(store, member, press(quiz.id, i % 2 ? quiz.right : quiz.wrong)),
          ),
        )
        const pressed = outcomes.map(stored)
        expect(pressed.filter(({ press: kind }) => kind === 'first')).toHaveLength(1)
        expect(new Set(pressed.map(({ choice }) => choice)).size).toBe(1)
        const score = await scoreOf(store.db, member.community, member.person, clock.now())
        expect([score.answered, score.points.all]).toEqual([1, pressed[0]?.scored?.points])
      })

      it('leaves practice out of the accuracy of a category', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        const topics = [...(library.subjects[0]?.topics.values() ?? [])].filter(({ id }) => id === 'lambda')
        const asked = await askPractice(store, library, member, topics, () => 0, clock.now())
        const wrong = ((asked?.snapshot.right ?? 0) + 1) % 2
        await answerPractice(store, member, { practice: asked?.id ?? '', choice: wrong, receivedAt: clock.now() })
        const { categories, practised } = await scoreOf(store.db, member.community, member.person, clock.now())
        expect([categories, practised]).toEqual([[expect.objectContaining({ answered: 1, right: 1 })], 1])
      })

      it('says nothing of this week when an answer of the last one is shown again', async () => {
        clock.set('2026-11-22T23:00:00+09:00')
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        clock.set('2026-11-23T08:00:00+09:00')
        const again = stored(await answerPost(store, member, press(quiz.id, quiz.right)))
        expect(again.scored).toEqual({ points: 10, weekPoints: undefined, streak: 1 })
      })

      it('scores by level and adds up over week, month and all time', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const first = await postQuiz(store, member, clock.now())
        const shown = stored(await answerPost(store, member, press(first.id, first.right)))
        expect(shown.scored).toEqual({ points: 10, weekPoints: 10, streak: 1 })
        // Eleven days later: another week, the same month; then another month.
        clock.advance(11 * DAY)
        const second = await postQuiz(store, member, clock.now(), { question: 1 })
        await answerPost(store, member, press(second.id, second.wrong))
        clock.advance(5 * DAY)
        const third = await postQuiz(store, member, clock.now(), { question: 2 })
        await answerPost(store, member, press(third.id, third.right))
        const { points } = await scoreOf(store.db, member.community, member.person, clock.now())
        expect(points).toEqual({ week: 15, month: 15, all: 27 })
      })

      it('counts nothing for a press after the post closed, but keeps it as practice', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        clock.advance(DAY)
        const late = stored(await answerPost(store, member, press(quiz.id, quiz.right)))
        expect([late.press, late.scored]).toEqual(['late', undefined])
        expect(stored(await answerPost(store, member, press(quiz.id, quiz.wrong))).press).toBe('again')
        const score = await scoreOf(store.db, member.community, member.person, clock.now())
        expect([score.points.all, score.practised]).toEqual([0, 1])
      })

      it('counts nothing once closing has begun, even before the hour', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now(), { state: 'closing' })
        expect(stored(await answerPost(store, member, press(quiz.id, quiz.right))).press).toBe('late')
      })

      it.each(['pending', 'failed', 'skipped'] as const)('refuses a post that is %s', async (state) => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now(), { state })
        expect(await answerPost(store, member, press(quiz.id, quiz.right))).toBe('gone')
      })

      it.each(['sending', 'ambiguous'] as const)(
        'counts on a post that is %s, and the pressed message proves it',
        async (state) => {
          const member = await memberOf(store, 'minji', clock.now())
          const quiz = await postQuiz(store, member, clock.now(), {
            state,
            message_ref: null,
            lease_until: clock.now() + HOUR,
          })
          const outcome = stored(await answerPost(store, member, { ...press(quiz.id, quiz.right), message: 'seen' }))
          expect(outcome.press).toBe('first')
          expect(await findPost(store.db, quiz.id)).toMatchObject({ state: 'posted', message_ref: 'seen' })
        },
      )

      it('refuses an unknown post, an unknown choice, and a post of another community', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const stranger = await memberOf(store, 'eve', clock.now(), {
          connection: { id: 'elsewhere', name: 'Elsewhere' },
        })
        const quiz = await postQuiz(store, member, clock.now())
        expect(await answerPost(store, member, press('nothing', 0))).toBe('gone')
        expect(await answerPost(store, member, press(quiz.id, 9))).toBe('gone')
        expect(await answerPost(store, member, press(quiz.id, -1))).toBe('gone')
        expect(await answerPost(store, stranger, press(quiz.id, quiz.right))).toBe('gone')
      })

      it('grades by the snapshot, not by what the content says later', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        const post = await findPost(store.db, quiz.id)
        const snapshot = JSON.parse(post?.snapshot ?? '{}')
        const swapped = { ...snapshot, right: quiz.wrong }
        const owner = { id: 'test', now: clock.now() }
        await movePost(store.db, quiz.id, ['posted'], owner, { state: 'posted', snapshot: JSON.stringify(swapped) })
        expect(stored(await answerPost(store, member, press(quiz.id, quiz.wrong))).scored?.points).toBe(10)
      })
    })

    describe('practice', () => {
      it('never scores, and keeps the first answer', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const topics = [...(library.subjects[0]?.topics.values() ?? [])]
        const asked = await askPractice(store, library, member, topics, () => 0, clock.now())
        if (!asked) throw new Error('nothing was asked')
        const answer = (choice: number) =>
          answerPractice(store, member, { practice: asked.id, choice, receivedAt: clock.now() })
        const first = stored(await answer(asked.snapshot.right))
        const second = stored(await answer(asked.snapshot.right === 0 ? 1 : 0))
        expect([first.press, first.scored, second.press, second.choice]).toEqual([
          'first',
          undefined,
          'again',
          first.choice,
        ])
        const score = await scoreOf(store.db, member.community, member.person, clock.now())
        expect([score.points.all, score.answered, score.practised]).toEqual([0, 0, 1])
      })

      it('is not answered by somebody else', async () => {
        const minji = await memberOf(store, 'minji', clock.now())
        const junho = await memberOf(store, 'junho', clock.now())
        const topics = [...(library.subjects[0]?.topics.values() ?? [])]
        const asked = await askPractice(store, library, minji, topics, () => 0, clock.now())
        const outcome = await answerPractice(store, junho, {
          practice: asked?.id ?? '',
          choice: 0,
          receivedAt: clock.now(),
        })
        expect(outcome).toBe('not-yours')
      })

      it('asks every question of a topic before any comes again', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const topic = library.subjects[0]?.topics.get('vpc')
        if (!topic) throw new Error('no topic')
        const seen: string[] = []
        for (const _ of topic.questions) {
          clock.advance(1000)
          const asked = await askPractice(store, library, member, [topic], () => 0.3, clock.now())
          seen.push(asked?.snapshot.question ?? '')
        }
        expect(new Set(seen).size).toBe(topic.questions.length)
      })

      it('asks the same one again while it is not answered, and another of the same question when it was', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const topic = library.subjects[0]?.topics.get('vpc')
        if (!topic) throw new Error('no topic')
        const ask = async () => {
          clock.advance(1000)
          return (await askPractice(store, library, member, [topic], () => 0, clock.now()))?.id ?? ''
        }
        const round = async () => {
          const ids: string[] = []
          for (const _ of topic.questions) ids.push(await ask())
          return ids
        }
        const first = await round()
        expect(await round()).toEqual(first)
        expect(await store.db.selectFrom('practice').select('id').execute()).toHaveLength(topic.questions.length)
        await answerPractice(store, member, { practice: first[0] ?? '', choice: 0, receivedAt: clock.now() })
        const [anew, ...others] = await round()
        expect([first.includes(anew ?? ''), others]).toEqual([false, first.slice(1)])
        // As it was written before.
        await store.db
          .updateTable('practice')
          .set({ snapshot: sql`replace(snapshot, '"revision":"', '"revision":"old-')` })
          .execute()
        expect((await round()).some((id) => [...first, anew].includes(id))).toBe(false)
      })

      describe('leaves out what the channel is being asked', () => {
        const topic = library.subjects[0]?.topics.get('lambda')
        const ask = async (member: Membership) => {
          const asked = await askPractice(store, library, member, topic ? [topic] : [], () => 0, clock.now())
          return asked?.snapshot.question
        }
        const first = topic?.questions[0]?.id

        it.each(['pending', 'sending', 'ambiguous', 'posted'] as const)('while the post is %s', async (state) => {
          const member = await memberOf(store, 'minji', clock.now())
          await postQuiz(store, member, clock.now(), { state })
          // By chance the first question would come.
          expect(await ask(member)).toBe(topic?.questions[1]?.id)
        })

        it.each(['closing', 'closed', 'failed', 'skipped'] as const)(
          'and asks it where the post is %s',
          async (state) => {
            const member = await memberOf(store, 'minji', clock.now())
            await postQuiz(store, member, clock.now(), { state })
            expect(await ask(member)).toBe(first)
          },
        )

        it('while nobody knows whether it is there: a press on it would score', async () => {
          const member = await memberOf(store, 'minji', clock.now())
          await postQuiz(store, member, clock.now(), { state: 'failed', failure: 'unknown: no answer' })
          expect(await ask(member)).not.toBe(first)
          clock.advance(DAY)
          expect(await ask(member)).toBe(first)
        })

        it('until its time is over, also where it is yesterday still', async () => {
          clock.set('2026-11-18T00:30:00-11:00')
          const member = await memberOf(store, 'minji', clock.now())
          await postQuiz(store, member, clock.now(), { local_date: '2026-11-18' })
          clock.advance(DAY - 1)
          expect(await ask(member)).not.toBe(first)
          clock.advance(1)
          expect(await ask(member)).toBe(first)
        })

        it('wherever they are a member', async () => {
          const elsewhere = { connection: { id: 'other', name: 'Other' } }
          await postQuiz(store, await memberOf(store, 'minji', clock.now(), elsewhere), clock.now())
          expect(await ask(await memberOf(store, 'minji', clock.now()))).not.toBe(first)
          // In a direct message too, whichever server that is taken to be of.
          expect(await ask(await memberOf(store, 'minji', clock.now(), { connection: undefined }))).not.toBe(first)
        })

        it('and tells nothing of it on a card from before, until it has closed', async () => {
          const member = await memberOf(store, 'minji', clock.now())
          const asked = await askPractice(store, library, member, topic ? [topic] : [], () => 0, clock.now())
          const answer = () =>
            answerPractice(store, member, { practice: asked?.id ?? '', choice: 0, receivedAt: clock.now() })
          await postQuiz(store, member, clock.now())
          expect(await answer()).toBe('open')
          expect(await store.db.selectFrom('answer').selectAll().execute()).toEqual([])
          clock.advance(DAY)
          expect(stored(await answer()).press).toBe('first')
          // What was answered is shown again, whatever is open by then.
          await postQuiz(store, member, clock.now())
          expect(stored(await answer()).press).toBe('again')
        })

        it('and asks what only another community is asked', async () => {
          const elsewhere = { connection: { id: 'other', name: 'Other' } }
          await postQuiz(store, await memberOf(store, 'junho', clock.now(), elsewhere), clock.now())
          expect(await ask(await memberOf(store, 'minji', clock.now()))).toBe(first)
        })

        it('and has nothing to ask when that is all there is', async () => {
          const member = await memberOf(store, 'minji', clock.now())
          for (const question of topic?.questions.keys() ?? []) await postQuiz(store, member, clock.now(), { question })
          expect(await ask(member)).toBeUndefined()
        })
      })
    })

    describe('what is rebuilt, exported, purged or forgotten', () => {
      const answerOne = async (member: Membership) => {
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
      }

      it('is mended where only the right answers are wrong', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        await answerOne(member)
        await store.db.updateTable('standing').set({ correct: 0, answered: 7 }).execute()
        expect(await store.write((tx) => rebuildStandings(tx, member.community.id))).toBe(1)
      })

      it('is counted anew for everybody, however many there are', async () => {
        const host = await memberOf(store, 'minji', clock.now())
        await answerOne(host)
        const others = Array.from({ length: 600 }, (_, i) => `person-${i}`)
        const created_at = clock.now()
        await store.write(async (tx) => {
          await tx
            .insertInto('person')
            .values(others.map((id) => ({ id, created_at })))
            .execute()
          const community_id = host.community.id
          const rows = others.map((person_id) => ({ person_id, community_id, name: person_id, joined_at: created_at }))
          await tx.insertInto('member').values(rows).execute()
          const wrong = { community_id, period: 'all', points: 9, answered: 3, correct: 1 }
          await tx
            .insertInto('standing')
            .values(others.map((person_id) => ({ ...wrong, person_id })))
            .execute()
        })
        expect(await store.write((tx) => rebuildStandings(tx, host.community.id))).toBe(600)
        const left = await store.db.selectFrom('standing').select('person_id').distinct().execute()
        expect(left).toEqual([{ person_id: host.person }])
      })

      it('leaves a connection that is open again', async () => {
        await memberOf(store, 'minji', clock.now())
        const connection = await store.db.selectFrom('connection').select('id').executeTakeFirstOrThrow()
        expect(await store.write((tx) => purgeConnection(tx, connection.id, clock.now() + DAY))).toBe(false)
        expect(await store.db.selectFrom('connection').select('id').execute()).toHaveLength(1)
      })

      it('is of what scored: practice is nobody else’s to read', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        await answerOne(member)
        const topics = [...(library.subjects[0]?.topics.values() ?? [])]
        const asked = await askPractice(store, library, member, topics, () => 0, clock.now())
        await answerPractice(store, member, { practice: asked?.id ?? '', choice: 0, receivedAt: clock.now() })
        const rows = []
        for (const community of await communitiesToExport(store.db)) {
          for await (const row of exportAnswers(store.db, community)) rows.push(row)
        }
        expect(rows).toHaveLength(1)
      })

      it('is no query that merely has the letter a person is called by', async () => {
        const person = await memberOf(store, 'e', clock.now(), { account: { id: 'account-e', name: 'e' } })
        await noteMissed(store, person.community, 'kinesis', clock.now())
        await forget(store, person)
        expect(await missedQueries(store, person.community, 5)).toHaveLength(1)
      })
    })

    describe('streaks', () => {
      /** Posts a quiz on each day; the member answers where `answers` says so. */
      async function days(answers: string): Promise<{ streak: number }> {
        const member = await memberOf(store, 'minji', clock.now())
        for (const [i, mark] of [...answers].entries()) {
          if (i > 0) clock.advance(DAY)
          if (mark === ' ') continue
          const kinds = { f: { state: 'failed' }, k: { kind: 'concept' } } as const
          const quiz = await postQuiz(store, member, clock.now(), mark === 'f' || mark === 'k' ? kinds[mark] : {})
          if (mark === 'x') await answerPost(store, member, press(quiz.id, quiz.right))
        }
        return scoreOf(store.db, member.community, member.person, clock.now() + HOUR)
      }
      it.each([
        ['xxx', 3],
        ['xx.', 2],
        ['x.x', 1],
        ['.', 0],
        ['x  x', 2],
        ['xfx', 2],
        ['xkkx', 2],
        ['x'.repeat(70), 70],
        [`${'x'.repeat(10)}.${'x'.repeat(65)}`, 65],
      ])('after the days "%s" is %i', async (answers, length) => {
        expect((await days(answers)).streak).toBe(length)
      })

      it('ends on a day whose post is just being closed, if it was not answered', async () => {
        await days('xx')
        clock.advance(DAY)
        const member = await memberOf(store, 'minji', clock.now())
        await postQuiz(store, member, clock.now(), { state: 'closing', closes_at: clock.now() })
        expect((await scoreOf(store.db, member.community, member.person, clock.now() + HOUR)).streak).toBe(0)
      })

      it('as of a day counts that day, and none after it', async () => {
        await days('xxx')
        const member = await memberOf(store, 'minji', clock.now())
        const asOf = (day: string) => currentStreak(store.db, member.community.id, member.person, clock.now(), day)
        expect(await Promise.all(['2026-11-18', '2026-11-19', '2026-11-20'].map(asOf))).toEqual([1, 2, 3])
      })

      it('is not cut short by an answer to a post that is not known to be there yet', async () => {
        await days('x'.repeat(70))
        clock.advance(DAY)
        const member = await memberOf(store, 'minji', clock.now())
        const unconfirmed = { state: 'ambiguous', message_ref: null, lease_until: clock.now() + HOUR } as const
        const quiz = await postQuiz(store, member, clock.now(), unconfirmed)
        expect(stored(await answerPost(store, member, press(quiz.id, quiz.right))).scored?.streak).toBe(70)
        const owner = { id: 'test', now: clock.now() }
        await movePost(store.db, quiz.id, ['ambiguous'], owner, { state: 'posted', message_ref: 'there' })
        const score = await scoreOf(store.db, member.community, member.person, clock.now())
        expect(score.streak).toBe(71)
      })

      it('counts an answer given after midnight for the day of its post', async () => {
        clock.set('2026-11-18T21:00:00+09:00')
        const member = await memberOf(store, 'minji', clock.now())
        const first = await postQuiz(store, member, clock.now())
        clock.set('2026-11-19T08:00:00+09:00')
        await answerPost(store, member, press(first.id, first.right))
        clock.set('2026-11-19T21:00:00+09:00')
        const second = await postQuiz(store, member, clock.now())
        const outcome = stored(await answerPost(store, member, press(second.id, second.right)))
        expect(outcome.scored?.streak).toBe(2)
      })
    })

    describe('boards', () => {
      it('rank with ties, show ten, and always the caller', async () => {
        const people = await Promise.all(
          Array.from({ length: 14 }, (_, i) => memberOf(store, `member${i}`, clock.now())),
        )
        const [host] = people
        if (!host) throw new Error('nobody')
        const quiz = await postQuiz(store, host, clock.now())
        for (const [i, member] of people.entries()) {
          await answerPost(store, member, press(quiz.id, i < 3 ? quiz.right : quiz.wrong))
        }
        const last = people.at(-1) ?? host
        const board = await memberBoard(store.db, last, 'week', clock.now())
        expect(board.lines.map(({ rank }) => rank)).toEqual([1, 1, 1, 4, 4, 4, 4, 4, 4, 4])
        expect([board.size, board.own?.rank, board.own?.points, board.own?.name]).toEqual([14, 4, 2, 'member13'])
      })

      it('are empty in a week without answers, while all time stays', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        clock.advance(7 * DAY)
        expect(await memberBoard(store.db, member, 'week', clock.now())).toEqual({ lines: [], own: undefined, size: 0 })
        expect((await memberBoard(store.db, member, 'all', clock.now())).own?.rank).toBe(1)
      })

      it('never mix two communities', async () => {
        const here = await memberOf(store, 'minji', clock.now())
        const there = await memberOf(store, 'eve', clock.now(), { connection: { id: 'elsewhere', name: 'Elsewhere' } })
        const quiz = await postQuiz(store, there, clock.now())
        await answerPost(store, there, press(quiz.id, quiz.right))
        expect((await memberBoard(store.db, here, 'all', clock.now())).size).toBe(0)
      })
    })

    describe('members', () => {
      it('are found by a part of their name, in any case, whatever characters it has', async () => {
        const named = (name: string, more = {}) =>
          memberOf(store, `id-${name}`, clock.now(), { account: { id: `id-${name}`, name }, ...more })
        for (const name of ['이준호', 'Sora Lee', 'Émile Zola', 'Иван Петров', 'a_b', 'a%b', 'a\\b']) await named(name)
        const { community } = await named('axb')
        await named('최준호', { connection: { id: 'elsewhere', name: 'Elsewhere' } })
        const found = async (part: string, limit = 9) =>
          (await membersNamedLike(store.db, community.id, part, limit)).map(({ name }) => name)
        expect(await found('준호')).toEqual(['이준호'])
        expect(await found('LEE')).toEqual(['Sora Lee'])
        // Neither database knows the case of other letters; as they are written they are found.
        for (const part of ['Émile', 'É', 'Émile ZOLA']) expect(await found(part)).toEqual(['Émile Zola'])
        expect(await found('Петров')).toEqual(['Иван Петров'])
        for (const part of ['a_b', 'a%b', 'a\\b']) expect(await found(part)).toEqual([part])
        expect(await found('b', 2)).toHaveLength(2)
      })
    })

    describe('teams', () => {
      it('keep the points that were earned for them when a member moves on', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        expect((await createTeam(store, member, '  서버 팀 ', clock.now())).kind).toBe('created')
        const first = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(first.id, first.right))
        const moved = await memberOf(store, 'minji', clock.now())
        await createTeam(store, moved, 'Cloud', clock.now())
        const second = await postQuiz(store, member, clock.now(), { question: 1 })
        await answerPost(store, member, press(second.id, second.right))
        const now = await memberOf(store, 'minji', clock.now())
        const board = await teamBoard(store.db, now, 'all', clock.now())
        expect(board.lines.map(({ name: team, total, points, own }) => [team, total, points, own])).toEqual([
          ['Cloud', 10, 5, true],
          ['서버 팀', 10, 5, false],
        ])
      })

      it('have no part in an answer that does not score', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        await createTeam(store, member, '서버 팀', clock.now())
        const asked = await askPractice(
          store,
          library,
          member,
          [...(library.subjects[0]?.topics.values() ?? [])],
          () => 0,
          clock.now(),
        )
        await answerPractice(store, member, { practice: asked?.id ?? '', choice: 0, receivedAt: clock.now() })
        const over = await postQuiz(store, member, clock.now(), { closes_at: clock.now() })
        expect(stored(await answerPost(store, member, press(over.id, over.right))).press).toBe('late')
        const rows = await store.db.selectFrom('answer').select(['team_id', 'post_date']).execute()
        expect(rows).toEqual([
          { team_id: null, post_date: null },
          { team_id: null, post_date: null },
        ])
      })

      it('are ranked by points a scorer', async () => {
        const names = ['a1', 'a2', 'a3', 'b1']
        const [a1, a2, a3, b1] = await Promise.all(names.map((each) => memberOf(store, each, clock.now())))
        if (!a1 || !a2 || !a3 || !b1) throw new Error('nobody')
        await createTeam(store, a1, 'A', clock.now())
        await joinTeam(store, a2, { name: 'a' })
        await joinTeam(store, a3, { name: 'A' })
        await createTeam(store, b1, 'B', clock.now())
        const quiz = await postQuiz(store, a1, clock.now())
        for (const member of [a1, b1]) await answerPost(store, member, press(quiz.id, quiz.right))
        await answerPost(store, a2, press(quiz.id, quiz.wrong))
        const board = await teamBoard(store.db, b1, 'week', clock.now())
        // A: 12 points by two scorers; B: 10 points by one, divided by two.
        expect(board.lines.map(({ name: team, points, scorers }) => [team, points, scorers])).toEqual([
          ['A', 6, 2],
          ['B', 5, 1],
        ])
      })

      it('have one name each, whatever its case and spaces', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const other = await memberOf(store, 'junho', clock.now())
        const create = (by: Membership) => createTeam(store, by, 'cloud-TEAM', clock.now())
        await createTeam(store, member, 'Cloud Team', clock.now())
        expect(await create(other)).toEqual({ kind: 'exists', team: 'Cloud Team' })
        // Whoever asks twice has what they asked for.
        expect(await create(member)).toEqual({ kind: 'already', team: 'Cloud Team' })
      })

      it('are told apart by the signs that tell languages apart', async () => {
        for (const name of ['C', 'C++', 'C#']) {
          const member = await memberOf(store, `of ${name}`, clock.now())
          expect(await createTeam(store, member, name, clock.now())).toEqual({ kind: 'created', team: name })
        }
        const member = await memberOf(store, 'minji', clock.now())
        expect(await joinTeam(store, member, { name: 'ｃ＋＋' })).toEqual({ kind: 'joined', team: 'C++' })
      })

      it.each([
        ['', 'bad-name'],
        ['!!!', 'bad-name'],
        ['#+', 'bad-name'],
        ['가'.repeat(31), 'bad-name'],
        ['가'.repeat(30), 'created'],
        ['🚀 로켓', 'created'],
      ])('named "%s" are %s', async (typed, kind) => {
        const member = await memberOf(store, 'minji', clock.now())
        expect((await createTeam(store, member, typed, clock.now())).kind).toBe(kind)
      })

      it('get another name and keep their members and points; what belongs to another team is not touched', async () => {
        const minji = await memberOf(store, 'minji', clock.now())
        const { community } = minji
        await createTeam(store, minji, 'Cloud', clock.now())
        await createTeam(store, await memberOf(store, 'junho', clock.now()), 'Server', clock.now())
        const quiz = await postQuiz(store, minji, clock.now())
        await answerPost(store, minji, press(quiz.id, quiz.right))
        const rename = (from: string, to: string) => renameTeam(store, community, { from, to })
        expect(await rename('CLOUD', ' 구름 팀 ')).toEqual({ kind: 'renamed', team: 'Cloud', name: '구름 팀' })
        const member = await memberOf(store, 'minji', clock.now())
        expect((await teamBoard(store.db, member, 'all', clock.now())).lines).toMatchObject([
          { name: '구름 팀', total: 10, own: true },
        ])
        // Only how it is written may change too.
        expect(await rename('구름팀', '구름-팀')).toEqual({ kind: 'renamed', team: '구름 팀', name: '구름-팀' })
        expect(await rename('구름 팀', 'server')).toEqual({ kind: 'exists', team: 'Server' })
        expect(await rename('Cloud', 'Other')).toEqual({ kind: 'unknown' })
        for (const name of ['!!!', '가'.repeat(31)]) expect(await rename('Server', name)).toEqual({ kind: 'bad-name' })
        const elsewhere = { ...community, id: 'another' }
        expect(await renameTeam(store, elsewhere, { from: 'Server', to: 'Ours' })).toEqual({ kind: 'unknown' })
        expect((await teamsOf(store, member)).map(({ name: team }) => team).sort()).toEqual(['Server', '구름-팀'])
        // The old name is free again.
        expect((await createTeam(store, member, 'Cloud', clock.now())).kind).toBe('created')
      })

      it('are left, and a member of none is told so', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        expect((await leaveTeam(store, member)).kind).toBe('not-in')
        await createTeam(store, member, 'Cloud', clock.now())
        const inside = await memberOf(store, 'minji', clock.now())
        expect((await joinTeam(store, inside, { name: 'cloud' })).kind).toBe('already')
        const quiz = await postQuiz(store, inside, clock.now())
        await answerPost(store, inside, press(quiz.id, quiz.right))
        expect((await leaveTeam(store, inside)).kind).toBe('left')
        const outside = await memberOf(store, 'minji', clock.now())
        expect(outside.team).toBeUndefined()
        expect(await teamsOf(store, outside)).toMatchObject([{ name: 'Cloud', members: 0, own: false }])
        expect((await joinTeam(store, outside, { name: 'nowhere' })).kind).toBe('unknown')
      })

      it('go with their last member when nobody scored for them, and only then', async () => {
        const minji = () => memberOf(store, 'minji', clock.now())
        const junho = () => memberOf(store, 'junho', clock.now())
        const names = async () => (await teamsOf(store, await minji())).map(({ name: team }) => team)
        for (const team of ['A', 'B', 'C']) await createTeam(store, await minji(), team, clock.now())
        expect(await names()).toEqual(['C'])
        await joinTeam(store, await junho(), { name: 'C' })
        expect(await createTeam(store, await minji(), 'D', clock.now())).toEqual({
          kind: 'created',
          team: 'D',
          before: { team: 'C', dissolved: false },
        })
        expect(await names()).toEqual(['C', 'D'])
        expect(await joinTeam(store, await minji(), { name: 'C' })).toEqual({
          kind: 'joined',
          team: 'C',
          before: { team: 'D', dissolved: true },
        })
        expect(await names()).toEqual(['C'])
        expect(await leaveTeam(store, await minji())).toEqual({ kind: 'left', team: 'C' })
        // A wrong answer takes part too.
        const quiz = await postQuiz(store, await minji(), clock.now())
        await answerPost(store, await junho(), press(quiz.id, quiz.wrong))
        await createTeam(store, await junho(), 'E', clock.now())
        expect(await names()).toEqual(['C', 'E'])
        expect(await leaveTeam(store, await junho())).toEqual({ kind: 'dissolved', team: 'E' })
        expect(await leaveTeam(store, await junho())).toEqual({ kind: 'not-in' })
        expect(await names()).toEqual(['C'])
      })

      it('are refused when a community has all it may have, and go with whoever is erased', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const elsewhere = await memberOf(store, 'eve', clock.now(), { connection: { id: 'elsewhere', name: 'There' } })
        const community_id = member.community.id
        const rows = Array.from({ length: MOST_TEAMS }, (_, i) => ({
          ...{ id: `team-${i}`, community_id, name: `${i}`, name_key: `${i}`, created_at: i },
        }))
        await store.db.insertInto('team').values(rows).execute()
        const people = rows.map(({ id }) => ({ id, created_at: 0 }))
        await store.db.insertInto('person').values(people).execute()
        const members = people.map(({ id }) => ({ community_id, person_id: id, name: id, team_id: id, joined_at: 0 }))
        await store.db.insertInto('member').values(members).execute()
        expect(await createTeam(store, member, 'one more', clock.now())).toEqual({ kind: 'too-many' })
        expect(await teamsOf(store, member)).toHaveLength(MOST_TEAMS)
        expect((await createTeam(store, elsewhere, 'one more', clock.now())).kind).toBe('created')
        expect((await createTeam(store, member, '7', clock.now())).kind).toBe('exists')
        for (const person of ['team-1', 'team-2']) await store.write((tx) => erasePerson(tx, person, periodOfBoard))
        expect(await teamsOf(store, member)).toHaveLength(MOST_TEAMS - 2)
        expect((await createTeam(store, member, 'one more', clock.now())).kind).toBe('created')
        expect(await teamsOf(store, member)).toHaveLength(MOST_TEAMS - 1)
      })
    })

    describe('first contact', () => {
      it('makes one person of many first contacts at once', async () => {
        const members = await Promise.all(Array.from({ length: 10 }, () => memberOf(store, 'minji', clock.now())))
        expect(new Set(members.map(({ person }) => person)).size).toBe(1)
        expect(new Set(members.map(({ community }) => community.id)).size).toBe(1)
      })

      it('names a person as the community knows them: no other one, and no direct message', async () => {
        const as = (connection: string | undefined, called: string) =>
          memberOf(store, 'minji', clock.now(), {
            platform: 'discord',
            connection: connection === undefined ? undefined : { id: connection, name: connection },
            account: { id: 'minji', name: called },
          })
        const boardIn = async (member: Membership) =>
          (await memberBoard(store.db, member, 'all', clock.now())).lines.map((line) => line.name)
        const work = await as('work', '김철수 (2반)')
        clock.advance(1)
        const game = await as('game', 'slayer')
        for (const member of [work, game]) {
          const quiz = await postQuiz(store, member, clock.now())
          await answerPost(store, member, press(quiz.id, quiz.right))
        }
        const direct = await as(undefined, 'nightowl99')
        expect(direct).toEqual(game)
        expect([await boardIn(work), await boardIn(game)]).toEqual([['김철수 (2반)'], ['slayer']])
        await as('work', '김철수')
        expect([await boardIn(work), await boardIn(game)]).toEqual([['김철수'], ['slayer']])
      })

      it('brings the name up to date', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        const renamed = await memberOf(store, 'minji', clock.now(), { account: { id: 'minji', name: '민지' } })
        expect((await memberBoard(store.db, renamed, 'week', clock.now())).own?.name).toBe('민지')
      })
    })

    describe('closing', () => {
      it('tells the spread, the first ten scorers and how many more', async () => {
        const people = await Promise.all(
          Array.from({ length: 14 }, (_, i) => memberOf(store, `member${i}`, clock.now())),
        )
        const [host] = people
        if (!host) throw new Error('nobody')
        const quiz = await postQuiz(store, host, clock.now())
        for (const [i, member] of people.entries()) {
          clock.advance(1000)
          await answerPost(store, member, press(quiz.id, i === 0 ? quiz.wrong : quiz.right))
        }
        clock.advance(DAY)
        const late = await memberOf(store, 'late', clock.now())
        await answerPost(store, late, press(quiz.id, quiz.right))
        const post = await findPost(store.db, quiz.id)
        if (!post) throw new Error('no post')
        const summary = await closingOf(store.db, post)
        expect(summary.spread[quiz.right]).toBe(13)
        expect(summary.spread[quiz.wrong]).toBe(1)
        expect(summary.scorers.map(({ name: scorer }) => scorer)).toEqual(
          Array.from({ length: 10 }, (_, i) => `member${i + 1}`),
        )
        expect(summary.more).toBe(3)
      })
    })

    describe('closing late', () => {
      it('tells the streaks as they were on the day of the post', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const first = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(first.id, first.right))
        clock.advance(DAY)
        const next = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(next.id, next.right))
        const post = await findPost(store.db, first.id)
        if (!post) throw new Error('no post')
        expect((await closingOf(store.db, post)).scorers).toMatchObject([{ streak: 1 }])
      })
    })

    describe('forgetting', () => {
      it('leaves no row that names the person, and boards without them', async () => {
        const minji = await memberOf(store, 'minji', clock.now())
        const junho = await memberOf(store, 'junho', clock.now())
        await createTeam(store, minji, 'Cloud', clock.now())
        await joinTeam(store, junho, { name: 'cloud' })
        const quiz = await postQuiz(store, minji, clock.now())
        await answerPost(store, minji, press(quiz.id, quiz.right))
        await answerPost(store, junho, press(quiz.id, quiz.wrong))
        const topics = [...(library.subjects[0]?.topics.values() ?? [])]
        const asked = await askPractice(store, library, minji, topics, () => 0, clock.now())
        await answerPractice(store, minji, { practice: asked?.id ?? '', choice: 0, receivedAt: clock.now() })
        const kept = await keptData(store, await memberOf(store, 'minji', clock.now()), clock.now())
        const closed = await postQuiz(store, minji, clock.now(), { question: 1 })
        await answerPost(store, minji, press(closed.id, closed.right))
        const owner = { id: 'test', now: clock.now() }
        await movePost(store.db, closed.id, ['posted'], owner, { state: 'closed' })
        expect(kept).toEqual({ team: 'Cloud', answers: 1, practice: 1, points: 10, since: '2026-11-18' })

        await forget(store, minji)

        const tables = await store.db.introspection.getTables()
        for (const { name: table, columns } of tables) {
          for (const { name: column } of columns.filter(({ dataType }) => /text/i.test(dataType))) {
            const rows = await store.db
              .withTables<Record<string, Record<string, unknown>>>()
              .selectFrom(table)
              .selectAll()
              .where(column, 'in', [minji.person, 'minji'])
              .execute()
            expect(rows, `${table}.${column}`).toEqual([])
          }
        }
        // The card of a post that is closed may name them: it is made anew.
        expect((await findPost(store.db, closed.id))?.state).toBe('closing')
        expect((await findPost(store.db, quiz.id))?.state).toBe('posted')
        const board = await memberBoard(store.db, junho, 'all', clock.now())
        expect([board.size, board.own?.rank]).toEqual([1, 1])
        expect((await teamBoard(store.db, junho, 'all', clock.now())).lines[0]).toMatchObject({ total: 2, scorers: 1 })
      })
    })

    describe('standings', () => {
      it('rebuilt from the answers equal the running ones, whatever happened', async () => {
        const step = fc.record({
          who: fc.integer({ min: 0, max: 4 }),
          what: fc.constantFrom(
            'right',
            'wrong',
            'again',
            'team A',
            'team B',
            'leave',
            'new quiz',
            'next day',
            'next week',
            'forget',
          ),
        })
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
            const fresh = await open()
            try {
              clock.set('2026-12-29T20:00:00+09:00')
              const enterAs = (who: number) => memberOf(fresh, `member${who}`, clock.now())
              const host = await enterAs(0)
              let quiz = await postQuiz(fresh, host, clock.now())
              for (const [i, { who, what }] of steps.entries()) {
                const member = await enterAs(who)
                if (what === 'right') await answerPost(fresh, member, press(quiz.id, quiz.right))
                else if (what === 'wrong' || what === 'again')
                  await answerPost(fresh, member, press(quiz.id, quiz.wrong))
                else if (what === 'team A' || what === 'team B') {
                  const team = what.slice(-1)
                  if ((await joinTeam(fresh, member, { name: team })).kind === 'unknown') {
                    await createTeam(fresh, member, team, clock.now())
                  }
                } else if (what === 'leave') await leaveTeam(fresh, member)
                else if (what === 'forget') await forget(fresh, member)
                else {
                  clock.advance(what === 'next day' ? DAY : what === 'next week' ? 7 * DAY : HOUR)
                  quiz = await postQuiz(fresh, host, clock.now(), { question: i % 5 })
                }
              }
              const running = await readStandings(fresh.db, host.community.id)
              await fresh.db.deleteFrom('standing').execute()
              await fresh.db.deleteFrom('team_standing').execute()
              await fresh.write((tx) => rebuildStandings(tx, host.community.id))
              expect(await readStandings(fresh.db, host.community.id)).toEqual(running)
            } finally {
              await fresh.close()
            }
          }),
          { numRuns: 40 },
        )
      })
    })

    describe('queries that found nothing', () => {
      it('are counted by their text, the most frequent first, sentences left out', async () => {
        const { community } = await memberOf(store, 'minji', clock.now())
        for (const query of ['Kubernetes', ' kubernetes ', 'ｋｕｂｅｒｎｅｔｅｓ', 'SQS', '!!!', 'x'.repeat(41)]) {
          clock.advance(1)
          await noteMissed(store, community, query, clock.now())
        }
        const missed = await missedQueries(store, community, 10)
        expect(missed.map(({ query, count }) => [query, count])).toEqual([
          ['kubernetes', 3],
          ['sqs', 1],
        ])
      })

      it('are kept up to a thousand; the rarest and oldest go', async () => {
        const { community } = await memberOf(store, 'minji', clock.now())
        await noteMissed(store, community, 'often', clock.now())
        await noteMissed(store, community, 'often', clock.now())
        for (let i = 0; i < 1001; i++) await noteMissed(store, community, `word ${i}`, clock.now() + i)
        const missed = await missedQueries(store, community, 2000)
        expect([missed.length, missed[0]?.query, missed.at(-1)?.query]).toEqual([1000, 'often', 'word 2'])
      })
    })

    describe('queries that found nothing, once a thousand came again', () => {
      it('still let a new one in, which may become the most frequent', async () => {
        const { community } = await memberOf(store, 'minji', clock.now())
        const rows = Array.from({ length: 1000 }, (_, i) => ({ query: `word ${i}`, count: 2, last_at: i }))
        await store.db
          .insertInto('missed_query')
          .values(rows.map((row) => ({ ...row, community_id: community.id })))
          .execute()
        for (let i = 0; i < 3; i++) await noteMissed(store, community, 'bedrock', clock.now() + i)
        const missed = await missedQueries(store, community, 2000)
        expect([missed.length, missed[0], missed.at(-1)?.query]).toEqual([
          1000,
          { query: 'bedrock', count: 3, lastAt: clock.now() + 2 },
          'word 1',
        ])
      })
    })

    describe('schedules', () => {
      const parts = (platform = fakePlatform()) => ({
        ...{ store, library, platforms: [platform], clock, random: () => 0, log: silent },
        owner: crypto.randomUUID(),
      })
      const wanted = { kind: 'quiz', channel: 'study', channelName: '#study', time: '09:00', days: '1234567' } as const
      async function due(): Promise<Schedule> {
        const member = await memberOf(store, 'minji', clock.now())
        clock.set('2026-11-18T08:00:00+09:00')
        const made = await addSchedule(store, member, { ...wanted, timeZone: 'Asia/Seoul' }, clock.now())
        if (made === 'too-many') throw new Error('too many')
        clock.set('2026-11-18T09:00:00+09:00')
        return made
      }

      it('give a slot to one of many who claim it at once', async () => {
        const schedule = await due()
        const claims = await Promise.all(Array.from({ length: 10 }, () => claimSlot(parts(), schedule)))
        expect(claims.filter((post) => post !== undefined)).toHaveLength(1)
        expect(await store.db.selectFrom('post').select('slot_date').execute()).toEqual([{ slot_date: '2026-11-18' }])
      })

      it('have one post a slot, refused by the database itself', async () => {
        const post = await claimSlot(parts(), await due())
        if (!post) throw new Error('nothing was claimed')
        const second = { ...post, id: 'second' }
        await expect(store.write((tx) => insertPost(tx, second))).rejects.toThrow(/unique/i)
        expect(await store.write((tx) => insertSlotPost(tx, second))).toBe(false)
      })

      it('let a post without a slot be, however many there are', async () => {
        const schedule = await due()
        const { community } = await memberOf(store, 'minji', clock.now())
        const process = parts()
        for (let i = 0; i < 3; i++) {
          expect(await claimNow(process, { community, channel: 'study' }, 'quiz')).toBeDefined()
        }
        expect(await claimSlot(process, schedule)).toBeDefined()
      })

      it('are due on their own platform only, and not while they are paused', async () => {
        const schedule = await due()
        const ids = async (...platforms: string[]) =>
          (await dueSchedules(store.db, clock.now(), platforms)).map(({ id }) => id)
        expect(await ids('playground', 'discord')).toEqual([schedule.id])
        expect(await ids('discord')).toEqual([])
        expect(await ids()).toEqual([])
        await pauseSchedule(store, schedule)
        expect(await ids('playground')).toEqual([])
      })

      it('leave their posts behind when they are removed', async () => {
        const schedule = await due()
        const post = await claimSlot(parts(), schedule)
        const owner = { id: post?.lease_owner ?? '', now: clock.now() }
        await movePost(store.db, post?.id ?? '', ['pending'], owner, { state: 'posted', message_ref: 'there' })
        await removeSchedule(store, schedule)
        expect(await findPost(store.db, post?.id ?? '')).toMatchObject({ schedule_id: null, state: 'posted' })
      })

      it('have a post leased to one of many at once', async () => {
        const post = await claimSlot(parts(), await due())
        if (!post) throw new Error('nothing was claimed')
        clock.advance(HOUR)
        const takers = Array.from({ length: 10 }, () => parts())
        const taken = await Promise.all(takers.map((each) => lease(each, post, ['pending'], 'pending')))
        expect(taken.filter(Boolean)).toHaveLength(1)
      })

      it('keep a person who is forgotten out of the weekly board that was posted', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        clock.advance(7 * DAY)
        const process = parts()
        const claimed = await claimNow(process, { community: member.community, channel: 'study' }, 'leaderboard')
        if (!claimed) throw new Error('nothing was claimed')
        const board = claimed.post
        const names = async (): Promise<string> =>
          JSON.stringify(await cardOf(store.db, board, { locale: 'ko', timeZone: 'Asia/Seoul' }))
        await movePost(store.db, board.id, ['pending'], { id: process.owner, now: clock.now() }, { state: 'posted' })
        expect(await names()).toContain('minji')
        const stranger = await memberOf(store, 'junho', clock.now())
        await answerPost(store, stranger, press(quiz.id, quiz.right))
        await forget(store, stranger)
        // Who scored in no such week is on no such board.
        expect(await findPost(store.db, board.id)).toMatchObject({ state: 'posted' })
        await forget(store, member)
        expect(await findPost(store.db, board.id)).toMatchObject({ state: 'closing' })
        expect(await names()).not.toContain('minji')
        expect(JSON.stringify(await store.db.selectFrom('post').selectAll().execute())).not.toContain('minji')
      })
    })

    describe('questions', () => {
      it('were asked when they were asked last, also where their category changed since', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const asked = (question_id: string, category: string, days: number) =>
          postQuiz(store, member, clock.now() - days * DAY, { question_id, category })
        await asked('moved', 'storage', 60)
        await asked('moved', 'compute', 1)
        await asked('moved back', 'compute', 60)
        await asked('moved back', 'storage', 2)
        await asked('stayed', 'compute', 30)
        expect(await lastPosted(store.db, member.community.id)).toEqual(
          new Map([
            ['moved', clock.now() - DAY],
            ['moved back', clock.now() - 2 * DAY],
            ['stayed', clock.now() - 30 * DAY],
          ]),
        )
      })
    })

    describe('weeks', () => {
      it('tell who improved most on the week before, of those who were in both', async () => {
        const people = await Promise.all(['a', 'b', 'c'].map((name) => memberOf(store, name, clock.now())))
        const [a, b, c] = people
        if (!a || !b || !c) throw new Error('nobody')
        const first = await postQuiz(store, a, clock.now())
        await answerPost(store, a, press(first.id, first.wrong))
        await answerPost(store, b, press(first.id, first.right))
        clock.advance(7 * DAY)
        const second = await postQuiz(store, a, clock.now(), { question: 1 })
        for (const each of [a, b, c]) await answerPost(store, each, press(second.id, second.right))
        clock.advance(7 * DAY)
        const week = lastWeek(clock.now(), a.community.timeZone)
        const review = await reviewWeek(store.db, a.community.id, week)
        expect(review.improved).toEqual([{ name: 'a', gain: 8 }])
        expect(review.winners.map(({ rank, points }) => [rank, points])).toEqual([
          [1, 10],
          [1, 10],
          [1, 10],
        ])
        expect([review.size, week]).toEqual([3, { from: '2026-11-23', to: '2026-11-29' }])
      })
    })

    describe('a transaction', () => {
      it('keeps nothing when it fails half way', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const failed = store.write(async (tx) => {
          await tx.insertInto('person').values({ id: 'half', created_at: 0 }).execute()
          throw new Error('half way')
        })
        await expect(failed).rejects.toThrow('half way')
        const rows = await store.db.selectFrom('person').select('id').execute()
        expect(rows).toEqual([{ id: member.person }])
      })

      it('is refused by the database itself when a second answer is inserted', async () => {
        const member = await memberOf(store, 'minji', clock.now())
        const quiz = await postQuiz(store, member, clock.now())
        await answerPost(store, member, press(quiz.id, quiz.right))
        const [row] = await store.db.selectFrom('answer').selectAll().execute()
        if (!row) throw new Error('no answer')
        const second = store.db
          .insertInto('answer')
          .values({ ...row, id: 'second' })
          .execute()
        await expect(second).rejects.toThrow(/unique/i)
      })
    })
  })
}
