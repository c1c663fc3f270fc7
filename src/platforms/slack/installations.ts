// Many workspaces: what installing the app brought, kept encrypted on the connection, and the tokens that come of it.

import { setTimeout as delay } from 'node:timers/promises'
import { type Installation, type InstallationStore, webApi } from '@slack/bolt'
import { InstallProvider } from '@slack/oauth'
import type { Logger } from 'pino'
import { PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import { findConnection, putConnection } from '../../store/connections.ts'
import type { Store } from '../../store/open.ts'
import { connectionClosed, connectionOpened } from '../../study/connections.ts'
import { type Clients, clientOptions, createClients, type OnLimit, slackLogger } from './client.ts'
import { codeOf, isDead, toPlatformError } from './errors.ts'
import { inFlight } from './in-flight.ts'
import { SealError, seal, unseal } from './seal.ts'
import { standingOf, type Workspace, type Workspaces } from './workspaces.ts'

export type InstallationParts = {
  readonly store: Store
  readonly clock: Clock
  readonly secretKey: Buffer
  readonly log: Logger
}

type Own = Installation<'v2', false>
type Bot = NonNullable<Own['bot']>

function ownerOf(team: string): string {
  return `slack/${team}`
}

export type Installations = InstallationStore & {
  /** Puts a renewed token in the place of the one that it renews, unless the app was removed or installed again meanwhile. */
  renewed(installation: Own, replaces: string): Promise<void>
}

/** Installations of workspaces; an organization's is refused, since the bot keeps a community for each workspace. */
export function installationStore({ store, clock, secretKey, log }: InstallationParts): Installations {
  function connectionFor(installation: Own) {
    const { team } = installation
    const secret = seal(JSON.stringify(installation), secretKey, ownerOf(team.id))
    return { platform: 'slack' as const, id: team.id, name: team.name ?? team.id, secret }
  }

  /** @throws {SealError} */
  function opened(secret: string, team: string): Own {
    return JSON.parse(unseal(secret, secretKey, ownerOf(team))) as Own
  }

  return {
    async storeInstallation(installation: Installation) {
      if (!installation.team || installation.isEnterpriseInstall)
        throw new Error('an installation for a whole organization')
      await connectionOpened(store, connectionFor(installation as Own), clock.now())
    },
    async renewed(installation, replaces) {
      const { id: external, ...connection } = connectionFor(installation)
      await store.write(async (tx) => {
        const found = await findConnection(tx, 'slack', external)
        if (found?.closed_at !== null || !found.secret) return
        if (opened(found.secret, external).bot?.token !== replaces) return
        await putConnection(tx, { ...connection, id: found.id, external, now: clock.now() })
      })
    },
    async fetchInstallation({ teamId }) {
      const found = teamId === undefined ? undefined : await findConnection(store.db, 'slack', teamId)
      if (teamId === undefined || !found?.secret || found.closed_at !== null) {
        throw new PlatformError('connection-dead', `the app is not installed in ${teamId ?? 'that workspace'}`)
      }
      try {
        return opened(found.secret, teamId)
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        log.error({ team: teamId, reason: error.message }, 'the token of a workspace cannot be read')
        // The bot's own mistake, and soon mended: no reason to stop the schedules of a workspace.
        throw new PlatformError('retry-after', `the token of ${teamId} cannot be read: ${error.message}`, {
          cause: error,
        })
      }
    },
    async deleteInstallation({ teamId }) {
      if (teamId !== undefined) await connectionClosed(store, { platform: 'slack', id: teamId }, clock.now())
    },
  }
}

export type ProviderOptions = {
  readonly clientId: string
  readonly clientSecret: string
  readonly secretKey: Buffer
  readonly apiUrl: string | undefined
  readonly authorizeUrl: string
  readonly log: Logger
}

/** Slack's own OAuth: states that are signed and tied to the browser, codes exchanged for tokens. */
export function createProvider(store: InstallationStore, options: ProviderOptions): InstallProvider {
  const { clientId, clientSecret, secretKey, apiUrl, authorizeUrl, log } = options
  const { logger: _logger, ...client } = clientOptions('post', apiUrl, log)
  return new InstallProvider({
    clientId,
    clientSecret,
    // The key signs states under a name of its own, so that no state can pass for a secret.
    stateSecret: `state:${secretKey.toString('hex')}`,
    installationStore: store,
    authorizationUrl: authorizeUrl,
    directInstall: true,
    logger: slackLogger(log),
    clientOptions: client,
  })
}

/** Tokens are renewed this long before their end, as @slack/oauth does: time enough to try again. In seconds. */
const RENEW_BEFORE = 2 * 60 * 60
/** How long another process may be at storing the token that it got with the same refresh token, and how often to look. In milliseconds. */
const OTHERS_STORE_WITHIN = 12_000
const LOOK_EVERY = 250

/** Workspaces by their installations. A token that is about to end is renewed meanwhile, and waited for only when it ended. */
export function manyWorkspaces(
  installations: Installations,
  options: Pick<ProviderOptions, 'clientId' | 'clientSecret' | 'apiUrl' | 'log'> & { readonly onLimit?: OnLimit },
): Workspaces {
  const { clientId, clientSecret, apiUrl, log, onLimit } = options
  // @slack/oauth's own renewal keeps to itself why it failed, and whether it did.
  const client = new webApi.WebClient(undefined, clientOptions('post', apiUrl, log))
  const reading = inFlight<Workspace>()
  const renewing = inFlight<Own>()
  /** Renewed, but not stored: the token that is stored can neither be used for long nor renewed again. */
  const unstored = new Map<string, { readonly replaces: string; readonly installation: Own }>()
  const clientsOf = new Map<string, { token: string; clients: Clients }>()

  async function fetched(team: string): Promise<{ installation: Own; bot: Bot }> {
    const query = { teamId: team, enterpriseId: undefined, isEnterpriseInstall: false } as const
    const stored = (await installations.fetchInstallation(query)) as Own
    const newer = unstored.get(team)
    const installation = newer && newer.replaces === stored.bot?.token ? newer.installation : stored
    if (installation === stored) unstored.delete(team)
    else await keep(team, installation, stored.bot?.token ?? '')
    const { bot } = installation
    if (!bot) throw new PlatformError('connection-dead', `the installation of ${team} has no bot token`)
    return { installation, bot }
  }

  async function keep(team: string, installation: Own, replaces: string): Promise<void> {
    try {
      await installations.renewed(installation, replaces)
      unstored.delete(team)
    } catch (error) {
      unstored.set(team, { replaces, installation })
      log.error({ err: error, team }, 'a renewed token could not be stored; it is tried again')
    }
  }

  async function renew(team: string, installation: Own, bot: Bot): Promise<Own> {
    try {
      const { access_token, refresh_token, expires_in } = await client.oauth.v2.access({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'refresh_token',
        refresh_token: bot.refreshToken ?? '',
      })
      if (!access_token || !refresh_token || !expires_in) throw new Error('Slack gave no new token')
      const expiresAt = seconds() + expires_in
      const renewed = { ...installation, bot: { ...bot, token: access_token, refreshToken: refresh_token, expiresAt } }
      await keep(team, renewed, bot.token)
      return renewed
    } catch (error) {
      // A refresh token is good for once: another process may have been first, and about to store what it got.
      const isUsed = codeOf(error) === 'invalid_refresh_token'
      const until = performance.now() + (isUsed ? OTHERS_STORE_WITHIN : 0)
      for (;;) {
        const now = await fetched(team)
        if (now.bot.token !== bot.token) return now.installation
        if (performance.now() >= until) break
        await delay(LOOK_EVERY)
      }
      const isFinal = isUsed || isDead(error)
      log.warn({ team, reason: codeOf(error) ?? toPlatformError(error).message }, 'a token could not be renewed')
      throw new PlatformError(
        isFinal ? 'connection-dead' : 'retry-after',
        `the token of ${team} ended and could not be renewed`,
        { cause: error },
      )
    }
  }

  async function read(team: string): Promise<Workspace> {
    const { installation, bot } = await fetched(team)
    const left = bot.refreshToken && bot.expiresAt ? bot.expiresAt - seconds() : Number.POSITIVE_INFINITY
    if (left > RENEW_BEFORE) return workspaceOf(team, installation)
    const renewal = renewing(team, () => renew(team, installation, bot))
    if (left <= 0) return workspaceOf(team, await renewal)
    // Nobody has to wait: it is good for a while, and whoever asks next tries again.
    renewal.catch(() => {})
    return workspaceOf(team, installation)
  }

  function workspaceOf(team: string, { team: named, bot }: Own): Workspace {
    const token = bot?.token ?? ''
    const known = clientsOf.get(team)
    const clients = known?.token === token ? known.clients : createClients(token, apiUrl, log, onLimit)
    clientsOf.set(team, { token, clients })
    return {
      team,
      teamName: named.name ?? team,
      botId: bot?.id ?? '',
      botUserId: bot?.userId ?? '',
      scopes: bot?.scopes ?? [],
      clients,
    }
  }

  function of(team: string): Promise<Workspace> {
    return reading(team, () =>
      read(team).catch((error) => {
        if (error instanceof PlatformError && error.kind === 'connection-dead') forget(team)
        throw error
      }),
    )
  }

  /** Of a workspace that removed the app no token stays in memory. */
  function forget(team: string): void {
    clientsOf.delete(team)
    unstored.delete(team)
  }

  return {
    of,
    standing: async (team) => {
      const standing = await of(team).then(
        ({ clients }) => standingOf(clients),
        () => 'unknown' as const,
      )
      // Asked when it may be gone, and if it is nobody asks for it again; whoever does gets new clients.
      if (standing !== 'alive') clientsOf.delete(team)
      return standing
    },
  }
}

/** The time that @slack/oauth goes by, too. */
function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
