// What most commands begin with: the member behind the invocation.

import { noticeCard } from '../cards/notice.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { shorten, visible } from '../chat/markdown.ts'
import { translator } from '../locales/locale.ts'
import { findAccount, findMember, matchMembers, membersNamedLike } from '../store/people.ts'
import { enter, type Membership } from '../study/membership.ts'
import type { Context } from './context.ts'
import { isPersonId, personId } from './reading/mentions.ts'

/** Runs `work` for the member, in a direct message too. */
export async function asMember(
  { store, defaults }: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  return work(await enter(store, invocation, defaults, invocation.receivedAt))
}

/** A member as the store knows them. */
type Known = { readonly person_id: string; readonly name: string }

/** Whom a name means: one member by an id or the whole name, the only one who has a part of the name, or more than one. */
export type Called =
  | ({ readonly kind: 'one'; readonly by: 'id' | 'name' } & Known)
  | ({ readonly kind: 'part' } & Known)
  | { readonly kind: 'several'; readonly names: readonly string[] }
  | { readonly kind: 'nobody' }

/**
 * The one member of a community who goes by an id or a name; the polite ending of a Korean name may stand behind it.
 *
 * @param typed as a person wrote it, or as the platform chose it
 */
export async function memberCalled(
  { store: { db } }: Context,
  community: string,
  { platform, called }: Invocation,
  typed: string,
): Promise<Called> {
  const id = personId(typed)
  const account = await findAccount(db, platform, id)
  const known = account && (await findMember(db, community, account.person_id))
  if (known) return { kind: 'one', by: 'id', person_id: known.person_id, name: known.name }
  // Whoever calls themselves by the id of somebody else must not be taken for them.
  if (isPersonId(typed) || called?.has(id)) return { kind: 'nobody' }
  const bare = id.replace(/\s*(님|씨)$/u, '')
  for (const name of new Set([id, bare || id])) {
    const found = among(await matchMembers(db, community, platform, name))
    if (found.kind !== 'nobody') return found.kind === 'part' ? { ...found, kind: 'one', by: 'name' } : found
  }
  if (Array.from(bare).length < SHORTEST_PART) return { kind: 'nobody' }
  return among(await membersNamedLike(db, community, bare, NAMES_SHOWN + 1))
}

/** In characters: many names share a syllable. */
const SHORTEST_PART = 2
/** How many of the names that fit are told. */
const NAMES_SHOWN = 5

function among(members: readonly Known[]): Exclude<Called, { kind: 'one' }> {
  const [member, ...others] = members
  if (!member) return { kind: 'nobody' }
  return others.length === 0 ? { kind: 'part', ...member } : { kind: 'several', names: members.map(({ name }) => name) }
}

/** The names that fit, as a list; an ellipsis for those that are too many. */
export function namesShown(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => shorten(visible(name), 40))
  return [...shown, ...(names.length > NAMES_SHOWN ? ['…'] : [])].join(', ')
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
