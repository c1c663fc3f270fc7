// The state behind the simulator: workspaces, people, channels, tokens, and who waits for a change of it.

import { randomBytes, randomUUID } from 'node:crypto'
import { type Faults, noFaults } from './faults.ts'
import { Refusal } from './refusal.ts'
import type {
  Channel,
  Json,
  Message,
  Outcome,
  Person,
  Recorded,
  SlackOptions,
  UploadedFile,
  User,
  View,
  Workspace,
} from './types.ts'

/** What docs.slack.dev asks of a bot that posts, answers and shows pictures; the last three are optional ones. */
export const REQUIRED_SCOPES = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'files:write']
export const OPTIONAL_SCOPES = ['chat:write.public', 'channels:history', 'groups:history']

export type Token = {
  readonly workspace: string | undefined
  readonly kind: 'bot' | 'app'
  readonly scopes: readonly string[]
  expiresAt: number | undefined
  state: 'good' | 'token_revoked' | 'account_inactive' | 'token_expired'
}

/** Something a person did, while its answers may still come. */
export type Interaction = {
  readonly workspace: Workspace
  readonly user: User
  readonly channel: Channel | undefined
  /** The message or view that was pressed. */
  readonly on: { readonly ts: string } | { readonly view: string } | undefined
  outcome: Outcome
  waiting: boolean
}

export type ResponseUrl = { interaction: Interaction; uses: number; readonly since: number }
export type Trigger = { interaction: Interaction; used: boolean; readonly since: number }
export type Upload = { readonly id: string; readonly workspace: string; name: string; length: number; altText?: string }

export type World = {
  readonly options: Required<Omit<SlackOptions, 'postsPerSecond' | 'tokenLifetime' | 'commands'>> &
    Pick<SlackOptions, 'postsPerSecond' | 'tokenLifetime' | 'commands'>
  readonly appId: string
  readonly appToken: string
  readonly verificationToken: string
  /** Where the Web API listens, without a slash at the end; set when it does. */
  origin: string
  readonly workspaces: Map<string, Workspace>
  readonly users: Map<string, User>
  readonly channels: Map<string, Channel>
  readonly tokens: Map<string, Token>
  /** By channel, oldest first. */
  readonly messages: Map<string, Message[]>
  readonly ephemerals: Map<string, Message[]>
  readonly views: Map<string, View & { readonly user: string }>
  readonly homes: Map<string, string>
  readonly uploads: Map<string, Upload>
  readonly received: Map<string, Buffer>
  readonly files: Map<string, UploadedFile>
  readonly responseUrls: Map<string, ResponseUrl>
  readonly triggers: Map<string, Trigger>
  readonly interactions: Set<Interaction>
  readonly traffic: Recorded[]
  readonly faults: Faults
  /** Resolves when the predicate holds (checked on every change), or with false after the limit in milliseconds. */
  until(predicate: () => boolean, limit: number): Promise<boolean>
  changed(): void
  record(entry: Omit<Recorded, 'at' | 'error'> & { error?: string | undefined }): void
}

const SUBSCRIBED = ['app_home_opened', 'app_uninstalled', 'tokens_revoked', 'channel_archive', 'channel_deleted']

export function createWorld(options: SlackOptions): World {
  const waiters = new Set<() => void>()
  const world: World = {
    options: {
      ackDeadline: 3000,
      lateWindow: options.ackDeadline ?? 3000,
      answerWithin: 5000,
      triggerLifetime: 3000,
      responseUrlLifetime: 30 * 60_000,
      eventRetries: [0, 60_000, 300_000],
      events: SUBSCRIBED,
      signingSecret: randomBytes(16).toString('hex'),
      clientId: '1234567890.9876543210',
      clientSecret: randomBytes(16).toString('hex'),
      fileProcessing: 0,
      ...options,
      sockets: { pingEvery: 10_000, lingering: false, ...options.sockets },
    },
    appId: newId('A'),
    appToken: `xapp-1-${newId('A')}-1-${randomBytes(16).toString('hex')}`,
    verificationToken: randomBytes(12).toString('hex'),
    origin: '',
    workspaces: new Map(),
    users: new Map(),
    channels: new Map(),
    tokens: new Map(),
    messages: new Map(),
    ephemerals: new Map(),
    views: new Map(),
    homes: new Map(),
    uploads: new Map(),
    received: new Map(),
    files: new Map(),
    responseUrls: new Map(),
    triggers: new Map(),
    interactions: new Set(),
    traffic: [],
    faults: noFaults(),
    until: (predicate, limit) =>
      new Promise((resolve) => {
        const done = (holds: boolean): void => {
          clearTimeout(timer)
          waiters.delete(check)
          resolve(holds)
        }
        const check = (): void => {
          if (predicate()) done(true)
        }
        const timer = setTimeout(() => done(false), limit)
        waiters.add(check)
        check()
      }),
    changed: () => {
      for (const check of [...waiters]) check()
    },
    record: (entry) => {
      world.traffic.push({ error: undefined, ...entry, at: Date.now() })
      world.changed()
    },
  }
  world.tokens.set(world.appToken, {
    workspace: undefined,
    kind: 'app',
    scopes: ['connections:write'],
    expiresAt: undefined,
    state: 'good',
  })
  return world
}

let ids = 0
/** A Slack id: one letter and ten characters, never twice in a process. */
export function newId(letter: string): string {
  ids += 1
  return `${letter}0${ids.toString(36).toUpperCase().padStart(9, '0')}`
}

let lastTs = 0
/** A message's `ts`: seconds and microseconds, growing, never twice. */
export function newTs(): string {
  lastTs = Math.max(Date.now() * 1000, lastTs + 1)
  return `${Math.floor(lastTs / 1_000_000)}.${String(lastTs % 1_000_000).padStart(6, '0')}`
}

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

/** A string argument of a call; `undefined` when it is missing or empty. */
export function textOf(args: Json, name: string): string | undefined {
  const value = args[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A string argument that must be there. */
export function needed(args: Json, name: string, error = 'invalid_arguments'): string {
  const value = textOf(args, name)
  if (value !== undefined) return value
  throw new Refusal(error, { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } })
}

export function isTrue(args: Json, name: string): boolean {
  return [true, 'true', '1', 1].includes(args[name] as string)
}
