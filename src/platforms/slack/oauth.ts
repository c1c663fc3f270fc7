// Installing the app from a browser: two routes, and the pages that end the way. https://docs.slack.dev/authentication/installing-with-oauth

import { type IncomingMessage, ServerResponse } from 'node:http'
import type { CodedError } from '@slack/bolt'
import type { InstallProvider } from '@slack/oauth'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Logger } from 'pino'
import { acceptedLocale, type Locale, translator } from '../../locales/locale.ts'
import type { Routes } from '../web.ts'
import { SCOPES } from './scopes.ts'

const INSTALL_PATH = '/slack/install'
export const REDIRECT_PATH = '/slack/oauth_redirect'

export type OAuthParts = {
  readonly provider: InstallProvider
  /** The lookup, as it is written: `/aws`. */
  readonly command: string
  readonly defaultLocale: Locale
  /** Called when the app was installed, with who did it. Never rejects. */
  readonly onInstalled: (team: { readonly id: string; readonly name: string }, user: string) => Promise<void>
  readonly log: Logger
}

type Page = 'done' | 'refused' | 'failed' | 'organization'

export function createOAuthRoutes({ provider, command, defaultLocale, onInstalled, log }: OAuthParts): Routes {
  const routes: Routes = new Hono()
  const install = { scopes: [...SCOPES.required, ...SCOPES.optional] }

  async function show(to: ServerResponse, from: IncomingMessage, page: Page, workspace = ''): Promise<void> {
    const locale = acceptedLocale(from.headers['accept-language']) ?? defaultLocale
    const t = translator(locale)
    const body = await html`<!doctype html><html lang="${locale}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${t(`slack.install.${page}.title`)}</title></head>
<body><main><h1>${t(`slack.install.${page}.title`)}</h1><p>${t(`slack.install.${page}.text`, { workspace, command })}</p>
${page === 'done' ? '' : html`<p><a href="${INSTALL_PATH}">${t('slack.install.again')}</a></p>`}</main></body></html>`
    to.statusCode = page === 'done' ? 200 : 400
    to.setHeader('content-type', 'text/html; charset=utf-8')
    to.setHeader('content-security-policy', "default-src 'none'")
    to.setHeader('referrer-policy', 'no-referrer')
    to.end(body.toString())
  }

  routes.get(INSTALL_PATH, async (http) => {
    return answerOf(http.env.incoming, (from, to) => provider.handleInstallPath(from, to, undefined, install))
  })

  routes.get(REDIRECT_PATH, async (http) => {
    const callbacks: Parameters<InstallProvider['handleCallback']>[2] = {
      afterInstallation: async (installation, _options, from, to) => {
        if (!installation.isEnterpriseInstall) return true
        await show(to, from, 'organization')
        return false
      },
      successAsync: async (installation, _options, from, to) => {
        const { team, user } = installation
        log.info({ team: team?.id }, 'the app was installed in a workspace')
        if (team) await onInstalled({ id: team.id, name: team.name ?? team.id }, user.id)
        await show(to, from, 'done', team?.name)
      },
      failureAsync: async (error, _options, from, to) => {
        log.warn({ code: error.code }, 'an installation ended without success')
        await show(to, from, pageFor(error))
      },
    }
    return answerOf(http.env.incoming, (from, to) => provider.handleCallback(from, to, callbacks))
  })
  return routes
}

/** Slack's package answers for itself. Its answer goes where the others do, since an answer on the connection would be written twice. */
async function answerOf(
  from: IncomingMessage,
  handle: (from: IncomingMessage, to: ServerResponse) => Promise<void>,
): Promise<Response> {
  const to = new ServerResponse(from)
  const parts: string[] = []
  // On no connection: nothing is sent, and what would be is kept.
  to.end = (part?: unknown) => {
    if (typeof part === 'string') parts.push(part)
    return to
  }
  await handle(from, to)
  const headers = new Headers()
  for (const [name, value] of Object.entries(to.getHeaders())) {
    for (const each of [value].flat()) headers.append(name, String(each))
  }
  return new Response(parts.join(''), { status: to.statusCode, headers })
}

/** What the person did, or what went wrong with Slack. */
function pageFor({ code }: CodedError): Page {
  const refusals = [
    'slack_oauth_installer_authorization_error',
    'slack_oauth_invalid_state',
    'slack_oauth_missing_state',
    'slack_oauth_missing_code',
  ]
  return refusals.includes(code) ? 'refused' : 'failed'
}
