// The world as Discord sends it: users, members, channels, guilds and the application.

import { PermissionFlagsBits } from 'discord-api-types/v10'
import { botPermissions } from './permissions.ts'
import { type Channel, type Guild, isThread, type Member, type Role, type User, type World } from './world.ts'

export function userJson(user: User) {
  return {
    id: user.id,
    username: user.username,
    discriminator: '0',
    global_name: user.global_name,
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    accent_color: null,
    public_flags: 0,
    flags: 0,
    collectibles: null,
    primary_guild: null,
    ...(user.bot ? { bot: true } : {}),
  }
}

export type UserJson = ReturnType<typeof userJson>

export function memberJson(member: Member) {
  return {
    user: userJson(member.user),
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: member.roles,
    joined_at: member.joinedAt,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: member.mutedUntil ?? null,
    avatar_decoration_data: null,
    collectibles: null,
  }
}

function roleJson(role: Role, position: number, botId: string) {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: String(role.permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    managed: role.managed,
    mentionable: role.mentionable,
    ...(role.managed ? { tags: { bot_id: botId } } : {}),
  }
}

export function channelJson(world: World, channel: Channel) {
  const base = { id: channel.id, type: channel.type, flags: 0, last_message_id: null }
  if (channel.recipientId !== undefined) {
    const recipient = world.users.get(channel.recipientId)
    return { ...base, recipients: recipient ? [userJson(recipient)] : [] }
  }
  const shared = {
    ...base,
    guild_id: channel.guildId,
    name: channel.name,
    parent_id: channel.parentId ?? null,
    rate_limit_per_user: 0,
  }
  if (isThread(channel)) {
    return {
      ...shared,
      owner_id: world.bot.id,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: 10_080,
        archive_timestamp: new Date().toISOString(),
        create_timestamp: new Date().toISOString(),
      },
    }
  }
  return {
    ...shared,
    topic: null,
    nsfw: false,
    position: 0,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
  }
}

export function guildJson(world: World, guild: Guild) {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw: false,
    nsfw_level: 0,
    home_header: null,
    features: guild.isCommunity ? ['COMMUNITY'] : [],
    roles: guild.roles.map((role, position) => roleJson(role, position, world.bot.id)),
    emojis: [],
    stickers: [],
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    incidents_data: null,
  }
}

/** The flag CHANNEL_OBFUSCATED. */
const HIDDEN = 1 << 17

/**
 * A channel as the gateway tells of it: of one that the bot may not see, no more than that it is there.
 * https://docs.discord.com/developers/resources/channel#channel-object-obfuscated-channels
 */
export function gatewayChannelJson(world: World, channel: Channel) {
  const json = channelJson(world, channel)
  if (channel.guildId === undefined || isThread(channel)) return json
  if (botPermissions(world, channel) & PermissionFlagsBits.ViewChannel) return json
  const deny = String(PermissionFlagsBits.ViewChannel)
  const overwrites = [{ id: channel.guildId, type: 0, allow: '0', deny }]
  return { ...json, name: '___hidden___', flags: HIDDEN, permission_overwrites: overwrites }
}

/** The extra fields of GUILD_CREATE. https://docs.discord.com/developers/events/gateway-events#guild-create */
export function guildCreateJson(world: World, guild: Guild) {
  const bot = guild.members.get(world.bot.id)
  return {
    ...guildJson(world, guild),
    joined_at: bot?.joinedAt ?? null,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: bot ? [memberJson(bot)] : [],
    channels: guild.channels
      .filter((channel) => !isThread(channel))
      .map((channel) => gatewayChannelJson(world, channel)),
    // Only active threads are sent.
    threads: guild.channels
      .filter((channel) => isThread(channel) && !channel.archived)
      .map((channel) => channelJson(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

export function applicationJson(world: World, applicationId: string) {
  return {
    id: applicationId,
    name: world.bot.username,
    icon: null,
    description: '',
    type: null,
    bot: userJson(world.bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    tags: [],
    redirect_uris: [],
    integration_types_config: {
      0: { oauth2_install_params: { scopes: ['applications.commands', 'bot'], permissions: '0' } },
    },
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    owner: userJson({ id: '100000000000000001', username: 'maker', global_name: null, bot: false, closedDms: false }),
    team: null,
    approximate_guild_count: [...world.guilds.values()].filter(({ botIsMember }) => botIsMember).length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
  }
}
