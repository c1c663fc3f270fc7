// The state behind the simulator: workspaces, people, channels, tokens, and who waits for a change of it.

import { randomBytes } from 'node:crypto'
import { type Faults, noFaults } from './faults.ts'
import type {
  BrokenPicture,
  Channel,
  Message,
  Outcome,
  Recorded,
  SlackOptions,
  UploadedFile,
  User,
  View,
  Workspace,
} from './types.ts'

export type Token = {
  /** A team id; empty for the app's own token. */
  readonly workspace: string
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
  readonly views: Map<string, View & { readonly user: string; readonly openedIn?: Channel | undefined }>
  readonly homes: Map<string, string>
  readonly uploads: Map<string, Upload>
  readonly received: Map<string, Buffer>
  readonly files: Map<string, UploadedFile>
  readonly brokenPictures: BrokenPicture[]
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

const SUBSCRIBED = [
  ...['app_home_opened', 'app_uninstalled', 'tokens_revoked'],
  ...['channel_archive', 'channel_deleted', 'group_archive', 'group_deleted'],
]

export function createWorld(options: SlackOptions): World {
  const waiters = new Set<() => void>()
  let checking = false
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
    brokenPictures: [],
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
      // Not at once: who waits for what a call does finds the call recorded, too.
      if (checking) return
      checking = true
      setImmediate(() => {
        checking = false
        for (const check of [...waiters]) check()
      })
    },
    record: (entry) => {
      world.traffic.push({ error: undefined, ...entry, at: Date.now() })
      world.changed()
    },
  }
  world.tokens.set(world.appToken, {
    workspace: '',
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
