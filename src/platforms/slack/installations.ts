// Many workspaces: what installing the app brought, kept encrypted on the connection, and the tokens that come of it.

import type { Installation, InstallationStore } from '@slack/bolt'
import { InstallProvider } from '@slack/oauth'
import type { Logger } from 'pino'
import { PlatformError } from '../../chat/platform.ts'
import type { Clock } from '../../clock.ts'
import { findConnection } from '../../store/connections.ts'
import type { Store } from '../../store/open.ts'
import { connectionClosed, connectionOpened } from '../../study/connections.ts'
import { type Clients, clientOptions, createClients, slackLogger } from './client.ts'
import { SealError, seal, unseal } from './seal.ts'
import { isAnswered, type Workspace, type Workspaces } from './workspaces.ts'

export type InstallationParts = {
  readonly store: Store
  readonly clock: Clock
  readonly secretKey: Buffer
  readonly log: Logger
}

function ownerOf(team: string): string {
  return `slack/${team}`
}

/** Installations of workspaces; an organization's is refused, since the bot keeps a community for each workspace. */
export function installationStore({ store, clock, secretKey, log }: InstallationParts): InstallationStore {
  return {
    async storeInstallation(installation: Installation) {
      const { team } = installation
      if (!team || installation.isEnterpriseInstall) throw new Error('an installation for a whole organization')
      const secret = seal(JSON.stringify(installation), secretKey, ownerOf(team.id))
      const connection = { platform: 'slack' as const, id: team.id, name: team.name ?? team.id, secret }
      await connectionOpened(store, connection, clock.now())
    },
    async fetchInstallation({ teamId }) {
      const found = teamId === undefined ? undefined : await findConnection(store.db, 'slack', teamId)
      if (teamId === undefined || !found?.secret || found.closed_at !== null) {
        throw new PlatformError('connection-dead', `the app is not installed in ${teamId ?? 'that workspace'}`)
      }
      try {
        return JSON.parse(unseal(found.secret, secretKey, ownerOf(teamId))) as Installation<'v2', false>
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        log.error({ team: teamId, reason: error.message }, 'the token of a workspace cannot be read')
        throw new PlatformError('connection-dead', `the token of ${teamId} cannot be read: ${error.message}`, {
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

/** Slack's own OAuth: states that are signed and tied to the browser, codes exchanged for tokens, tokens renewed. */
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

/** Workspaces by their installations. A token that is about to end is renewed first, by one of those who ask at the same time. */
export function manyWorkspaces(
  provider: InstallProvider,
  installations: InstallationStore,
  apiUrl: string | undefined,
  log: Logger,
): Workspaces {
  const authorizing = new Map<string, Promise<Workspace>>()
  const clientsOf = new Map<string, { token: string; clients: Clients }>()

  async function authorize(team: string): Promise<Workspace> {
    const query = { teamId: team, enterpriseId: undefined, isEnterpriseInstall: false } as const
    const installation = await installations.fetchInstallation(query)
    const { botToken, botId, botUserId } = await provider.authorize(query).catch((error) => {
      throw new PlatformError('retry-after', `the token of ${team} could not be read or renewed`, { cause: error })
    })
    if (botToken === undefined)
      throw new PlatformError('connection-dead', `the installation of ${team} has no bot token`)
    const known = clientsOf.get(team)
    const clients = known?.token === botToken ? known.clients : createClients(botToken, apiUrl, log)
    clientsOf.set(team, { token: botToken, clients })
    return {
      team,
      teamName: installation.team?.name ?? team,
      botId: botId ?? '',
      botUserId: botUserId ?? '',
      scopes: installation.bot?.scopes ?? [],
      clients,
    }
  }

  function of(team: string): Promise<Workspace> {
    const running = authorizing.get(team)
    if (running) return running
    const begun = authorize(team).finally(() => authorizing.delete(team))
    authorizing.set(team, begun)
    return begun
  }

  return {
    of,
    isAlive: async (team) =>
      of(team).then(
        ({ clients }) => isAnswered(clients),
        () => false,
      ),
  }
}
