// A Slack on loopback: Web API, Socket Mode, signed HTTP, OAuth, and the people who use it.

import * as fs from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { courier, type Envelope } from './delivery.ts'
import { callFaults, type FaultSwitches } from './faults.ts'
import { headersFor, type Signed } from './http.ts'
import { newOutcome, type People, people } from './interactions.ts'
import { endTokens, type InstallOptions, type InstallResult, install, type OAuth } from './oauth.ts'
import { eventPayload } from './payloads.ts'
import * as places from './places.ts'
import { type Counts, type Sockets, startSockets } from './sockets.ts'
import type {
  BrokenPicture,
  Channel,
  Json,
  Message,
  Outcome,
  Recorded,
  SlackOptions,
  Transport,
  UploadedFile,
  User,
  View,
  Workspace,
} from './types.ts'
import { startWebApi, type WebApi } from './web-api.ts'
import { createWorld, type World } from './world.ts'

export { OPTIONAL_SCOPES, REQUIRED_SCOPES } from './places.ts'
export type * from './types.ts'

export type EventOptions = {
  readonly retry?: { readonly num: number; readonly reason: string }
  /** The same event so many times, one after the other. */
  readonly times?: number
  /** The other workspace that started the channel it is about, where two share one. */
  readonly host?: Workspace
}

export type Slack = People & {
  readonly apiUrl: string
  readonly authorizeUrl: string
  readonly signingSecret: string
  readonly clientId: string
  readonly clientSecret: string
  /** For Socket Mode; the app's, so the same in all workspaces. */
  readonly appToken: string
  readonly appId: string
  readonly workspaces: readonly Workspace[]
  readonly traffic: readonly Recorded[]
  /** JSON lines `{method, body}` of what the app said; an ack with a message counts as a `response_url` post. */
  writeTraffic(file: string): Promise<void>
  /** How often a method was called; with `ok`, only those that were (not) taken. */
  count(method: string, ok?: boolean): number
  addWorkspace(options?: places.WorkspaceOptions): Workspace
  addUser(workspace: Workspace, options: places.UserOptions): User
  addChannel(workspace: Workspace, options?: places.ChannelOptions): Channel
  event(workspace: Workspace, event: Json, options?: EventOptions): Promise<Outcome>
  history(channelId: string): readonly Message[]
  ephemerals(channelId: string, userId: string): readonly Message[]
  home(userId: string): View | undefined
  readonly files: readonly UploadedFile[]
  /** Pictures that Slack took though whoever looks at them sees none. */
  readonly brokenPictures: readonly BrokenPicture[]
  setTransport(workspace: Workspace, transport: Transport): void
  /** Posts to the app as anybody could; a path is resolved against the first HTTP transport. */
  rawHttp(
    path: string,
    body: string | URLSearchParams | Json,
    options?: Signed,
  ): Promise<{ status: number; body: string }>
  /** Sends the challenge of docs.slack.dev/reference/events/url_verification; true when it is answered rightly. */
  verifyUrl(url: string): Promise<boolean>
  install(baseUrl: string, options?: InstallOptions): Promise<InstallResult>
  /** Each resolves to what became of the events it brought, those the app subscribed to. */
  uninstall(workspace: Workspace): Promise<Outcome[]>
  revokeTokens(workspace: Workspace): Promise<Outcome[]>
  /** Somebody installs the app on its own page again: the workspace has a new token. */
  reinstall(workspace: Workspace): void
  archiveChannel(channel: Channel): Promise<Outcome[]>
  deleteChannel(channel: Channel): Promise<Outcome[]>
  removeBot(channel: Channel): Promise<Outcome[]>
  /** From now on the workspace's tokens answer `token_expired`, as after their lifetime. */
  expireTokens(workspace: Workspace): void
  readonly fault: FaultSwitches
  /** Resolves when every workspace's transport answers: a socket said hello, a Request URL speaks HTTP. */
  ready(limitMs?: number): Promise<void>
  /** Resolves with true when the predicate holds; it is asked on every change. */
  until(predicate: () => boolean, limitMs: number): Promise<boolean>
  /** Open sockets, and what became of all of them. */
  readonly sockets: number
  readonly counts: Readonly<Counts>
  close(): Promise<void>
}

export async function startSlack(options: SlackOptions = {}): Promise<Slack> {
  const world = createWorld(options)
  const oauth: OAuth = { codes: new Map(), refreshTokens: new Map() }
  const sockets = await startSockets(world)
  const post = courier(world, sockets)
  const workspaceOf = (id: string | undefined): Workspace => {
    const workspace = world.workspaces.get(id ?? '')
    if (!workspace) throw new Error('no such workspace')
    return workspace
  }
  const api = await startWebApi(world, {
    oauth,
    connect: sockets.ticket,
    revoke: (_world, _args, token) => {
      void revoke(workspaceOf(token.workspace))
      return { revoked: true }
    },
    uninstall: (_world, _args, token) => {
      void uninstall(workspaceOf(token.workspace))
      return {}
    },
  })
  world.origin = api.origin

  async function send(workspace: Workspace, event: Json, options: EventOptions = {}): Promise<Outcome> {
    const { retry, times = 1, host } = options
    const envelope: Envelope = {
      kind: 'events_api',
      payload: eventPayload(world, workspace, event, host),
      takesPayload: false,
      retry,
    }
    const outcome = newOutcome()
    for (let i = 0; i < times; i += 1) await post.deliverEvent(workspace, envelope, outcome)
    return outcome
  }
  function bring(workspace: Workspace, events: readonly Json[]): Promise<Outcome[]> {
    const wanted = events.filter(({ type }) => world.options.events.includes(String(type)))
    return Promise.all(wanted.map((event) => send(workspace, event)))
  }
  function revoke(workspace: Workspace): Promise<Outcome[]> {
    endTokens(world, workspace, 'token_revoked')
    return bring(workspace, [{ type: 'tokens_revoked', tokens: { oauth: [], bot: [workspace.botUserId] } }])
  }
  function uninstall(workspace: Workspace): Promise<Outcome[]> {
    endTokens(world, workspace, 'account_inactive')
    const tokens = { oauth: [], bot: [workspace.botUserId] }
    return bring(workspace, [{ type: 'app_uninstalled' }, { type: 'tokens_revoked', tokens }])
  }
  /** Private channels have events of their own names. */
  function changed(channel: Channel, change: string): Promise<Outcome[]> {
    const type = `${channel.kind === 'private' ? 'group' : 'channel'}_${change}`
    return bring(workspaceOf(channel.workspace), [{ type, channel: channel.id, user: 'U0ADMIN000' }])
  }

  return {
    ...people(world, post),
    ...switches(world, sockets, api),
    apiUrl: `${api.origin}/api/`,
    authorizeUrl: `${api.origin}/oauth/v2/authorize`,
    signingSecret: world.options.signingSecret,
    clientId: world.options.clientId,
    clientSecret: world.options.clientSecret,
    appToken: world.appToken,
    appId: world.appId,
    get workspaces() {
      return [...world.workspaces.values()]
    },
    traffic: world.traffic,
    writeTraffic: (file) => fs.writeFile(file, linesOf(world.traffic)),
    count: (method, ok) => world.traffic.filter((each) => each.method === method && each.ok === (ok ?? each.ok)).length,
    addWorkspace: (more) => places.addWorkspace(world, more),
    addUser: (workspace, more) => places.addUser(world, workspace, more),
    addChannel: (workspace, more) => places.addChannel(world, workspace, more),
    event: send,
    history: (channel) => [...(world.messages.get(channel) ?? [])],
    ephemerals: (channel, user) => (world.ephemerals.get(channel) ?? []).filter(({ to }) => to === user),
    home: (user) => world.views.get(world.homes.get(user) ?? ''),
    get files() {
      return [...world.files.values()]
    },
    brokenPictures: world.brokenPictures,
    setTransport: (workspace, transport) => {
      workspace.transport = transport
    },
    rawHttp: (path, body, signed) => raw(world, path, body, signed),
    verifyUrl: async (url) => {
      const challenge = crypto.randomUUID()
      const answer = await raw(world, url, { token: world.verificationToken, challenge, type: 'url_verification' })
      return answer.status === 200 && answer.body.includes(challenge)
    },
    install: (baseUrl, how) => install(world, oauth, baseUrl, how),
    uninstall,
    revokeTokens: revoke,
    reinstall: (workspace) => void places.installApp(world, workspace, workspace.scopes),
    archiveChannel: (channel) => {
      channel.archived = true
      return changed(channel, 'archive')
    },
    deleteChannel: (channel) => {
      channel.deleted = true
      return changed(channel, 'deleted')
    },
    removeBot: (channel) => {
      channel.botIsMember = false
      return changed(channel, 'left')
    },
    expireTokens: (workspace) => endTokens(world, workspace, 'token_expired'),
    ready: async (limit = 15_000) => {
      const all = [...world.workspaces.values()].map(({ transport }) => transport)
      const urls = all.flatMap((each) => (each === 'socket' ? [] : [each.url]))
      const needsSocket = urls.length < all.length || all.length === 0
      if (needsSocket && !(await world.until(() => sockets.open > 0, limit))) throw new Error('no socket said hello')
      await Promise.all(urls.map((url) => answers(url, limit)))
    },
    until: world.until,
    get sockets() {
      return sockets.open
    },
    counts: sockets.counts,
    close: async () => {
      world.faults.held?.release()
      post.stop()
      await Promise.all([sockets.close(), api.close()])
    },
  }
}

function switches(world: World, sockets: Sockets, api: WebApi): { fault: FaultSwitches } {
  return {
    fault: {
      ...callFaults(world.faults),
      down: () => {
        world.faults.down = true
        api.cut()
      },
      up: () => {
        world.faults.down = false
      },
      disconnectSockets: ({ warn = false, reason, graceMs } = {}) =>
        sockets.disconnect({
          reason: reason ?? (warn ? 'warning' : 'refresh_requested'),
          graceMs: graceMs ?? (warn ? 10_000 : 0),
        }),
      cutSockets: sockets.cut,
    },
  }
}

function linesOf(traffic: readonly Recorded[]): string {
  const said = traffic.map(({ method, body }) => ({ method: method === 'ack_message' ? 'response_url' : method, body }))
  return said.map((each) => `${JSON.stringify(each)}\n`).join('')
}

async function raw(
  world: World,
  path: string,
  body: string | URLSearchParams | Json,
  signed?: Signed,
): Promise<{ status: number; body: string }> {
  const transports = [...world.workspaces.values()].map(({ transport }) => transport)
  const first = transports.find((each) => each !== 'socket')
  const form = typeof body === 'string' || body instanceof URLSearchParams
  const sent = form ? String(body) : JSON.stringify(body)
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const url = new URL(path, first?.url)
  const response = await fetch(url, { method: 'POST', headers: headersFor(world, sent, type, signed), body: sent })
  return { status: response.status, body: await response.text() }
}

/** docs.slack.dev/interactivity/implementing-slash-commands: Slack looks with `ssl_check` whether a URL is there. */
async function answers(url: string, limit: number): Promise<void> {
  const until = Date.now() + limit
  const body = new URLSearchParams({ ssl_check: '1' })
  for (;;) {
    const response = await fetch(url, { method: 'POST', body }).catch(() => undefined)
    if (response) return void (await response.arrayBuffer())
    if (Date.now() > until) throw new Error(`${url} does not answer`)
    await wait(50)
  }
}
