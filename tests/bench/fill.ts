// A community with a past: members, quizzes and answers by the million, with the standings that they add up to.

import { takeSnapshot } from '../../src/content/snapshot.ts'
import { BATCH, createInsert } from '../../src/store/bulk.ts'
import type { Store } from '../../src/store/open.ts'
import type { Tables } from '../../src/store/tables.ts'
import { communityOf } from '../../src/study/membership.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import { closingTime, localDate, pointsFor } from '../../src/study/rules.ts'
import { DAY, DEFAULTS, library } from '../support/world.ts'

export type Size = { readonly members: number; readonly answers: number; readonly quizzes: number }

export const MILLION: Size = { members: 200_000, answers: 1_000_000, quizzes: 250 }

const PLACE = { platform: 'discord', id: '300000000000000000', name: 'Study' } as const

/** Fills an empty store. Every fifth member is in one of forty teams; a quiz a day, the last one today. */
export async function fillStore(store: Store, { members, answers, quizzes }: Size, now: number): Promise<void> {
  const community = await communityOf(store, PLACE, DEFAULTS, now - quizzes * DAY)
  const community_id = community.id
  const teams = Array.from({ length: 40 }, (_, i) => `team-${i}`)
  const personId = (i: number): string => `person-${String(i).padStart(9, '0')}`
  const teamOf = (i: number): string | null => (i % 5 === 0 ? (teams[i % teams.length] ?? null) : null)

  async function insertAll(table: keyof Tables, rows: number, row: (i: number) => Record<string, unknown>) {
    await store.write(async (tx) => {
      const insert = createInsert(tx, table)
      for (let at = 0; at < rows; at += BATCH) {
        await insert(Array.from({ length: Math.min(BATCH, rows - at) }, (_, i) => row(at + i)))
      }
    })
  }

  const joined_at = now - quizzes * DAY
  await insertAll('person', members, (i) => ({ id: personId(i), created_at: joined_at }))
  await insertAll('account', members, (i) => ({
    id: personId(i),
    person_id: personId(i),
    platform: PLACE.platform,
    external_id: String(400_000_000_000_000_000n + BigInt(i)),
  }))
  await insertAll('team', teams.length, (i) => ({
    id: teams[i],
    community_id,
    name: `팀 ${i}`,
    name_key: `팀${i}`,
    created_at: joined_at,
  }))
  await insertAll('member', members, (i) => ({
    community_id,
    person_id: personId(i),
    name: `참가자 ${i}`,
    team_id: teamOf(i),
    joined_at,
  }))

  const topics = [...(library.subjects[0]?.topics.values() ?? [])]
  const asked = topics.flatMap((topic) => topic.questions.map((question) => ({ topic, question })))
  const posts = Array.from({ length: quizzes }, (_, i) => {
    const { topic, question } = asked[i % asked.length] ?? fail()
    const slot_at = now - (quizzes - 1 - i) * DAY
    return { id: `post-${i}`, slot_at, topic, question, snapshot: takeSnapshot(library, topic, question, () => 0.5) }
  })
  await insertAll('post', quizzes, (i) => {
    const { id, slot_at, question, snapshot } = posts[i] ?? fail()
    return {
      ...{ id, community_id, schedule_id: null, kind: 'quiz', state: i === quizzes - 1 ? 'posted' : 'closed' },
      ...{ channel: 'study', snapshot: JSON.stringify(snapshot), question_id: question.id, topic_id: null },
      ...{ category: question.category, local_date: localDate(slot_at, community.timeZone), slot_date: null },
      ...{ slot_at, closes_at: closingTime(slot_at, undefined), lease_until: 0, lease_owner: '', sent_at: slot_at },
      ...{ attempts: 1, message_ref: `message-${i}`, failure: null },
    }
  })

  // Which quizzes a member answers: as many as it takes, spread over the year but for the last, which is left open.
  const each = Math.ceil(answers / members)
  const step = Math.max(1, Math.floor((quizzes - 1) / each))
  await insertAll('answer', answers, (i) => {
    const member = i % members
    const nth = Math.floor(i / members)
    const { id, slot_at, snapshot } = posts[(member + nth * step) % (quizzes - 1)] ?? fail()
    const correct = (member * 7 + nth * 3) % 10 < 6
    const answered_at = slot_at + ((member * 7919) % 3_600_000)
    return {
      ...{ id: `answer-${String(i).padStart(10, '0')}`, community_id, person_id: personId(member), post_id: id },
      ...{ practice_id: null, question_id: snapshot.question, revision: snapshot.revision, topic: snapshot.topic },
      ...{ category: snapshot.category, level: snapshot.level, choice: 0, correct: correct ? 1 : 0, scored: 1 },
      ...{ points: pointsFor(snapshot.level, correct), team_id: teamOf(member), answered_at },
      ...{ local_date: localDate(answered_at, community.timeZone), post_date: localDate(slot_at, community.timeZone) },
    }
  })
  await store.write((tx) => rebuildStandings(tx, community_id))
}

function fail(): never {
  throw new Error('there is none')
}
