// auth.test, team.info, users.info and conversations.*: who and where. docs.slack.dev/reference/methods

import { isTrue, needed, textOf } from './args.ts'
import { find, shown, visible } from './messages.ts'
import { directMessage } from './places.ts'
import { Refusal } from './refusal.ts'
import type { Channel, Json } from './types.ts'
import type { Token, World } from './world.ts'

export function authTest(world: World, _args: Json, token: Token): Json {
  const workspace = world.workspaces.get(token.workspace)
  if (!workspace) return { app_id: world.appId, app_name: 'studybot' }
  return {
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.name,
    user: world.users.get(workspace.botUserId)?.name,
    team_id: workspace.id,
    user_id: workspace.botUserId,
    bot_id: workspace.botId,
    is_enterprise_install: false,
    ...(workspace.enterprise && { enterprise_id: workspace.enterprise.id }),
  }
}

export function teamInfo(world: World, _args: Json, token: Token): Json {
  const workspace = world.workspaces.get(token.workspace)
  if (!workspace) throw new Refusal('team_not_found')
  return { team: { id: workspace.id, name: workspace.name, domain: workspace.domain } }
}

export function usersInfo(world: World, args: Json, token: Token): Json {
  const user = world.users.get(needed(args, 'user', 'user_not_found'))
  if (!user) throw new Refusal('user_not_found')
  if (user.workspace !== token.workspace) throw new Refusal('user_not_visible')
  const { id, name, deleted, displayName, realName } = user
  const profile = { real_name: realName, display_name: displayName, team: user.workspace }
  const found = { id, team_id: user.workspace, name, deleted, real_name: realName, profile, is_bot: user.isBot }
  if (deleted) return { user: found }
  const rights = { is_admin: user.isAdmin, is_owner: user.isOwner, is_primary_owner: false, is_restricted: false }
  const offset = Temporal.Now.zonedDateTimeISO(user.tz).offsetNanoseconds / 1e9
  const locale = isTrue(args, 'include_locale') ? { locale: user.locale } : {}
  return {
    user: { ...found, ...rights, tz: user.tz, tz_label: user.tz, tz_offset: offset, is_app_user: false, ...locale },
  }
}

const SCOPES = { public: 'channels', private: 'groups', im: 'im' } as const

/** A channel for reading; throws `missing_scope` when this kind of channel needs a scope that was not given. */
function readable(world: World, args: Json, token: Token, right: 'read' | 'history'): Channel {
  const channel = visible(world, token, needed(args, 'channel', 'channel_not_found'))
  const scope = `${SCOPES[channel.kind]}:${right}`
  if (token.scopes.includes(scope)) return channel
  throw new Refusal('missing_scope', { needed: scope, provided: token.scopes.join() })
}

export function info(world: World, args: Json, token: Token): Json {
  return { channel: described(readable(world, args, token, 'read'), isTrue(args, 'include_num_members')) }
}

function described(channel: Channel, count = false): Json {
  const { id, name, kind, archived } = channel
  if (kind === 'im') return { id, is_im: true, is_org_shared: false, user: name, is_archived: archived, is_open: true }
  const flags = { is_channel: true, is_group: kind === 'private', is_im: false, is_mpim: false, is_general: false }
  const state = { is_private: kind === 'private', is_archived: archived, is_member: channel.botIsMember }
  const number = count ? { num_members: (channel.members?.length ?? 0) + Number(channel.botIsMember) } : {}
  return { id, name, name_normalized: name, context_team_id: channel.workspace, ...flags, ...state, ...number }
}

/** Newest first. docs.slack.dev/reference/methods/conversations.history */
export function history(world: World, args: Json, token: Token): Json {
  const channel = readable(world, args, token, 'history')
  if (!channel.botIsMember) throw new Refusal('not_in_channel')
  const { oldest = '0', latest = '9999999999.999999' } = {
    oldest: textOf(args, 'oldest'),
    latest: textOf(args, 'latest'),
  }
  const inclusive = isTrue(args, 'inclusive')
  const inside = (ts: string): boolean => {
    const [low, high] = [compare(ts, oldest), compare(ts, latest)]
    return inclusive ? low >= 0 && high <= 0 : low > 0 && high < 0
  }
  const all = (world.messages.get(channel.id) ?? []).filter(({ ts, threadTs }) => inside(ts) && !threadTs).reverse()
  const { page, next } = paged(all, args, 100, 999)
  const withMetadata = isTrue(args, 'include_all_metadata')
  return {
    messages: page.map((each) => shown(world, each, withMetadata)),
    has_more: next !== '',
    pin_count: 0,
    ...metadata(next),
  }
}

export function members(world: World, args: Json, token: Token): Json {
  const channel = readable(world, args, token, 'read')
  const people = [...world.users.values()].filter((user) => user.workspace === channel.workspace && !user.isBot)
  const ids = channel.members ?? people.filter(({ deleted }) => !deleted).map(({ id }) => id)
  const bot = world.workspaces.get(channel.workspace)?.botUserId ?? ''
  const { page, next } = paged(channel.botIsMember ? [...ids, bot] : ids, args, 100, 1000)
  return { members: page, ...metadata(next) }
}

export function list(world: World, args: Json, token: Token): Json {
  const types = (textOf(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim())
  const kinds = { public: 'public_channel', private: 'private_channel', im: 'im' }
  for (const kind of ['public', 'private', 'im'] as const) {
    const scope = `${SCOPES[kind]}:read`
    if (types.includes(kinds[kind]) && !token.scopes.includes(scope)) {
      throw new Refusal('missing_scope', { needed: scope, provided: token.scopes.join() })
    }
  }
  const seen = [...world.channels.values()].filter(
    (channel) =>
      channel.workspace === token.workspace &&
      !channel.deleted &&
      types.includes(kinds[channel.kind]) &&
      (channel.kind === 'public' || channel.botIsMember) &&
      !(isTrue(args, 'exclude_archived') && channel.archived),
  )
  const { page, next } = paged(seen, args, 100, 1000)
  return { channels: page.map((channel) => described(channel)), ...metadata(next) }
}

export function open(world: World, args: Json, token: Token): Json {
  const user = world.users.get(needed(args, 'users', 'users_list_not_supplied'))
  if (user?.workspace !== token.workspace) throw new Refusal('user_not_found')
  if (user.deleted) throw new Refusal('user_disabled')
  return { channel: { id: directMessage(world, user).id } }
}

export function permalink(world: World, args: Json, token: Token): Json {
  const channel = visible(world, token, needed(args, 'channel', 'channel_not_found'))
  const message = find(world.messages, channel.id, textOf(args, 'message_ts') ?? '')
  if (!message) throw new Refusal('message_not_found')
  const domain = world.workspaces.get(channel.workspace)?.domain
  return {
    channel: channel.id,
    permalink: `https://${domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`,
  }
}

/** Compares two `ts`, which a caller may shorten (`1700000000`). */
function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((ts) => BigInt(`${ts.split('.')[0]}${(ts.split('.')[1] ?? '').padEnd(6, '0').slice(0, 6)}`))
  return x === y ? 0 : (x ?? 0n) < (y ?? 0n) ? -1 : 1
}

/** A cursor is the number of what was shown already, in Slack's clothes. */
function paged<T>(all: readonly T[], args: Json, usual: number, most: number): { page: readonly T[]; next: string } {
  const limit = Math.min(Number(textOf(args, 'limit') ?? usual) || usual, most)
  const cursor = textOf(args, 'cursor')
  const from = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('next:', '')) : 0
  if (!Number.isInteger(from)) throw new Refusal('invalid_cursor')
  const next = from + limit < all.length ? Buffer.from(`next:${from + limit}`).toString('base64') : ''
  return { page: all.slice(from, from + limit), next }
}

function metadata(next: string): Json {
  return { response_metadata: { next_cursor: next } }
}
