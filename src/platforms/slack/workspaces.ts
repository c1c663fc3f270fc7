// The workspaces that the bot is in, each with its web clients. One by its token, or many by what installing the app left in the store.

import type { Logger } from 'pino'
import { PlatformError } from '../../chat/platform.ts'
import { type Clients, createClients, type Identity, identify, type OnLimit } from './client.ts'
import { codeOf } from './errors.ts'
import { SCOPES } from './scopes.ts'

export type Workspace = Identity & { readonly clients: Clients }

export type Workspaces = {
  /** @throws {PlatformError} `connection-dead` when the app is not installed there, `retry-after` when that cannot be told now. */
  of(team: string): Promise<Workspace>
  /** Whether Slack still takes the token of a workspace: what it says of removals may come late. */
  standing(team: string): Promise<Standing>
}

/** `gone`: Slack says that the app was removed. `unknown`: nobody says anything. */
export type Standing = 'alive' | 'gone' | 'unknown'

/** The one workspace of a token. */
export async function oneWorkspace(
  token: string,
  apiUrl: string | undefined,
  log: Logger,
  signal: AbortSignal,
  onLimit?: OnLimit,
): Promise<Workspaces & { readonly only: Workspace }> {
  const clients = createClients(token, apiUrl, log, onLimit)
  const only: Workspace = { ...(await identify(clients, log, signal)), clients }
  const missing = SCOPES.required.filter((scope) => only.scopes.length > 0 && !only.scopes.includes(scope))
  if (missing.length > 0) {
    log.warn({ missing }, 'the Slack app lacks scopes: add them on its page "OAuth & Permissions" and install it again')
  }
  return {
    only,
    async of(team) {
      if (team === only.team) return only
      throw new PlatformError('connection-dead', `the token is not for the workspace ${team}`)
    },
    standing: async (team) => (team === only.team ? standingOf(clients) : 'gone'),
  }
}

/** What Slack says of a token of an app that was removed. https://docs.slack.dev/reference/methods/auth.test, "Errors" */
const REMOVED: ReadonlySet<string> = new Set(['account_inactive', 'token_revoked'])

export async function standingOf(clients: Clients): Promise<Standing> {
  return clients.read.auth.test().then(
    () => 'alive',
    (error) => (REMOVED.has(codeOf(error) ?? '') ? 'gone' : 'unknown'),
  )
}
