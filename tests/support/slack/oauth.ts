// Installing and leaving: authorize, exchange the code, refresh, revoke. docs.slack.dev/authentication/installing-with-oauth

import { randomBytes } from 'node:crypto'
import { textOf } from './args.ts'
import { installApp } from './places.ts'
import { Refusal } from './refusal.ts'
import type { Json, User, Workspace } from './types.ts'
import type { Token, World } from './world.ts'

type Grant = {
  readonly workspace: Workspace
  readonly user: string
  readonly scopes: readonly string[]
  readonly isForOrganization: boolean
  readonly redirectUri: string | null
  readonly since: number
  used: boolean
}

export type OAuth = { readonly codes: Map<string, Grant>; readonly refreshTokens: Map<string, Workspace> }

/** A code lives ten minutes (docs.slack.dev/authentication/installing-with-oauth). */
const CODE_LIFETIME = 10 * 60_000

export type Consent = {
  readonly workspace?: Workspace | string
  readonly user?: User | string
  /** The scopes the person leaves ticked; all that are asked for when left out. */
  readonly scopes?: readonly string[]
  readonly deny?: boolean
  /** Installs to the whole organization that the workspace is in. */
  readonly isForOrganization?: boolean
}

/** Where the consent page sends the browser, its `error` or `code` and `state` in the query. */
export function authorize(world: World, oauth: OAuth, query: URLSearchParams, fallback: string, consent: Consent): URL {
  if (query.get('client_id') !== world.options.clientId) throw new Refusal('invalid_client_id')
  const asked = (query.get('scope') ?? '').split(',').filter((scope) => scope !== '')
  if (asked.length === 0) throw new Refusal('no_scopes')
  const to = new URL(query.get('redirect_uri') ?? fallback)
  const state = query.get('state')
  if (state !== null) to.searchParams.set('state', state)
  if (consent.deny) {
    to.searchParams.set('error', 'access_denied')
    return to
  }
  const id = typeof consent.workspace === 'object' ? consent.workspace.id : (consent.workspace ?? query.get('team'))
  const workspace = id ? world.workspaces.get(id) : [...world.workspaces.values()][0]
  if (!workspace) throw new Error('no such workspace to install to')
  const people = [...world.users.values()].filter((user) => user.workspace === workspace.id && !user.isBot)
  const user = typeof consent.user === 'object' ? consent.user.id : (consent.user ?? people[0]?.id ?? 'U000000000')
  const code = `${Date.now()}.${randomBytes(8).toString('hex')}`
  const scopes = asked.filter((scope) => consent.scopes?.includes(scope) ?? true)
  oauth.codes.set(code, {
    workspace,
    user,
    scopes,
    isForOrganization: consent.isForOrganization ?? false,
    redirectUri: query.get('redirect_uri'),
    since: Date.now(),
    used: false,
  })
  to.searchParams.set('code', code)
  return to
}

/** oauth.v2.access: a code for a token, or a refresh token for the next one (docs.slack.dev/authentication/using-token-rotation). */
export function access(world: World, oauth: OAuth, args: Json): Json {
  if (textOf(args, 'client_id') !== world.options.clientId) throw new Refusal('invalid_client_id')
  if (textOf(args, 'client_secret') !== world.options.clientSecret) throw new Refusal('bad_client_secret')
  if (textOf(args, 'grant_type') === 'refresh_token') {
    const old = textOf(args, 'refresh_token') ?? ''
    const workspace = oauth.refreshTokens.get(old)
    if (!workspace?.installed) throw new Refusal('invalid_refresh_token')
    oauth.refreshTokens.delete(old)
    return { ...granted(world, oauth, workspace, workspace.scopes), authed_user: {} }
  }
  const code = textOf(args, 'code')
  const grant = code === undefined ? undefined : oauth.codes.get(code)
  if (!grant || Date.now() - grant.since > CODE_LIFETIME) throw new Refusal('invalid_code')
  if (grant.used) throw new Refusal('code_already_used')
  if (grant.redirectUri !== null && textOf(args, 'redirect_uri') !== grant.redirectUri) {
    throw new Refusal('bad_redirect_uri')
  }
  grant.used = true
  const forAll = { team: null, is_enterprise_install: true }
  return {
    ...granted(world, oauth, grant.workspace, grant.scopes),
    ...(grant.isForOrganization ? forAll : {}),
    authed_user: { id: grant.user },
  }
}

function granted(world: World, oauth: OAuth, workspace: Workspace, scopes: readonly string[]): Json {
  const lifetime = world.options.tokenLifetime
  // The same installation again gets the same token, unless tokens rotate.
  const same = lifetime === undefined && workspace.installed && String(workspace.scopes) === String(scopes)
  const token = same ? workspace.botToken : installApp(world, workspace, scopes, lifetime)
  const rotation = lifetime === undefined ? {} : { expires_in: lifetime, refresh_token: refreshToken(oauth, workspace) }
  return {
    access_token: token,
    token_type: 'bot',
    scope: scopes.join(),
    bot_user_id: workspace.botUserId,
    app_id: world.appId,
    team: { id: workspace.id, name: workspace.name },
    enterprise: workspace.enterprise ?? null,
    is_enterprise_install: false,
    ...rotation,
  }
}

function refreshToken(oauth: OAuth, workspace: Workspace): string {
  const token = `xoxe-1-${randomBytes(24).toString('hex')}`
  oauth.refreshTokens.set(token, workspace)
  return token
}

/** Makes every bot token of a workspace useless; calls with them answer the error named. */
export function endTokens(world: World, workspace: Workspace, error: Exclude<Token['state'], 'good'>): void {
  for (const token of world.tokens.values()) {
    if (token.workspace === workspace.id && token.state !== 'account_inactive') token.state = error
  }
  if (error !== 'token_expired') workspace.installed = false
}

export type InstallOptions = Consent & {
  /** The app's page with the button, and where its OAuth answers go when the app does not say. */
  readonly installPath?: string
  readonly redirectPath?: string
  /** What comes back as `state`: another one, or none. */
  readonly state?: 'wrong' | 'missing'
  /** The browser lost the app's cookie, or never had it. */
  readonly withoutCookie?: boolean
}
export type InstallResult = {
  readonly authorizeUrl: string
  readonly redirectUrl: string
  readonly status: number
  readonly body: string
}

/** Walks the installation as a browser does; throws when the install page leads nowhere. */
export async function install(
  world: World,
  oauth: OAuth,
  baseUrl: string,
  options: InstallOptions = {},
): Promise<InstallResult> {
  const page = await fetch(new URL(options.installPath ?? '/slack/install', baseUrl), { redirect: 'manual' })
  const cookies = page.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  const html = await page.text()
  const link = page.headers.get('location') ?? /href="([^"]*\/oauth\/v2\/authorize[^"]*)"/.exec(html)?.[1]
  if (!link) throw new Error(`no way to authorize on the install page (${page.status}): ${html.slice(0, 300)}`)
  const authorizeUrl = link.replaceAll('&amp;', '&')
  const fallback = new URL(options.redirectPath ?? '/slack/oauth_redirect', baseUrl).href
  const redirect = authorize(world, oauth, new URL(authorizeUrl).searchParams, fallback, options)
  if (options.state === 'wrong') redirect.searchParams.set('state', `not-${redirect.searchParams.get('state')}`)
  if (options.state === 'missing') redirect.searchParams.delete('state')
  const headers: Record<string, string> = options.withoutCookie ? {} : { cookie: cookies.join('; ') }
  const back = await fetch(redirect, { headers, redirect: 'manual' })
  return { authorizeUrl, redirectUrl: redirect.href, status: back.status, body: await back.text() }
}
