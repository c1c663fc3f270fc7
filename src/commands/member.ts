// What most commands begin with: the member behind the invocation.

import { noticeCard } from '../cards/notice.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { shorten, visible } from '../chat/markdown.ts'
import { translator } from '../locales/locale.ts'
import { findAccount, findMember, matchMembers } from '../store/people.ts'
import { enter, type Membership } from '../study/membership.ts'
import type { Context } from './context.ts'
import { isPersonId, personId } from './mentions.ts'

/** Runs `work` for the member, in a direct message too. */
export async function asMember(
  { store, defaults }: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  return work(await enter(store, invocation, defaults, invocation.receivedAt))
}

/**
 * The one member of a community who goes by an id or a name; undefined when it fits nobody, or more than one.
 *
 * @param typed as a person wrote it, or as the platform chose it
 */
export async function memberCalled(
  { store: { db } }: Context,
  community: string,
  { platform, called }: Invocation,
  typed: string,
): Promise<{ person_id: string; name: string } | undefined> {
  const id = personId(typed)
  const account = await findAccount(db, platform, id)
  if (account && (await findMember(db, community, account.person_id))) return account
  // Whoever calls themselves by the id of somebody else must not be taken for them.
  if (isPersonId(typed) || called?.has(id)) return undefined
  const [member, ...others] = await matchMembers(db, community, platform, id)
  return others.length === 0 ? member : undefined
}

/** What to call somebody who was named in an option and is no member: not by the number that a menu sends. */
export function shownAs({ called }: Invocation, typed: string): string {
  return shorten(visible(called?.get(typed) ?? typed), 40)
}

/** Runs `work` for the member, or explains that a direct message has no board and no teams. */
export async function inCommunity(
  context: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  if (invocation.connection) return asMember(context, invocation, work)
  const t = translator(invocation.locale)
  return privately(noticeCard('info', t('error.noCommunity.title'), t('error.noCommunity.text')))
}
