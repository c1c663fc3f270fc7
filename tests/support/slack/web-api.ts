// The Web API over HTTP: arguments, tokens, scopes, limits, faults; the methods themselves are elsewhere.

import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { needed, textOf } from './args.ts'
import { postEphemeral, postMessage, remove, update } from './chat.ts'
import * as conversations from './conversations.ts'
import { take } from './faults.ts'
import { completeUpload, filesInfo, getUploadUrl, receiveUpload } from './files.ts'
import { access, authorize, type OAuth } from './oauth.ts'
import { Refusal } from './refusal.ts'
import { respond } from './response-url.ts'
import type { Json } from './types.ts'
import { openView, publishView, pushView, updateView } from './views.ts'
import type { Token, World } from './world.ts'

type Run = (world: World, args: Json, token: Token) => Json

type Method = {
  /** The scope it needs; undefined: none. Methods whose scope depends on the channel check it themselves. */
  readonly scope?: string
  readonly kind?: Token['kind'] | 'any' | 'none'
  readonly run: Run
}

/** What the rest of the simulator does for the Web API. */
export type Services = {
  readonly oauth: OAuth
  connect(): string
  revoke: Run
  uninstall: Run
}

/** docs.slack.dev/reference/methods: the scope of each. */
function methods(services: Services): Record<string, Method> {
  return {
    'api.test': { kind: 'none', run: () => ({}) },
    'auth.test': { kind: 'any', run: conversations.authTest },
    'auth.revoke': { kind: 'any', run: services.revoke },
    'apps.connections.open': { kind: 'app', scope: 'connections:write', run: () => ({ url: services.connect() }) },
    'apps.uninstall': { run: services.uninstall },
    'chat.postMessage': { scope: 'chat:write', run: postMessage },
    'chat.postEphemeral': { scope: 'chat:write', run: postEphemeral },
    'chat.update': { scope: 'chat:write', run: update },
    'chat.delete': { scope: 'chat:write', run: remove },
    'chat.getPermalink': { run: conversations.permalink },
    'conversations.info': { run: conversations.info },
    'conversations.history': { run: conversations.history },
    'conversations.members': { run: conversations.members },
    'conversations.list': { run: conversations.list },
    'conversations.open': { scope: 'im:write', run: conversations.open },
    'team.info': { scope: 'team:read', run: conversations.teamInfo },
    'users.info': { scope: 'users:read', run: conversations.usersInfo },
    'views.open': { run: openView },
    'views.push': { run: pushView },
    'views.update': { run: updateView },
    'views.publish': { run: publishView },
    'files.getUploadURLExternal': { scope: 'files:write', run: getUploadUrl },
    'files.completeUploadExternal': { scope: 'files:write', run: completeUpload },
    'files.info': { scope: 'files:read', run: filesInfo },
    'oauth.v2.access': { kind: 'none', run: (world, args) => access(world, services.oauth, args) },
  }
}

type Answer = { status: number; body: string | Json; headers?: Record<string, string>; error?: string }

export type WebApi = { readonly origin: string; cut(): void; close(): Promise<void> }

export async function startWebApi(world: World, services: Services): Promise<WebApi> {
  const table = methods(services)
  const posts = new Map<string, number>()
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error('the Slack simulator failed', error)
      response.destroy()
    })
  })
  server.on('connection', (socket) => {
    if (world.faults.down) socket.destroy()
  })
  server.keepAliveTimeout = 60_000

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', world.origin)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const [, root = '', ...rest] = pathname.split('/')
    if (root === 'oauth' && request.method === 'GET') {
      const to = authorize(world, services.oauth, searchParams, searchParams.get('redirect_uri') ?? '', {})
      response.writeHead(302, { location: to.href }).end()
      return
    }
    const type = request.headers['content-type'] ?? ''
    const name = root === 'api' ? rest.join('/') : root === 'upload' ? 'files.upload' : 'response_url'
    const args = root === 'upload' ? {} : await argsOf(body, type, searchParams)
    const slow = take(world.faults.delaying, name)
    if (slow?.when === 'before') await wait(slow.ms)
    const failure = take(world.faults.failing, name)
    const lost = failure === undefined && take(world.faults.losing, name) === true
    const token = root === 'api' ? tokenOf(request.headers.authorization, args) : undefined
    const known = token === undefined ? undefined : world.tokens.get(token)
    const id = rest.at(-1) ?? ''
    let workspace = known?.workspace || world.uploads.get(id)?.workspace
    workspace ??= world.responseUrls.get(id)?.interaction.workspace.id
    const answer =
      failure === undefined
        ? await answered(async () => {
            if (root === 'api') return call(name, args, token, known)
            if (root === 'upload') return receiveUpload(world, id, body, type)
            return respond(world, id, args)
          }, root)
        : failed(failure)
    if (slow?.when === 'after') await wait(slow.ms)
    const { token: _token, client_secret: _secret, ...shown } = args
    const ok = answer.status === 200 && answer.error === undefined
    world.record({ method: name, body: shown, status: answer.status, ok, error: answer.error, workspace })
    if (lost) return void request.socket.destroy()
    const scopes = known && {
      'x-oauth-scopes': known.scopes.join(),
      'x-accepted-oauth-scopes': table[name]?.scope ?? '',
    }
    const plain = typeof answer.body === 'string'
    response.writeHead(answer.status, {
      'content-type': plain ? 'text/plain' : 'application/json; charset=utf-8',
      'x-slack-req-id': crypto.randomUUID().replaceAll('-', ''),
      ...scopes,
      ...answer.headers,
    })
    response.end(plain ? answer.body : JSON.stringify(answer.body))
  }

  function call(name: string, args: Json, token: string | undefined, known: Token | undefined): Json {
    const method = table[name]
    if (!method) throw new Refusal('unknown_method', { req_method: name })
    const nobody: Token = { workspace: '', kind: 'bot', scopes: [], expiresAt: undefined, state: 'good' }
    if (method.kind === 'none') return method.run(world, args, nobody)
    if (token === undefined) throw new Refusal('not_authed')
    if (!known) throw new Refusal('invalid_auth')
    if (known.expiresAt !== undefined && Date.now() >= known.expiresAt) known.state = 'token_expired'
    if (known.state !== 'good') throw new Refusal(known.state)
    if (method.kind !== 'any' && known.kind !== (method.kind ?? 'bot')) throw new Refusal('not_allowed_token_type')
    if (method.scope !== undefined && !known.scopes.includes(method.scope)) {
      throw new Refusal('missing_scope', { needed: method.scope, provided: known.scopes.join() })
    }
    if (name === 'chat.postMessage') spaced(needed(args, 'channel', 'channel_not_found'))
    return method.run(world, args, known)
  }

  /** docs.slack.dev/apis/web-api/rate-limits: about one message per second and channel. */
  function spaced(channel: string): void {
    const { postsPerSecond } = world.options
    if (postsPerSecond === undefined) return
    const [now, last] = [Date.now(), posts.get(channel) ?? 0]
    if (now - last < 1000 / postsPerSecond) throw new Refusal('ratelimited')
    posts.set(channel, now)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answered(run: () => Promise<Json | string> | Json, root: string): Promise<Answer> {
  try {
    const body = await run()
    return { status: 200, body: typeof body === 'string' ? body : { ok: true, ...body } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = failed(error.error)
    if (root === 'upload') return { ...answer, status: 400 }
    const gone = error.error === 'expired_url' ? 404 : 400
    const status = root === 'api' ? answer.status : gone
    return { ...answer, status, body: { ok: false, error: error.error, ...error.details } }
  }
}

function failed(failure: string | { status: number; error?: string; retryAfter?: number; body?: string }): Answer {
  const told = typeof failure === 'string' ? { status: 200, error: failure } : failure
  const error = told.error ?? (told.status === 429 ? 'ratelimited' : 'internal_error')
  const status = error === 'ratelimited' ? 429 : told.status
  const after = 'retryAfter' in told ? told.retryAfter : undefined
  const body = ('body' in told ? told.body : undefined) ?? { ok: false, error }
  return { status, error, body, ...(status === 429 && { headers: { 'retry-after': String(after ?? 1) } }) }
}

/** `Bearer …`, else the `token` argument. */
function tokenOf(header: string | undefined, args: Json): string | undefined {
  return /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? textOf(args, 'token')
}

/** Arguments that are JSON inside a form. */
const JSON_ARGUMENTS = ['blocks', 'attachments', 'view', 'metadata', 'files', 'unfurls']

async function argsOf(body: Buffer, type: string, query: URLSearchParams): Promise<Json> {
  const args: Json = Object.fromEntries(query)
  if (type.startsWith('application/json')) return { ...args, ...(parsed(body.toString()) as Json) }
  const form = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)
    ? await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
    : new FormData()
  for (const [name, value] of form) {
    args[name] = typeof value === 'string' && JSON_ARGUMENTS.includes(name) ? parsed(value) : value
  }
  return args
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
