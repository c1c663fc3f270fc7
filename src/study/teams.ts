// Teams: at most one for each member. Moving takes no points along: they stay with the team they were earned for.

import { nanoid } from 'nanoid'
import { visible } from '../chat/markdown.ts'
import { searchKey } from '../content/normalize.ts'
import type { Store } from '../store/open.ts'
import { findTeam, findTeamByKey, insertTeam, listTeams, setTeam, type Team } from '../store/teams.ts'
import type { Membership } from './membership.ts'

/** In characters; a board line holds it on every platform. */
export const TEAM_NAME_LENGTH = 30

export type TeamOutcome =
  | { readonly kind: 'created' | 'joined' | 'already' | 'left' | 'exists'; readonly team: string }
  | { readonly kind: 'bad-name' | 'unknown' | 'not-in' }

/** Makes a team and puts the member into it. */
export async function createTeam(store: Store, member: Membership, typed: string, now: number): Promise<TeamOutcome> {
  const name = visible(typed.normalize('NFC'))
  const key = searchKey(name)
  if (key === '' || Array.from(name).length > TEAM_NAME_LENGTH) return { kind: 'bad-name' }
  return store.write(async (tx) => {
    const team = { id: nanoid(), community_id: member.community.id, name, name_key: key, created_at: now }
    if (!(await insertTeam(tx, team))) {
      const taken = await findTeamByKey(tx, member.community.id, key)
      return { kind: 'exists', team: taken?.name ?? name }
    }
    await setTeam(tx, member.community.id, member.person, team.id)
    return { kind: 'created', team: name }
  })
}

/** Joins a team by its name, or by its id when it was picked from a list. */
export async function joinTeam(
  store: Store,
  member: Membership,
  which: { readonly name: string } | { readonly id: string },
): Promise<TeamOutcome> {
  return store.write(async (tx): Promise<TeamOutcome> => {
    const { id: community } = member.community
    const team =
      'id' in which
        ? await findTeam(tx, community, which.id)
        : await findTeamByKey(tx, community, searchKey(which.name))
    if (!team) return { kind: 'unknown' }
    if (team.id === member.team) return { kind: 'already', team: team.name }
    await setTeam(tx, community, member.person, team.id)
    return { kind: 'joined', team: team.name }
  })
}

export async function leaveTeam(store: Store, member: Membership): Promise<TeamOutcome> {
  const current = await teamOf(store, member)
  if (!current) return { kind: 'not-in' }
  await store.write((tx) => setTeam(tx, member.community.id, member.person, null))
  return { kind: 'left', team: current.name }
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
