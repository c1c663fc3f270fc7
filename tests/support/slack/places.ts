// Workspaces, people, channels and direct messages: making them, and finding who somebody is.

import { randomUUID } from 'node:crypto'
import type { Channel, Person, User, Workspace } from './types.ts'
import { newId, type World } from './world.ts'

/** What docs.slack.dev asks of a bot that posts, answers and shows pictures; the last three are optional ones. */
export const REQUIRED_SCOPES = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'files:write']
export const OPTIONAL_SCOPES = ['chat:write.public', 'channels:history', 'groups:history']

export type WorkspaceOptions = {
  id?: string
  name?: string
  domain?: string
  locale?: string
  tz?: string
  scopes?: readonly string[]
  enterprise?: { id: string; name: string }
  /** Without it the workspace has no token until somebody installs the app. */
  installed?: boolean
  /** How many people of each kind there are from the start. */
  admins?: number
  owners?: number
}

export function addWorkspace(world: World, options: WorkspaceOptions = {}): Workspace {
  const id = options.id ?? newId('T')
  const workspace: Workspace = {
    id,
    name: options.name ?? 'Study Group',
    domain: options.domain ?? `study-${id.toLowerCase()}`,
    locale: options.locale ?? 'ko-KR',
    tz: options.tz ?? 'Asia/Seoul',
    enterprise: options.enterprise,
    appId: world.appId,
    appToken: world.appToken,
    botId: newId('B'),
    botUserId: newId('U'),
    botToken: '',
    scopes: options.scopes ?? [...REQUIRED_SCOPES, ...OPTIONAL_SCOPES],
    installed: false,
    transport: 'socket',
  }
  world.workspaces.set(id, workspace)
  addUser(world, workspace, { id: workspace.botUserId, name: 'studybot', isBot: true })
  for (let i = 0; i < (options.owners ?? 0); i += 1) addUser(world, workspace, { name: `owner${i}`, isOwner: true })
  for (let i = 0; i < (options.admins ?? 0); i += 1) addUser(world, workspace, { name: `admin${i}`, isAdmin: true })
  if (options.installed ?? true) installApp(world, workspace, workspace.scopes)
  return workspace
}

/** Gives the workspace a new bot token with these scopes. */
export function installApp(world: World, workspace: Workspace, scopes: readonly string[], lifetime?: number): string {
  const token = `${lifetime ? 'xoxe.' : ''}xoxb-${workspace.id}-${randomUUID().replaceAll('-', '')}`
  world.tokens.set(token, {
    workspace: workspace.id,
    kind: 'bot',
    scopes,
    expiresAt: lifetime === undefined ? undefined : Date.now() + lifetime * 1000,
    state: 'good',
  })
  workspace.botToken = token
  workspace.scopes = scopes
  workspace.installed = true
  return token
}

export type UserOptions = { id?: string; name: string } & Partial<Omit<User, 'id' | 'workspace' | 'name'>>

export function addUser(world: World, workspace: Workspace, options: UserOptions): User {
  const user: User = {
    workspace: workspace.id,
    displayName: options.name,
    realName: options.name,
    locale: workspace.locale,
    tz: workspace.tz,
    isOwner: false,
    isBot: false,
    deleted: false,
    ...options,
    // An owner is an admin too (docs.slack.dev/reference/objects/user-object).
    isAdmin: options.isAdmin ?? options.isOwner ?? false,
    id: options.id ?? newId('U'),
  }
  world.users.set(user.id, user)
  return user
}

export type ChannelOptions = {
  id?: string
  name?: string
  private?: boolean
  botIsMember?: boolean
  archived?: boolean
  /** Only some people may post: the bot gets `restricted_action`. */
  restricted?: boolean
  members?: readonly (User | string)[]
}

export function addChannel(world: World, workspace: Workspace, options: ChannelOptions = {}): Channel {
  const id = options.id ?? newId('C')
  const channel: Channel = {
    id,
    workspace: workspace.id,
    kind: options.private ? 'private' : 'public',
    name: options.name ?? `study-${id.toLowerCase()}`,
    members: options.members?.map((member) => (typeof member === 'string' ? member : member.id)),
    botIsMember: options.botIsMember ?? true,
    archived: options.archived ?? false,
    restricted: options.restricted ?? false,
    deleted: false,
  }
  world.channels.set(id, channel)
  return channel
}

/** The direct message of the bot and a user, made when it is first needed. */
export function directMessage(world: World, user: User): Channel {
  const name = user.id
  const known = [...world.channels.values()].find((channel) => channel.kind === 'im' && channel.name === name)
  if (known) return known
  const { workspace } = user
  const flags = { botIsMember: true, archived: false, restricted: false, deleted: false }
  const channel: Channel = { id: newId('D'), workspace, kind: 'im', name, members: [user.id], ...flags }
  world.channels.set(channel.id, channel)
  return channel
}

/** Who a person is; throws when there is no such workspace, user or channel, since then nobody could do it. */
export function whoIs(world: World, by: Person): { workspace: Workspace; user: User; channel: Channel } {
  const workspace = world.workspaces.get(typeof by.workspace === 'string' ? by.workspace : by.workspace.id)
  if (!workspace) throw new Error('no such workspace')
  const user = world.users.get(typeof by.user === 'string' ? by.user : by.user.id)
  if (user?.workspace !== workspace.id || user.deleted) throw new Error('no such user in this workspace')
  const channel = by.channel === user.id ? directMessage(world, user) : world.channels.get(by.channel)
  if (channel?.workspace !== workspace.id || channel.deleted) throw new Error('no such channel in this workspace')
  if (!isMember(channel, user)) throw new Error(`${user.name} is not in #${channel.name}`)
  return { workspace, user, channel }
}

export function isMember(channel: Channel, user: User): boolean {
  return user.isBot ? channel.botIsMember : (channel.members?.includes(user.id) ?? true)
}
