// Whom a message would notify. https://docs.discord.com/developers/resources/message#allowed-mentions-object

import type { Form, Path } from './errors.ts'
import type { Channel, User, World } from './world.ts'

export type AllowedMentions = {
  parse?: string[] | null
  users?: string[] | null
  roles?: string[] | null
  replied_user?: boolean | null
}

export type Mentions = { users: User[]; roles: string[]; everyone: boolean }

export function checkAllowedMentions(form: Form, path: Path, allowed: AllowedMentions | null | undefined): void {
  for (const kind of ['users', 'roles'] as const) {
    if (allowed?.[kind] == null) continue
    form.list([...path, kind], allowed[kind], 0, 100)
    if (allowed.parse?.includes(kind) && allowed[kind].length > 0) {
      const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`
      form.add(path, 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', message)
    }
  }
  for (const [index, value] of (allowed?.parse ?? []).entries()) {
    if (['users', 'roles', 'everyone'].includes(value)) continue
    form.add([...path, 'parse', index], 'BASE_TYPE_CHOICES', "Value must be one of ('users', 'roles', 'everyone').")
  }
}

/**
 * @param texts the content and every text display
 * @param mayPingEveryone whether the sender has MENTION_EVERYONE; without it @everyone and roles that are not mentionable ping nobody
 */
export function mentionsIn(
  world: World,
  channel: Channel,
  texts: readonly string[],
  allowed: AllowedMentions | null | undefined,
  mayPingEveryone: boolean,
): Mentions {
  const text = texts.join('\n')
  const permits = (kind: 'users' | 'roles', id: string) =>
    allowed == null || (allowed.parse?.includes(kind) ?? false) || (allowed[kind]?.includes(id) ?? false)
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId)
  const users = [...text.matchAll(/<@!?(\d+)>/g)].map(([, id = '']) => world.users.get(id))
  const roles = [...text.matchAll(/<@&(\d+)>/g)].map(([, id = '']) => guild?.roles.find((role) => role.id === id))
  return {
    users: [...new Set(users.filter((user) => user !== undefined && permits('users', user.id)))] as User[],
    roles: [
      ...new Set(
        roles.flatMap((role) =>
          role && (role.mentionable || mayPingEveryone) && permits('roles', role.id) ? [role.id] : [],
        ),
      ),
    ],
    everyone:
      /@(everyone|here)\b/.test(text) &&
      mayPingEveryone &&
      (allowed == null || (allowed.parse?.includes('everyone') ?? false)),
  }
}
