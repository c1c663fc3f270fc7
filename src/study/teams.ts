// Teams: at most one for each member. Moving takes no points along: they stay with the team they were earned for.

import { nanoid } from 'nanoid'
import { visible } from '../chat/markdown.ts'
import { searchKey, tidy } from '../content/normalize.ts'
import { holdRow } from '../store/dialects.ts'
import type { Store } from '../store/open.ts'
import { findMember } from '../store/people.ts'
import type { Db } from '../store/tables.ts'
import {
  countTeams,
  deleteDeserted,
  desertedWithout,
  findTeam,
  findTeamByKey,
  insertTeam,
  listTeams,
  setTeam,
  setTeamName,
  type Team,
} from '../store/teams.ts'
import type { Community, Membership } from './membership.ts'

/** In characters; a board line holds it on every platform. */
export const TEAM_NAME_LENGTH = 30

/** How many teams a community may have: more than a group needs, and few enough to be listed. */
export const MOST_TEAMS = 100

/** A team that was left for another; `dissolved` when it is there no longer. */
export type Before = { readonly team: string; readonly dissolved: boolean }

/** The team that a member would leave for another; `dissolves` when it would be there no longer. */
export type Leaving = { readonly id: string; readonly team: string; readonly dissolves: boolean }

/** Whether a member may be taken out of a team. */
export type MayLeave = (leaving: Leaving) => boolean

/** Where a member would go; without an id to a team that would be made. */
export type Wanted = { readonly name: string; readonly id?: string }

export type TeamOutcome =
  /** `before` is the team that the member was in until then. */
  | { readonly kind: 'created' | 'joined'; readonly team: string; readonly before?: Before }
  | { readonly kind: 'already' | 'left' | 'exists'; readonly team: string }
  /** Left by the last one, and nobody had scored for it: it is there no longer. */
  | { readonly kind: 'dissolved'; readonly team: string }
  /** Nothing was done: the member may not be taken out of the team they are in. */
  | { readonly kind: 'would-leave'; readonly leaving: Leaving; readonly wanted: Wanted }
  | { readonly kind: 'bad-name' | 'unknown' | 'not-in' | 'too-many' }

/**
 * Makes a team and puts the member into it.
 *
 * @param mayLeave asked when they are in another one
 */
export async function createTeam(
  store: Store,
  member: Membership,
  typed: string,
  now: number,
  mayLeave: MayLeave = () => true,
): Promise<TeamOutcome> {
  const named = nameFrom(typed)
  if (!named) return { kind: 'bad-name' }
  return store.write(async (tx): Promise<TeamOutcome> => {
    await holdTeams(tx, member)
    const leaving = await leavingOf(tx, member)
    const refused = await refusedName(tx, member.community, named)
    // Asked for twice: the team is there because of it.
    if (refused?.kind === 'exists' && leaving?.team === refused.team) return { kind: 'already', team: refused.team }
    if (refused) return refused
    if (leaving && !mayLeave(leaving)) return { kind: 'would-leave', leaving, wanted: { name: named.name } }
    const { before } = await moveTo(tx, member, await addTeam(tx, member.community, named, now))
    return { kind: 'created', team: named.name, ...(before && { before }) }
  })
}

export type PrepareOutcome =
  | { readonly kind: 'prepared' | 'exists'; readonly team: string }
  | { readonly kind: 'bad-name' | 'too-many' }

/** Makes a team that nobody is in. It stays until the last of its members to come leaves it. */
export async function prepareTeam(
  store: Store,
  community: Community,
  typed: string,
  now: number,
): Promise<PrepareOutcome> {
  const named = nameFrom(typed)
  if (!named) return { kind: 'bad-name' }
  return store.write(async (tx): Promise<PrepareOutcome> => {
    await holdRow(tx, 'community', community.id)
    const refused = await refusedName(tx, community, named)
    if (refused) return refused
    await addTeam(tx, community, named, now)
    return { kind: 'prepared', team: named.name }
  })
}

type TeamName = { readonly name: string; readonly key: string }

/** Why a community gets no team of this name; undefined when it may. */
async function refusedName(
  tx: Db,
  { id }: Community,
  { key }: TeamName,
): Promise<{ readonly kind: 'exists'; readonly team: string } | { readonly kind: 'too-many' } | undefined> {
  const taken = await findTeamByKey(tx, id, key)
  if (taken) return { kind: 'exists', team: taken.name }
  return (await countTeams(tx, id)) >= MOST_TEAMS ? { kind: 'too-many' } : undefined
}

/** Adds a team and returns its id. */
async function addTeam(tx: Db, community: Community, { name, key }: TeamName, now: number): Promise<string> {
  const id = nanoid()
  await insertTeam(tx, { id, community_id: community.id, name, name_key: key, created_at: now })
  return id
}

/** A team's name as it is shown, and as it is found; undefined for one without a letter or digit, or too long. */
function nameFrom(typed: string): TeamName | undefined {
  const name = visible(typed.normalize('NFC'))
  const key = teamKey(name)
  return key === '' || Array.from(name).length > TEAM_NAME_LENGTH ? undefined : { name, key }
}

/** `searchKey` with what tells C, C# and C++ apart; empty for a name without a letter or digit. */
function teamKey(name: string): string {
  return searchKey(name) === '' ? '' : tidy(name).replace(/[^\p{L}\p{N}#+]+/gu, '')
}

export type RenameOutcome =
  /** `team` is the name that it had. */
  | { readonly kind: 'renamed'; readonly team: string; readonly name: string }
  | { readonly kind: 'exists'; readonly team: string }
  | { readonly kind: 'bad-name' | 'unknown' }

/** Gives a team another name; its members and points stay. */
export async function renameTeam(
  store: Store,
  community: Community,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<RenameOutcome> {
  const named = nameFrom(to)
  if (!named) return { kind: 'bad-name' }
  const { name, key } = named
  return store.write(async (tx): Promise<RenameOutcome> => {
    // Nobody makes, renames or deletes a team meanwhile.
    await holdRow(tx, 'community', community.id)
    const team = await findTeamByKey(tx, community.id, teamKey(from))
    if (!team) return { kind: 'unknown' }
    const taken = await findTeamByKey(tx, community.id, key)
    if (taken && taken.id !== team.id) return { kind: 'exists', team: taken.name }
    await setTeamName(tx, team.id, name, key)
    return { kind: 'renamed', team: team.name, name }
  })
}

/**
 * Joins a team by its name, or by its id when it was picked from a list.
 *
 * @param mayLeave asked when they are in another one
 */
export async function joinTeam(
  store: Store,
  member: Membership,
  which: { readonly name: string } | { readonly id: string },
  mayLeave: MayLeave = () => true,
): Promise<TeamOutcome> {
  return store.write(async (tx): Promise<TeamOutcome> => {
    await holdTeams(tx, member)
    const { id: community } = member.community
    const team =
      'id' in which ? await findTeam(tx, community, which.id) : await findTeamByKey(tx, community, teamKey(which.name))
    if (!team) return { kind: 'unknown' }
    const leaving = await leavingOf(tx, member)
    if (leaving && leaving.id !== team.id && !mayLeave(leaving)) return { kind: 'would-leave', leaving, wanted: team }
    const { before, isSame } = await moveTo(tx, member, team.id)
    return isSame
      ? { kind: 'already', team: team.name }
      : { kind: 'joined', team: team.name, ...(before && { before }) }
  })
}

export async function leaveTeam(store: Store, member: Membership): Promise<TeamOutcome> {
  return store.write(async (tx): Promise<TeamOutcome> => {
    await holdTeams(tx, member)
    const { before } = await moveTo(tx, member, null)
    return before ? { kind: before.dissolved ? 'dissolved' : 'left', team: before.team } : { kind: 'not-in' }
  })
}

/**
 * Lets nobody else change the teams of the community until the transaction ends, nor the member answer: a team that is about to be
 * deleted gets neither a member nor points meanwhile.
 */
async function holdTeams(tx: Db, { community, person }: Membership): Promise<void> {
  await holdRow(tx, 'community', community.id)
  await holdRow(tx, 'person', person)
}

/** The team that the member is in, and whether it goes when they leave; undefined for none. */
async function leavingOf(tx: Db, { community, person }: Membership): Promise<Leaving | undefined> {
  const id = (await findMember(tx, community.id, person))?.team_id ?? null
  const team = id === null ? undefined : await findTeam(tx, community.id, id)
  if (!team) return undefined
  const dissolves = await desertedWithout(tx, community.id, team.id, person)
  return { id: team.id, team: team.name, dissolves }
}

/** Puts the member into another team, or into none. The one they were in goes when nobody is left in it or ever scored for it. */
async function moveTo(
  tx: Db,
  { community, person }: Membership,
  team: string | null,
): Promise<{ before: Before | undefined; isSame: boolean }> {
  const id = (await findMember(tx, community.id, person))?.team_id ?? null
  if (id === team) return { before: undefined, isSame: true }
  const old = id === null ? undefined : await findTeam(tx, community.id, id)
  await setTeam(tx, community.id, person, team)
  if (!old) return { before: undefined, isSame: false }
  const dissolved = (await deleteDeserted(tx, community.id, [old.id])) > 0
  return { before: { team: old.name, dissolved }, isSame: false }
}

export async function teamOf(store: Store, member: Membership): Promise<Team | undefined> {
  return member.team === undefined ? undefined : findTeam(store.db, member.community.id, member.team)
}

/** Every team, with the member's own marked. */
export async function teamsOf(
  store: Store,
  member: Membership,
): Promise<{ id: string; name: string; members: number; own: boolean }[]> {
  const teams = await listTeams(store.db, member.community.id)
  return teams.map((team) => ({ ...team, own: team.id === member.team }))
}
