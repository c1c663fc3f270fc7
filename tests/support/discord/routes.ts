// The REST routes of interactions, guilds, commands and the bot itself.

import { bodyOf, messageRoutes } from './channel-routes.ts'
import type { Commands } from './commands.ts'
import { refusal } from './errors.ts'
import { type CallbackBody, type Interaction, type Interactions, Callback as Kind } from './interactions.ts'
import type { Limits } from './limits.ts'
import { Flags, type Messages } from './messages.ts'
import type { Request, Route } from './rest.ts'
import { applicationJson, channelJson, guildJson, memberJson, userJson } from './wire.ts'
import { type Channel, type Guild, isThread, type World } from './world.ts'

export type Api = {
  readonly world: World
  readonly applicationId: string
  readonly messages: Messages
  readonly commands: Commands
  readonly interactions: Interactions
  readonly limits: Limits
  readonly validate: boolean
  gatewayUrl(): string
  readonly shards: number
  readonly maxConcurrency: number
  identifies(): number
  /** A thread was opened again by a message in it. */
  unarchived(thread: Channel): void
}

type Handle = Route['handle']

function interactionRoutes(api: Api): Route[] {
  const { interactions } = api

  const of = (request: Request): Interaction => {
    const { application = '', token = '' } = request.params
    return interactions.byToken(application, token)
  }

  const callback: Handle = (request) => {
    const { interaction: id = '', token = '' } = request.params
    const body = (request.body ?? {}) as CallbackBody
    const interaction = interactions.callback(id, token, body, request)
    if (request.query.get('with_response') !== 'true') return undefined
    const { original } = interaction
    const shown = body.type === Kind.message || body.type === Kind.update
    return {
      interaction: {
        id: interaction.id,
        type: interaction.type,
        channel_id: interaction.channel.id,
        ...(interaction.channel.guildId === undefined ? {} : { guild_id: interaction.channel.guildId }),
        ...(original
          ? {
              response_message_id: original.message.id,
              response_message_loading: (original.message.flags & Flags.loading) !== 0,
              response_message_ephemeral: (original.message.flags & Flags.ephemeral) !== 0,
            }
          : {}),
      },
      ...(shown && original ? { resource: { type: body.type, message: original.message } } : {}),
    }
  }

  const patch: Handle = (request) => {
    const interaction = of(request)
    const stored = interactions.message(interaction, request.params['message'] ?? '')
    interactions.edit(interaction, stored, bodyOf(request), request.files)
    return stored.message
  }

  const remove: Handle = (request) => {
    const interaction = of(request)
    interactions.remove(interaction, interactions.message(interaction, request.params['message'] ?? ''))
    return undefined
  }

  const webhook = '/webhooks/:application/:token'
  const message = `${webhook}/messages/:message`
  return [
    { method: 'POST', pattern: '/interactions/:interaction/:token/callback', auth: false, handle: callback },
    {
      method: 'POST',
      pattern: webhook,
      auth: false,
      handle: (request) => interactions.followUp(of(request), bodyOf(request), request.files).message,
    },
    {
      method: 'GET',
      pattern: message,
      auth: false,
      handle: (request) => interactions.message(of(request), request.params['message'] ?? '').message,
    },
    { method: 'PATCH', pattern: message, auth: false, handle: patch },
    { method: 'DELETE', pattern: message, auth: false, handle: remove },
  ]
}

function guildRoutes(api: Api): Route[] {
  const { world, commands, applicationId } = api

  function guildOf(params: Request['params']): Guild {
    const guild = world.guilds.get(params['guild'] ?? '')
    if (!guild) throw refusal('unknownGuild')
    if (!guild.botIsMember) throw refusal('missingAccess')
    return guild
  }

  /** The guild whose commands are meant; undefined for the global ones. */
  function place(params: Request['params']): string | undefined {
    if (params['application'] !== applicationId) throw refusal('missingAccess')
    return params['guild'] === undefined ? undefined : guildOf(params).id
  }

  const member: Handle = ({ params }) => {
    const id = params['user'] === '@me' ? world.bot.id : (params['user'] ?? '')
    const found = guildOf(params).members.get(id)
    if (!found) throw refusal('unknownMember')
    return memberJson(found)
  }

  const get = (pattern: string, handle: Handle): Route => ({ method: 'GET', pattern, auth: true, handle })
  const places = ['/applications/:application/commands', '/applications/:application/guilds/:guild/commands']
  return [
    ...places.flatMap((pattern): Route[] => [
      get(pattern, ({ params, query }) => commands.list(place(params), query.get('with_localizations') === 'true')),
      { method: 'PUT', pattern, auth: true, handle: ({ params, body }) => commands.overwrite(place(params), body) },
    ]),
    get('/gateway/bot', () => ({
      url: api.gatewayUrl(),
      shards: api.shards,
      session_start_limit: {
        total: 1000,
        remaining: 1000 - api.identifies(),
        reset_after: 86_400_000,
        max_concurrency: api.maxConcurrency,
      },
    })),
    get('/users/@me', () => ({
      ...userJson(world.bot),
      verified: true,
      mfa_enabled: true,
      email: null,
      locale: 'en-US',
    })),
    get('/users/:user', ({ params }) => {
      const user = world.users.get(params['user'] ?? '')
      if (!user) throw refusal('unknownUser')
      return userJson(user)
    }),
    get('/oauth2/applications/@me', () => applicationJson(world, applicationId)),
    get('/applications/@me', () => applicationJson(world, applicationId)),
    get('/users/@me/guilds', () =>
      [...world.guilds.values()]
        .filter(({ botIsMember }) => botIsMember)
        .map(({ id, name, ownerId }) => ({
          id,
          name,
          icon: null,
          banner: null,
          owner: ownerId === world.bot.id,
          permissions: '0',
          features: [],
        })),
    ),
    get('/guilds/:guild', ({ params }) => guildJson(world, guildOf(params))),
    get('/guilds/:guild/members/:user', member),
    get('/guilds/:guild/channels', ({ params }) =>
      guildOf(params)
        .channels.filter((channel) => !isThread(channel))
        .map((channel) => channelJson(world, channel)),
    ),
    get('/guilds/:guild/roles', ({ params }) => guildJson(world, guildOf(params)).roles),
  ]
}

export function routes(api: Api): Route[] {
  return [...messageRoutes(api), ...interactionRoutes(api), ...guildRoutes(api)]
}
