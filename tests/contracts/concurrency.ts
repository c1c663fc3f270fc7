// What must hold when several processes write to one store at the same moment. On SQLite there is one process, and transactions
// take turns; on PostgreSQL they truly run side by side. The rules are the same.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimNow, claimSlot } from '../../src/schedule/claim.ts'
import type { Process } from '../../src/schedule/parts.ts'
import { addSchedule, MOST_SCHEDULES, pauseSchedule, removeSchedule } from '../../src/schedule/schedules.ts'
import { scoredAnswers } from '../../src/store/answers.ts'
import type { Store } from '../../src/store/open.ts'
import { addMessage } from '../../src/store/playground.ts'
import { movePost } from '../../src/store/posts.ts'
import { listSchedules, type Schedule } from '../../src/store/schedules.ts'
import { grantAdmin, listAdmins } from '../../src/store/settings.ts'
import { answerPost } from '../../src/study/answer.ts'
import type { Membership } from '../../src/study/membership.ts'
import { noteMissed } from '../../src/study/missed.ts'
import { forget } from '../../src/study/privacy.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import { createTeam, joinTeam, leaveTeam, MOST_TEAMS, renameTeam, teamsOf } from '../../src/study/teams.ts'
import { present } from '../support/builders.ts'
import { readStandings } from '../support/standings.ts'
import { clockAt, DAY, DEFAULTS, library, memberOf, postQuiz, silent } from '../support/world.ts'

const ROUNDS = 10
const CROWD = 16

/** @param open two connections to one empty store, as two processes have them; the same twice where only one process may */
export function describeConcurrency(name: string, open: () => Promise<readonly [Store, Store]>): void {
  describe(`at the same moment, on ${name}`, () => {
    let stores: readonly [Store, Store]
    const clock = clockAt('2026-11-18T09:00:00+09:00')
    const each = <T>(work: (store: Store, i: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: CROWD }, (_, i) => work(i % 2 === 0 ? stores[0] : stores[1], i)))
    const process = (store: Store, owner: string): Process => ({
      ...{ store, library, platforms: [], clock, random: () => 0.5, log: silent, owner },
    })
    const press = (post: string, choice: number) => ({ post, choice, receivedAt: clock.now(), message: undefined })

    beforeEach(async () => {
      clock.set('2026-11-18T09:00:00+09:00')
      stores = await open()
      // So that everybody has a connection: opening one takes longer than a whole transaction.
      await each((store) => store.db.selectFrom('person').select('id').execute())
    })
    afterEach(async () => {
      for (const store of new Set(stores)) await store.close()
    })

    async function crowd(): Promise<readonly Membership[]> {
      return each((store, i) => memberOf(store, `member${i}`, clock.now()))
    }

    async function addDaily(host: Membership, kind: 'quiz' | 'concept' = 'quiz') {
      const wanted = { kind, channel: 'study', channelName: '#study', time: '09:30', days: '1234567' }
      const schedule = await addSchedule(stores[0], host, { ...wanted, timeZone: 'Asia/Seoul' }, clock.now())
      if (schedule === 'too-many') throw new Error('too many')
      return schedule
    }

    it('a member who is made an admin twice is one, and once', async () => {
      const member = await memberOf(stores[0], 'minji', clock.now())
      const grant = (store: Store) =>
        store.write((tx) => grantAdmin(tx, member.community.id, member.person, clock.now()))
      expect(await each(grant)).toContain(true)
      expect(await listAdmins(stores[0].db, member.community.id)).toEqual([member.person])
    })

    it('answers that meet the closing are all in what it shows, or practice', async () => {
      const members = await crowd()
      const [host] = members
      if (!host) throw new Error('nobody')
      for (let round = 0; round < ROUNDS; round++) {
        const quiz = await postQuiz(stores[0], host, clock.now(), { question: round % 5 })
        const owner = { id: 'closer', now: clock.now() }
        let shown: unknown
        const close = async (): Promise<void> => {
          const moved = await stores[1].write((tx) => movePost(tx, quiz.id, ['posted'], owner, { state: 'closing' }))
          expect(moved).toBe(true)
          shown = await scoredAnswers(stores[1].db, quiz.id)
        }
        const outcomes = each(async (store, i) => {
          const member = members[i]
          if (!member) throw new Error('nobody')
          if (i === CROWD / 2) await close()
          return answerPost(store, member, press(quiz.id, quiz.right))
        })
        const counted = (await outcomes).filter((outcome) => typeof outcome !== 'string' && outcome.press === 'first')
        const after = await scoredAnswers(stores[0].db, quiz.id)
        expect(after).toEqual(shown)
        expect(after).toHaveLength(counted.length)
      }
    })

    it('one press of many by a person is the first, and it is counted once', async () => {
      const member = await memberOf(stores[0], 'minji', clock.now())
      const quiz = await postQuiz(stores[0], member, clock.now())
      const outcomes = await each((store, i) => answerPost(store, member, press(quiz.id, i % 2)))
      const first = outcomes.filter((outcome) => typeof outcome !== 'string' && outcome.press === 'first')
      expect(first).toHaveLength(1)
      const { people } = await readStandings(stores[0].db, member.community.id)
      expect(people.map(({ answered }) => answered)).toEqual([1, 1, 1])
    })

    it('presses that prove a post which was not confirmed do not get in each other’s way', async () => {
      const members = await crowd()
      const [host] = members
      if (!host) throw new Error('nobody')
      const unconfirmed = { state: 'sending', message_ref: null, lease_until: clock.now() + DAY } as const
      const quiz = await postQuiz(stores[0], host, clock.now(), unconfirmed)
      let runs = 0
      const counted = (store: Store): Store => ({
        ...store,
        write: (work) =>
          store.write((tx) => {
            runs += 1
            return work(tx)
          }),
      })
      await each((store, i) =>
        answerPost(counted(store), members[i] ?? host, { ...press(quiz.id, quiz.right), message: 'message-7' }),
      )
      expect(await scoredAnswers(stores[0].db, quiz.id)).toHaveLength(CROWD)
      // A deadlock would have made one of them begin again.
      expect(runs).toBe(CROWD)
    })

    it('two who claim a slot make one post of it', async () => {
      const host = await memberOf(stores[0], 'minji', clock.now())
      for (let round = 0; round < ROUNDS; round++) {
        const schedule = await addDaily(host)
        clock.set('2026-11-18T09:30:00+09:00')
        const posts = await each((store, i) => claimSlot(process(store, `process ${i % 2}`), schedule))
        expect(posts.filter((post) => post !== undefined)).toHaveLength(1)
        await removeSchedule(stores[0], schedule)
        clock.set('2026-11-18T09:00:00+09:00')
      }
    })

    it('schedules of one community that are claimed together get different questions', async () => {
      const host = await memberOf(stores[0], 'minji', clock.now())
      const schedules: Schedule[] = []
      for (let i = 0; i < CROWD; i++) schedules.push(await addDaily(host))
      clock.set('2026-11-18T09:30:00+09:00')
      const posts = await each((store, i) => claimSlot(process(store, `process ${i}`), schedules[i] ?? fail()))
      expect(new Set(posts.map((post) => post?.question_id)).size).toBe(CROWD)
      const now = await each(async (store, i) => {
        const place = { community: host.community, channel: 'study' }
        return (await claimNow(process(store, `process ${i}`), place, 'quiz'))?.post
      })
      expect(new Set([...posts, ...now].map((post) => post?.question_id)).size).toBe(2 * CROWD)
    })

    it('one command that reaches every process makes one post, and one schedule', async () => {
      const host = await memberOf(stores[0], 'minji', clock.now())
      const place = { community: host.community, channel: 'study', id: 'the-one-that-was-asked' }
      const claimed = await each((store, i) => claimNow(process(store, `process ${i}`), place, 'quiz'))
      expect(claimed.map((each) => each?.post.id)).toEqual(Array(CROWD).fill(place.id))
      expect(claimed.filter((each) => each?.isNew)).toHaveLength(1)
      const wanted = { kind: 'quiz', channel: 'study', channelName: '#study', time: '09:30', days: '1' } as const
      const rule = { ...wanted, timeZone: 'Asia/Seoul' }
      const added = await each((store) => addSchedule(store, host, rule, clock.now(), 'the-one-that-was-added'))
      expect(added).toEqual(Array(CROWD).fill(added[0]))
      expect(await listSchedules(stores[0].db, host.community.id)).toEqual([added[0]])
    })

    it('a schedule that is paused or removed while its slot is claimed sends nothing', async () => {
      const host = await memberOf(stores[0], 'minji', clock.now())
      for (let round = 0; round < ROUNDS; round++) {
        const schedule = await addDaily(host, 'concept')
        clock.set('2026-11-18T09:30:00+09:00')
        const end = round % 2 === 0 ? pauseSchedule : removeSchedule
        const [post] = await Promise.all([claimSlot(process(stores[0], 'claimer'), schedule), end(stores[1], schedule)])
        const pending = await stores[0].db.selectFrom('post').select('id').where('state', '=', 'pending').execute()
        expect(pending, `round ${round}: ${post ? 'claimed' : 'not claimed'}`).toEqual([])
        clock.set('2026-11-18T09:00:00+09:00')
      }
    })

    it('a community never gets more schedules than it may have', async () => {
      const host = await memberOf(stores[0], 'minji', clock.now())
      for (let i = 0; i < MOST_SCHEDULES - 3; i++) await addDaily(host)
      const wanted = { kind: 'quiz', channel: 'study', channelName: '#study', time: '09:30', days: '1' } as const
      await each((store) => addSchedule(store, host, { ...wanted, timeZone: 'Asia/Seoul' }, clock.now()))
      expect(await listSchedules(stores[0].db, host.community.id)).toHaveLength(MOST_SCHEDULES)
    })

    it('first contacts of one account make one person in one community', async () => {
      const members = await each((store) => memberOf(store, 'minji', clock.now()))
      expect(new Set(members.map(({ person }) => person)).size).toBe(1)
      expect(new Set(members.map(({ community }) => community.id)).size).toBe(1)
      expect(await stores[0].db.selectFrom('person').select('id').execute()).toHaveLength(1)
    })

    it('teams of one name are made once, and everybody is told which', async () => {
      const members = await crowd()
      const outcomes = await each((store, i) => createTeam(store, members[i] ?? fail(), 'Cloud', clock.now()))
      expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1)
      expect(outcomes.filter(({ kind }) => kind === 'exists')).toHaveLength(CROWD - 1)
    })

    it('teams that are given one name at once get it once, and everybody else is told which has it', async () => {
      const members = await crowd()
      await Promise.all(
        members.map((member, i) => createTeam(stores[i % 2] ?? fail(), member, `team ${i}`, clock.now())),
      )
      const { community } = present(members[0])
      const outcomes = await each((store, i) => renameTeam(store, community, { from: `team ${i}`, to: 'Cloud' }))
      expect(outcomes.filter(({ kind }) => kind === 'renamed')).toHaveLength(1)
      expect(outcomes.filter(({ kind }) => kind === 'exists')).toHaveLength(CROWD - 1)
    })

    it('a community never gets more teams than it may have', async () => {
      const members = await crowd()
      const community_id = present(members[0]).community.id
      const rows = Array.from({ length: MOST_TEAMS - 3 }, (_, i) => ({
        ...{ id: `team-${i}`, community_id, name: `${i}`, name_key: `${i}`, created_at: i },
      }))
      await stores[0].db.insertInto('team').values(rows).execute()
      const people = rows.map(({ id }) => ({ id, created_at: 0 }))
      await stores[0].db.insertInto('person').values(people).execute()
      const taken = people.map(({ id }) => ({ community_id, person_id: id, name: id, team_id: id, joined_at: 0 }))
      await stores[0].db.insertInto('member').values(taken).execute()
      const outcomes = await each((store, i) => createTeam(store, present(members[i]), `new ${i}`, clock.now()))
      expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3)
      expect(outcomes.filter(({ kind }) => kind === 'too-many')).toHaveLength(CROWD - 3)
      expect(await teamsOf(stores[0], present(members[0]))).toHaveLength(MOST_TEAMS)
    })

    it('a team that its last member leaves takes neither an answer nor a newcomer along', async () => {
      const [leaver, newcomer] = await crowd()
      if (!leaver || !newcomer) throw new Error('nobody')
      for (let round = 0; round < 3 * ROUNDS; round++) {
        expect((await createTeam(stores[0], leaver, `team ${round}`, clock.now())).kind).toBe('created')
        const quiz = await postQuiz(stores[0], leaver, clock.now())
        const [, answered, joined] = await Promise.all([
          leaveTeam(stores[0], leaver),
          answerPost(stores[1], leaver, press(quiz.id, quiz.right)),
          joinTeam(stores[round % 2] ?? fail(), newcomer, { name: `team ${round}` }),
        ])
        expect(answered).toMatchObject({ press: 'first' })
        const [answer] = await stores[0].db
          .selectFrom('answer')
          .select('team_id')
          .where('post_id', '=', quiz.id)
          .execute()
        const team = (await teamsOf(stores[0], newcomer)).find(({ name: each }) => each === `team ${round}`)
        // It is there for as long as it has points or somebody in it.
        expect([answer?.team_id !== null || joined.kind === 'joined', joined.kind]).toEqual([
          team !== undefined,
          team?.members === 1 ? 'joined' : 'unknown',
        ])
        await leaveTeam(stores[0], newcomer)
      }
    })

    it('messages of the playground get places one after the other, and one for each post', async () => {
      const row = { card: '{}', created_at: clock.now() }
      await each((store, i) => store.write((tx) => addMessage(tx, { ...row, id: `message ${i}`, post_id: null })))
      const same = await each((store, i) =>
        store.write((tx) => addMessage(tx, { ...row, id: `again ${i}`, post_id: 'post' })),
      )
      expect(new Set(same.map(({ id }) => id)).size).toBe(1)
      const rows = await stores[0].db.selectFrom('playground_message').select('seq').orderBy('seq').execute()
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: CROWD + 1 }, (_, i) => i + 1))
    })

    it('queries that found nothing are all counted', async () => {
      const { community } = await memberOf(stores[0], 'minji', clock.now())
      await each((store, i) => noteMissed(store, community, i % 4 === 0 ? 'sqs' : 'kinesis', clock.now()))
      const rows = await stores[0].db.selectFrom('missed_query').select(['query', 'count']).orderBy('query').execute()
      expect(rows).toEqual([
        { query: 'kinesis', count: (CROWD * 3) / 4 },
        { query: 'sqs', count: CROWD / 4 },
      ])
    })

    it('a rebuild of the standings neither loses nor doubles the answers that come meanwhile', async () => {
      const members = await crowd()
      const [host] = members
      if (!host) throw new Error('nobody')
      for (let round = 0; round < 3; round++) {
        const quiz = await postQuiz(stores[0], host, clock.now(), { question: round })
        const pressing = each((store, i) => answerPost(store, members[i] ?? host, press(quiz.id, quiz.right)))
        const rebuilding = stores[1].write(async (tx) => {
          await tx.deleteFrom('standing').execute()
          return rebuildStandings(tx, host.community.id)
        })
        await Promise.all([pressing, rebuilding])
        const { people } = await readStandings(stores[0].db, host.community.id)
        const all = people.filter(({ period }) => period === 'all')
        expect(all.map(({ answered }) => answered)).toEqual(Array(CROWD).fill(round + 1))
      }
    })

    it('a person who is forgotten while they press is gone', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const member = await memberOf(stores[0], 'minji', clock.now())
        const quiz = await postQuiz(stores[0], member, clock.now())
        const pressing = answerPost(stores[0], member, press(quiz.id, quiz.right)).catch(() => 'too late')
        await Promise.all([pressing, forget(stores[1], member)])
        const rows = await stores[0].db.selectFrom('person').select('id').execute()
        const answers = await stores[0].db.selectFrom('answer').select('id').execute()
        const { people } = await readStandings(stores[0].db, member.community.id)
        expect([rows, answers, people]).toEqual([[], [], []])
      }
    })

    it('two who open the store find the same community', async () => {
      const members = await each((store, i) =>
        memberOf(store, `member${i}`, clock.now(), { connection: { id: `guild${i % 3}`, name: 'Guild' } }),
      )
      expect(new Set(members.map(({ community }) => community.id)).size).toBe(3)
      expect(members.every(({ community }) => community.timeZone === DEFAULTS.timeZone)).toBe(true)
    })
  })
}

function fail(): never {
  throw new Error('there is no such one')
}
