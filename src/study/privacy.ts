// What is kept about a person, and erasing it.

import { countPractice, firstAnswerDate } from '../store/answers.ts'
import { erasePerson } from '../store/erase.ts'
import type { Store } from '../store/open.ts'
import type { Membership } from './membership.ts'
import { scoreOf } from './standings.ts'
import { teamOf } from './teams.ts'

export type KeptData = {
  readonly team: string | undefined
  readonly answers: number
  readonly practice: number
  readonly points: number
  readonly since: string | undefined
}

export async function keptData(store: Store, member: Membership, now: number): Promise<KeptData> {
  const score = await scoreOf(store.db, member.community, member.person, now)
  return {
    team: (await teamOf(store, member))?.name,
    answers: score.answered,
    practice: await countPractice(store.db, member.community.id, member.person),
    points: score.points.all,
    since: await firstAnswerDate(store.db, member.community.id, member.person),
  }
}

/** Erases the person from every community; boards and teams are sums over what is left, so they are right at once. */
export async function forget(store: Store, member: Membership): Promise<void> {
  await store.write((tx) => erasePerson(tx, member.person))
}
