// Who a user is: name, language, time zone and rights, as users.info tells them. Names are kept a day, rights a minute.
// https://docs.slack.dev/reference/methods/users.info

import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { visible } from '../../chat/markdown.ts'
import type { Clock } from '../../clock.ts'
import { type Locale, localeOf } from '../../locales/locale.ts'
import { toPlatformError } from './errors.ts'
import { inFlight } from './in-flight.ts'
import type { Workspaces } from './workspaces.ts'

const MINUTE = 60 * 1000
const DAY = 24 * 60 * MINUTE
/** How many people are remembered; whoever was looked up longest ago goes first. */
const REMEMBERED = 10_000

export type Profile = {
  readonly name: string
  /** Undefined when the bot does not speak it. */
  readonly locale: Locale | undefined
  readonly timeZone: string | undefined
  readonly isAdmin: boolean
}

export type People = {
  /** From memory. One that is a day old is looked up again meanwhile. */
  known(team: string, user: string): Profile | undefined
  /** Looked up when it is not in memory; undefined when Slack does not tell. Never rejects. */
  profile(team: string, user: string): Promise<Profile | undefined>
  /**
   * Whether Slack calls the user an admin or owner of the workspace.
   *
   * @throws {PlatformError} when it cannot be told
   */
  isAdmin(team: string, user: string): Promise<boolean>
}

export function createPeople(workspaces: Workspaces, clock: Clock, log: Logger): People {
  const kept = new LRUCache<string, { profile: Profile; at: number }>({ max: REMEMBERED })
  const asking = inFlight<Profile>()

  async function ask(team: string, user: string): Promise<Profile> {
    const { clients } = await workspaces.of(team)
    const { user: found } = await clients.read.users.info({ user, include_locale: true })
    const names = [found?.profile?.display_name, found?.profile?.real_name, found?.real_name, found?.name, user]
    const profile = {
      name: names.map((name) => visible(name ?? '')).find(Boolean) ?? user,
      locale: localeOf(found?.locale ?? ''),
      timeZone: found?.tz,
      // Of a guest from another workspace, in a channel that two share, Slack would tell the rights over there.
      isAdmin: isOf(team, found) && (found?.is_admin === true || found?.is_owner === true),
    }
    kept.set(`${team}/${user}`, { profile, at: clock.now() })
    return profile
  }

  /** One question at a time for each person. */
  function lookUp(team: string, user: string): Promise<Profile> {
    return asking(`${team}/${user}`, () => ask(team, user))
  }

  async function quietly(team: string, user: string): Promise<Profile | undefined> {
    try {
      return await lookUp(team, user)
    } catch (error) {
      log.warn({ reason: toPlatformError(error).message }, 'a profile could not be read')
      return undefined
    }
  }

  const people: People = {
    known(team, user) {
      const found = kept.get(`${team}/${user}`)
      if (found && clock.now() - found.at >= DAY) void quietly(team, user)
      return found?.profile
    },
    profile: async (team, user) => people.known(team, user) ?? (await quietly(team, user)),
    async isAdmin(team, user) {
      const found = kept.get(`${team}/${user}`)
      if (found && clock.now() - found.at < MINUTE) return found.profile.isAdmin
      try {
        return (await lookUp(team, user)).isAdmin
      } catch (error) {
        throw toPlatformError(error)
      }
    },
  }
  return people
}

type Teams = {
  readonly team_id?: string
  readonly teams?: readonly string[]
  readonly enterprise_user?: { readonly teams?: readonly string[] }
}

/** Whether a user belongs to a workspace; in an organization to several. https://docs.slack.dev/reference/objects/user-object */
function isOf(team: string, user: Teams | undefined): boolean {
  return [user?.team_id, ...(user?.teams ?? []), ...(user?.enterprise_user?.teams ?? [])].includes(team)
}
