// What is kept about a person, and erasing it.

import { searchKey } from '../content/normalize.ts'
import { countPractice, firstAnswerDate } from '../store/answers.ts'
import { erasePerson, eraseQueries } from '../store/erase.ts'
import { accountsOf, dutiesOf, membershipsOf } from '../store/kept.ts'
import type { Store } from '../store/open.ts'
import { DIRECT, type Membership } from './membership.ts'
import { localDate } from './rules.ts'
import { scoreOf } from './standings.ts'
import { teamOf } from './teams.ts'
import { periodOfBoard } from './weekly.ts'

export type KeptData = {
  readonly team: string | undefined
  readonly answers: number
  readonly practice: number
  readonly points: number
  readonly since: string | undefined
}

/** What is kept in one community. */
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

export type KeptBeside = {
  /** What the person is called in this community. */
  readonly name: string
  /** Local date on which the person was first seen in this community. */
  readonly joined: string
  /** The other communities with the number of answers there; without a name: direct messages. */
  readonly elsewhere: readonly { readonly name: string | undefined; readonly answers: number }[]
  /** In how many communities the person was made an admin, and how many schedules they made. */
  readonly admin: number
  readonly schedules: number
}

/** What is kept beside the answers and points of one community. */
export async function keptBeside(store: Store, { community, person }: Membership): Promise<KeptBeside> {
  const memberships = await membershipsOf(store.db, person)
  const here = memberships.find(({ community_id }) => community_id === community.id)
  if (!here) throw new Error(`a member of ${community.id} is not there`)
  return {
    name: here.member_name,
    joined: localDate(here.joined_at, community.timeZone),
    elsewhere: memberships
      .filter((each) => each !== here)
      .map(({ connection, name, answers }) => ({ name: connection === DIRECT ? undefined : name, answers })),
    ...(await dutiesOf(store.db, person)),
  }
}

/** Erases the person from every community; boards and teams are sums over what is left, so they are right at once. */
export async function forget(store: Store, member: Pick<Membership, 'person'>): Promise<void> {
  await store.write(async (tx) => {
    const accounts = await accountsOf(tx, member.person)
    const communities = await membershipsOf(tx, member.person)
    await erasePerson(tx, member.person, periodOfBoard)
    const words = [
      ...communities.map(({ member_name }) => member_name),
      ...accounts.flatMap((id) => [id, ...id.split('-').slice(-1)]),
    ]
    for (const { community_id } of communities) await eraseQueries(tx, community_id, naming(words))
  })
}

/** Whether a query names somebody. A name of one letter would be found in everything. */
function naming(words: readonly string[]): (query: string) => boolean {
  const keys = words.map(searchKey).filter((key) => Array.from(key).length > 1)
  return (query) => keys.some((key) => searchKey(query).includes(key))
}
