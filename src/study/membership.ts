// Who is asking, in the store: the community of a connection, the person behind an account, the member that joins them.

import { nanoid } from 'nanoid'
import type { Invocation } from '../chat/invocation.ts'
import type { Locale } from '../locales/locale.ts'
import { localeOf } from '../locales/locale.ts'
import type { Store } from '../store/open.ts'
import {
  addCommunity,
  type Community as CommunityRow,
  findCommunity,
  findKnownMember,
  findLatestConnection,
  findMember,
  putAccount,
  putMember,
} from '../store/people.ts'

export type Community = {
  readonly id: string
  readonly locale: Locale
  readonly timeZone: string
  readonly samplePost: string | undefined
  /** What its connection is called. */
  readonly name: string
}

/** A member of a community, as the operations of `study/` take one. */
export type Membership = { readonly community: Community; readonly person: string; readonly team: string | undefined }

/** What a new community starts with where its platform knows nothing better. */
export type Defaults = { readonly locale: Locale; readonly timeZone: string }

/** The community of a connection, made with its first settings when it is new. */
export async function communityOf(
  store: Store,
  connection: { platform: string; id: string; name: string; locale?: Locale; timeZone?: string },
  defaults: Defaults,
  now: number,
): Promise<Community> {
  const known = await findCommunity(store.db, connection.platform, connection.id)
  if (known) return fromRow(known, defaults)
  const row = await store.write(async (tx) => {
    await addCommunity(tx, {
      id: nanoid(),
      platform: connection.platform,
      connection: connection.id,
      name: connection.name,
      locale: connection.locale ?? defaults.locale,
      timeZone: connection.timeZone ?? defaults.timeZone,
      now,
    })
    return findCommunity(tx, connection.platform, connection.id)
  })
  if (!row) throw new Error(`the community of ${connection.platform} ${connection.id} was not stored`)
  return fromRow(row, defaults)
}

/** The connection of people who wrote to the bot directly before they were in any community. */
export const DIRECT = 'direct'

/**
 * The member behind an invocation, added when this is the first contact; the name in the community is brought up to date.
 * In a direct message that is the member of the community that the person joined last, who goes by another name there.
 */
export async function enter(
  store: Store,
  invocation: Invocation,
  defaults: Defaults,
  now: number,
): Promise<Membership> {
  const { platform, account, connection } = invocation
  const latest = connection ? undefined : await findLatestConnection(store.db, platform, account.id, DIRECT)
  const place = connection ?? latest ?? { id: DIRECT, name: DIRECT }
  const known = await findKnownMember(store.db, platform, place.id, account.id)
  if (known && (latest || known.member_name === account.name)) {
    return { community: fromRow(known, defaults), person: known.person_id, team: known.team_id ?? undefined }
  }
  const community = await communityOf(store, { ...place, platform }, defaults, now)
  return store.write(async (tx) => {
    const person = await putAccount(tx, { id: nanoid(), platform, account: account.id, now })
    await putMember(tx, { community: community.id, person, name: account.name, now })
    const joined = await findMember(tx, community.id, person)
    return { community, person, team: joined?.team_id ?? undefined }
  })
}

function fromRow(row: CommunityRow, defaults: Defaults): Community {
  return {
    id: row.id,
    locale: localeOf(row.locale) ?? defaults.locale,
    timeZone: row.time_zone,
    samplePost: row.sample_post_id ?? undefined,
    name: row.name,
  }
}
