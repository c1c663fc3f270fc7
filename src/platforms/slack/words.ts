// The text after a slash command as Slack sends it: `<@U1|name>` for a person, `<#C1|name>` for a channel, three characters escaped.
// https://docs.slack.dev/interactivity/implementing-slash-commands#escaping

import { type OptionKind, optionsOf } from '../../chat/command.ts'
import type { StudyCommand } from '../../commands/context.ts'
import type { Parsed } from '../../commands/reading/grammar.ts'
import { accountId } from './ids.ts'
import type { People } from './people.ts'
import type { Sources } from './sources.ts'

/** A mention, with the words that Slack shows for it. */
type Mention = { readonly sign: '@' | '#'; readonly id: string; readonly shown: string }

export type CommandText = { readonly line: string; readonly mentions: ReadonlyMap<string, Mention> }

const MARKED = /<([@#!])([^<>|]+)(?:\|([^<>]*))?>|<((?:https?|mailto):[^<>|]+)(?:\|[^<>]*)?>/g
const TOKEN = /⟦\d+⟧/gu

/** The line with a token for each mention: one word, whatever the name is made of. */
export function readText(raw: string): CommandText {
  const mentions = new Map<string, Mention>()
  const line = raw.replace(MARKED, (_all, sign?: string, id = '', shown?: string, url?: string) => {
    if (url !== undefined) return url
    // `<!here>` and `<!subteam^S1|@group>` are words here.
    if (sign === '!') return shown?.replace(/^@?/, '@') ?? `@${id.split('^').at(-1)}`
    const token = `⟦${mentions.size}⟧`
    mentions.set(token, { sign: sign === '#' ? '#' : '@', id, shown: unescaped(shown ?? '') || id })
    return token
  })
  return { line: unescaped(line), mentions }
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** The accounts of the people that a line mentions. */
export function mentioned({ mentions }: CommandText, team: string): string[] {
  return [...mentions.values()].flatMap(({ sign, id }) => (sign === '@' ? [accountId(team, id)] : []))
}

/**
 * What was parsed, with ids where the command takes one and names everywhere else.
 *
 * @param known the accounts that the bot knows: of anybody else the name is shown, in a form that is nobody's
 */
export function withMentions(
  parsed: Parsed,
  { mentions }: CommandText,
  team: string,
  known: ReadonlySet<string>,
): Parsed {
  if (mentions.size === 0) return parsed
  if (parsed.kind === 'unknown-command' || parsed.kind === 'unknown-word')
    return { ...parsed, word: named(parsed.word, mentions) }
  const kinds = new Map(optionsOf(parsed.command).map(({ name, kind }) => [name, kind]))
  // Where a channel is asked for, one that stands elsewhere is still it, and its form finds it by the id.
  const takesChannel = [...kinds.values()].includes('channel')
  const options = Object.entries(parsed.options).map(([name, value]) => [
    name,
    idIn(value, kinds.get(name), mentions, team, known) ?? named(value, mentions, takesChannel),
  ])
  return { ...parsed, options: Object.fromEntries(options) }
}

function idIn(
  value: string,
  kind: OptionKind | undefined,
  mentions: CommandText['mentions'],
  team: string,
  known: ReadonlySet<string>,
): string | undefined {
  const mention = mentions.get(value.trim())
  if (kind === 'member' && mention?.sign === '@') {
    const account = accountId(team, mention.id)
    return known.has(account) ? account : nobody(mention.shown)
  }
  return kind === 'channel' && mention?.sign === '#' ? mention.id : undefined
}

/** The word joiner is in no name of the store, so that nobody else who goes by this name is taken for the person. */
function nobody(shown: string): string {
  return `@${shown}\u2060`
}

/** What was chosen in a form, with the accounts of people: of anybody whom the bot does not know the name, in a form that is nobody's. */
export async function withAccounts(
  command: StudyCommand,
  options: Readonly<Record<string, string>>,
  team: string,
  sources: Pick<Sources, 'knownAmong'>,
  people: Pick<People, 'profile'>,
): Promise<Readonly<Record<string, string>>> {
  const accounts = { ...options }
  for (const { name, kind } of optionsOf(command)) {
    const user = options[name]
    if (kind !== 'member' || user === undefined) continue
    const account = accountId(team, user)
    const isKnown = (await sources.knownAmong([account])).has(account)
    accounts[name] = isKnown ? account : nobody((await people.profile(team, user))?.name ?? user)
  }
  return accounts
}

function named(value: string, mentions: CommandText['mentions'], asIds = false): string {
  return value.replace(TOKEN, (token) => {
    const mention = mentions.get(token)
    if (asIds && mention?.sign === '#') return mention.id
    return mention ? `${mention.sign}${mention.shown}` : token
  })
}
