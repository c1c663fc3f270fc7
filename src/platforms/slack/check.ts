// What would keep a post from a channel or a person, asked of Slack, in words for an admin.

import type { Checked, Destination, Obstacle } from '../../chat/platform.ts'
import { type Locale, type Translator, translator } from '../../locales/locale.ts'
import { codeOf, isDead, toPlatformError } from './errors.ts'
import { userOf } from './ids.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** Never rejects. */
export async function check(workspaces: Workspaces, destination: Destination, locale: Locale): Promise<Checked> {
  const t = translator(locale)
  const label = 'channel' in destination ? destination.channel : userOf(destination.user)
  try {
    const workspace = await workspaces.of(destination.connection)
    return 'channel' in destination
      ? await checkChannel(workspace, destination.channel, t)
      : await checkPerson(workspace, label, t)
  } catch (error) {
    return { label, obstacles: [obstacleOf(error, t)], warnings: [] }
  }
}

async function checkPerson({ clients }: Workspace, id: string, t: Translator): Promise<Checked> {
  const { user } = await clients.read.users.info({ user: id })
  const obstacles =
    user?.deleted === true ? [{ problem: t('slack.check.noUser'), remedy: t('slack.check.otherUser') }] : []
  return { label: `@${user?.profile?.display_name || user?.name || id}`, obstacles, warnings: [] }
}

async function checkChannel({ clients }: Workspace, id: string, t: Translator): Promise<Checked> {
  const { user } = await clients.read.auth.test()
  const invite = { remedy: t('slack.check.invite', { bot: user ?? 'bot' }) }
  try {
    const { channel, response_metadata } = await clients.read.conversations.info({ channel: id })
    const scopes = response_metadata?.scopes ?? []
    const isMember = channel?.is_member === true
    const obstacles: Obstacle[] = []
    if (channel?.is_archived === true) {
      obstacles.push({ problem: t('slack.check.archived'), remedy: t('slack.check.unarchive') })
    } else if (!isMember && (channel?.is_private === true || !scopes.includes('chat:write.public'))) {
      obstacles.push({ problem: t('slack.check.notIn'), ...invite })
    }
    const warnings: Obstacle[] = []
    const history = channel?.is_private === true ? 'groups:history' : 'channels:history'
    if (!scopes.includes(history)) {
      warnings.push({ problem: t('slack.check.noHistory'), remedy: t('slack.check.addScope', { scope: history }) })
    } else if (!isMember && obstacles.length === 0) {
      // It may post without being in the channel, but not read there.
      warnings.push({ problem: t('slack.check.noHistory'), ...invite })
    }
    for (const [scope, lost] of [
      ['files:write', t('slack.check.noFiles')],
      ['chat:write.public', t('slack.check.noPublic')],
    ] as const) {
      if (!scopes.includes(scope)) warnings.push({ problem: lost, remedy: t('slack.check.addScope', { scope }) })
    }
    return { label: channel?.name ? `#${channel.name}` : id, obstacles, warnings }
  } catch (error) {
    if (codeOf(error) !== 'channel_not_found') throw error
    return { label: id, obstacles: [{ problem: t('slack.check.unknown'), ...invite }], warnings: [] }
  }
}

function obstacleOf(error: unknown, t: Translator): Obstacle {
  const code = codeOf(error)
  if (code === 'user_not_found') return { problem: t('slack.check.noUser'), remedy: t('slack.check.otherUser') }
  if (code === 'missing_scope') {
    const scope = neededScope(error)
    return { problem: t('slack.check.scope', { scope }), remedy: t('slack.check.addScope', { scope }) }
  }
  const { kind, message } = toPlatformError(error)
  if (isDead(error) || kind === 'connection-dead') {
    return { problem: t('slack.check.dead'), remedy: t('slack.check.reinstall') }
  }
  return { problem: t('slack.check.unreachable', { reason: message }), remedy: t('slack.check.later') }
}

/** Slack says which scope a method needs. https://docs.slack.dev/apis/web-api/#evaluating_responses */
function neededScope(error: unknown): string {
  const data = error instanceof Error && 'data' in error ? error.data : undefined
  const needed = typeof data === 'object' && data !== null && 'needed' in data ? data.needed : undefined
  return typeof needed === 'string' ? needed : 'channels:read'
}
