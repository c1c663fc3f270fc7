// The app as Slack creates it from one paste: commands, pages, events and scopes, made from the command table.
// https://docs.slack.dev/reference/app-manifest

import type { StudyCommand } from '../../commands/context.ts'
import { usage } from '../../commands/help.ts'
import { groupName } from '../../commands/reading/grammar.ts'
import { type Locale, translator } from '../../locales/locale.ts'
import { MANIFEST_LIMITS } from './limits.ts'
import { REDIRECT_PATH } from './oauth.ts'
import { SCOPES } from './scopes.ts'

export type ManifestOptions = {
  /** Slack has no localized commands: their descriptions are in this language. */
  readonly locale: Locale
  readonly commandPrefix: string
  /** Where Slack reaches the bot, such as `https://bot.example.com`; undefined for Socket Mode. */
  readonly baseUrl: string | undefined
  /** Whether workspaces install it with OAuth: then tokens are renewed too. */
  readonly oauth: boolean
}

/**
 * What tells that a channel was archived or deleted. Of private channels Slack tells under names of their own.
 * https://docs.slack.dev/reference/events/group_archive
 */
export const CHANNEL_EVENTS = ['channel_archive', 'channel_deleted', 'group_archive', 'group_deleted'] as const

/** What Slack tells the bot. https://docs.slack.dev/reference/events */
const EVENTS = ['app_home_opened', 'app_uninstalled', 'tokens_revoked', ...CHANNEL_EVENTS] as const

/**
 * The manifest, as Slack takes it in JSON or YAML.
 *
 * @throws {Error} when a command does not fit: its name takes 32 characters with the prefix.
 */
export function manifest(commands: readonly StudyCommand[], options: ManifestOptions): object {
  const { locale, commandPrefix, baseUrl, oauth } = options
  const t = translator(locale)
  const request = baseUrl === undefined ? {} : { request_url: `${baseUrl}/slack/events` }
  const roots = [...new Set(commands.map(({ path }) => path[0]))]
  return {
    display_information: {
      name: t('slack.app.name'),
      description: t('slack.app.description'),
      background_color: '#4b3fd1',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'aws-study', always_online: true },
      slash_commands: roots.map((root) => slashCommand(root, commands, locale, commandPrefix, baseUrl)),
    },
    oauth_config: {
      ...(oauth && baseUrl !== undefined ? { redirect_urls: [`${baseUrl}${REDIRECT_PATH}`] } : {}),
      scopes: { bot: [...SCOPES.required, ...SCOPES.optional], bot_optional: [...SCOPES.optional] },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: [...EVENTS] },
      interactivity: {
        is_enabled: true,
        ...request,
        // Where the picker of a lookup asks while one types.
        ...(baseUrl === undefined ? {} : { message_menu_options_url: `${baseUrl}/slack/events` }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: baseUrl === undefined,
      token_rotation_enabled: oauth,
    },
  }
}

function slashCommand(
  root: string,
  commands: readonly StudyCommand[],
  locale: Locale,
  prefix: string,
  baseUrl: string | undefined,
): object {
  const own = commands.filter(({ path }) => path[0] === root)
  const leaf = own.find(({ path }) => path.length === 1)
  const name = `/${prefix}${root}`
  if (name.length > MANIFEST_LIMITS.command) {
    throw new Error(`${name} is longer than the ${MANIFEST_LIMITS.command} characters that Slack allows for a command`)
  }
  const hint = leaf ? usage(leaf, locale).split(' ').slice(1).join(' ') : hintOf(own, locale)
  return {
    command: name,
    description: leaf?.describe(locale).summary ?? translator(locale)(`root.${root}` as 'root.study'),
    usage_hint: hint,
    // Mentions come as ids then.
    should_escape: true,
    ...(baseUrl === undefined ? {} : { url: `${baseUrl}/slack/events` }),
  }
}

/** The second words of a command. */
function hintOf(commands: readonly StudyCommand[], locale: Locale): string {
  const words = [
    ...new Set(
      commands.map((command) =>
        command.path.length === 2 ? command.describe(locale).name : groupName(command.path[1] ?? '', locale),
      ),
    ),
  ]
  return words.join(' | ')
}
