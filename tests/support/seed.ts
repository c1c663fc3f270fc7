// Communities with a past, written to a store before a bot opens it.

import { openStore } from '../../src/store/open.ts'
import { communityOf } from '../../src/study/membership.ts'
import { localDate, periodsOf } from '../../src/study/rules.ts'
import { DEFAULTS } from './world.ts'

/** A Discord community whose members have 1, 2, 3, … points in every period of the day. */
export async function fillCommunity(
  url: string,
  { connection, members, now }: { connection: string; members: number; now: number },
): Promise<void> {
  const store = await openStore(url)
  const community = await communityOf(store, { platform: 'discord', id: connection, name: 'Study' }, DEFAULTS, now)
  const periods = Object.values(periodsOf(localDate(now, community.timeZone)))
  await store.write(async (tx) => {
    for (let i = 1; i <= members; i++) {
      const id = `person-${i}`
      await tx.insertInto('person').values({ id, created_at: now }).execute()
      await tx
        .insertInto('account')
        .values({
          id,
          person_id: id,
          platform: 'discord',
          external_id: String(400_000_000_000_000_000n + BigInt(i)),
        })
        .execute()
      await tx
        .insertInto('member')
        .values({ community_id: community.id, person_id: id, name: `참가자 ${i}`, team_id: null, joined_at: now })
        .execute()
      await tx
        .insertInto('standing')
        .values(
          periods.map((period) => ({
            community_id: community.id,
            period,
            person_id: id,
            points: i,
            answered: i,
            correct: i,
          })),
        )
        .execute()
    }
  })
  await store.close()
}
