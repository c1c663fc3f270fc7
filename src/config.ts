// The environment (and .env) as a checked Config. The only reader of process.env.

import * as fs from 'node:fs'
import { parseEnv } from 'node:util'
import type * as z from 'zod'
import type { Locale } from './locales/locale.ts'
import { revealSecrets } from './secrets.ts'
import { environment, IN_FILES, isLoopback, LOOPBACK, SECRET, variables } from './variables.ts'

export type Config = {
  /** `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. */
  readonly databaseUrl: string
  /** The most connections to a PostgreSQL server at a time. */
  readonly databasePool: number
  readonly defaults: { readonly locale: Locale; readonly timeZone: string }
  /** Where the web server listens, when there is something to serve. `port` 0 picks a free one. */
  readonly http: { readonly host: string; readonly port: number }
  /** Where a server of its own gives the metrics; undefined without one. `port` 0 picks a free one. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** Undefined when the playground is off. */
  readonly playground: { readonly secret: string | undefined } | undefined
  readonly discord: DiscordConfig | undefined
  readonly slack: SlackConfig | undefined
  readonly logLevel: string
}

export type DiscordConfig = {
  readonly token: string
  /** Base of the REST API, without the version; undefined for Discord itself. */
  readonly apiUrl: string | undefined
  /** The guild that commands are registered in; undefined for everywhere. */
  readonly devGuild: string | undefined
  /** Into how many connections the servers are divided; undefined for as many as Discord recommends. */
  readonly shards: number | undefined
  /** Requests with the token that this process sends in a second at most. */
  readonly requestsPerSecond: number
}

export type SlackConfig = {
  /** How Slack reaches the bot: over a socket that the bot opens, or signed requests to its web server. */
  readonly transport:
    | { readonly kind: 'socket'; readonly appToken: string }
    | { readonly kind: 'http'; readonly signingSecret: string }
  /** One workspace by its token, or any that installs the app; then their tokens are kept encrypted with `secretKey` (32 bytes). */
  readonly installation:
    | { readonly kind: 'one'; readonly botToken: string }
    | { readonly kind: 'many'; readonly clientId: string; readonly clientSecret: string; readonly secretKey: Buffer }
  /** Base of the Web API, with a slash at its end; undefined for Slack itself. */
  readonly apiUrl: string | undefined
  /** What stands before the names of the commands: `team-` makes `/team-aws`. */
  readonly commandPrefix: string
}

/** A value of the environment that cannot be used; `problems` has one sentence each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee .env.example for every variable.`,
    )
    this.problems = problems
  }
}

/** sysexits.h EX_CONFIG. */
export const EX_CONFIG = 78

/**
 * Checks an environment, and reads the files that it names for secrets. An empty value counts as not set, so that `PORT=` in a file
 * means the default.
 *
 * @throws {ConfigError} with every problem at once; a secret's value is never part of it.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(variables().flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const { values: given, files, problems: unread } = revealSecrets(set, IN_FILES)
  const parsed = environment.safeParse(given)
  const wrong = [...new Set((parsed.error?.issues ?? []).map((issue) => String(issue.path[0])))]
  const problems = [
    ...unread.values(),
    ...wrong.map((name) => describe(name, given[name], files.get(name))),
    // What could not be read was meant to be there.
    ...conflicts({ ...Object.fromEntries(unread), ...given, ...(wrong.includes('HOST') ? { HOST: undefined } : {}) }),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const values = parsed.data
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    databasePool: values.DATABASE_POOL,
    defaults: { locale: values.DEFAULT_LOCALE, timeZone: values.DEFAULT_TIME_ZONE },
    http: { host: values.HOST, port: values.PORT },
    metrics: values.METRICS_PORT === undefined ? undefined : { host: values.METRICS_HOST, port: values.METRICS_PORT },
    playground: isPlayground(given) ? { secret: values.PLAYGROUND_SECRET } : undefined,
    discord: toDiscord(values),
    slack: toSlack(values),
    logLevel: values.LOG_LEVEL,
  })
}

function toDiscord(values: z.infer<typeof environment>): DiscordConfig | undefined {
  if (values.DISCORD_TOKEN === undefined) return undefined
  return {
    token: values.DISCORD_TOKEN,
    apiUrl: values.DISCORD_API_URL,
    devGuild: values.DISCORD_DEV_GUILD,
    shards: values.DISCORD_SHARDS,
    requestsPerSecond: values.DISCORD_REQUESTS_PER_SECOND,
  }
}

function toSlack(values: z.infer<typeof environment>): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET } = values
  const installation: SlackConfig['installation'] | undefined =
    SLACK_BOT_TOKEN !== undefined
      ? { kind: 'one', botToken: SLACK_BOT_TOKEN }
      : SLACK_CLIENT_ID !== undefined && SLACK_CLIENT_SECRET !== undefined && values.SECRET_KEY !== undefined
        ? {
            kind: 'many',
            clientId: SLACK_CLIENT_ID,
            clientSecret: SLACK_CLIENT_SECRET,
            secretKey: values.SECRET_KEY,
          }
        : undefined
  const transport: SlackConfig['transport'] | undefined =
    SLACK_SIGNING_SECRET !== undefined
      ? { kind: 'http', signingSecret: SLACK_SIGNING_SECRET }
      : SLACK_APP_TOKEN !== undefined
        ? { kind: 'socket', appToken: SLACK_APP_TOKEN }
        : undefined
  if (!installation || !transport) return undefined
  return { installation, transport, apiUrl: values.SLACK_API_URL, commandPrefix: values.SLACK_COMMAND_PREFIX }
}

/** On unless it is turned off, or a platform takes its place. */
function isPlayground(given: Readonly<Record<string, string | undefined>>): boolean {
  if (given['PLAYGROUND'] !== undefined) return given['PLAYGROUND'] !== '0'
  return ['DISCORD_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_CLIENT_ID'].every((name) => given[name] === undefined)
}

/** Values that do not go together, from the environment as it was given: so they are told beside values that are wrong alone. */
function conflicts(given: Readonly<Record<string, string | undefined>>): string[] {
  const has = (name: string): boolean => given[name] !== undefined
  const problems: string[] = []
  const host = given['HOST']
  if (isPlayground(given) && host !== undefined && !isLoopback(host) && !has('PLAYGROUND_SECRET')) {
    const accepted = [...LOOPBACK].join(', ')
    problems.push(
      `HOST: "${host}" can be reached from other machines, so PLAYGROUND_SECRET must be set too; accepted without it: ${accepted}`,
    )
  }
  // A proxy in front of it makes every request look as if it came from here.
  const reached = ['SLACK_SIGNING_SECRET', 'SLACK_CLIENT_ID'].find(has)
  if (isPlayground(given) && reached !== undefined && !has('PLAYGROUND_SECRET')) {
    problems.push(
      `PLAYGROUND_SECRET: must be set too: with ${reached} Slack reaches this address, and so does everybody else; or leave PLAYGROUND out`,
    )
  }
  const { HOST = '127.0.0.1', METRICS_HOST = '127.0.0.1', PORT = '3000', METRICS_PORT = '0' } = given
  const isServing = isPlayground(given) || has('SLACK_SIGNING_SECRET') || has('SLACK_CLIENT_ID')
  if (isServing && HOST === METRICS_HOST && METRICS_PORT !== '0' && Number(METRICS_PORT) === Number(PORT)) {
    problems.push(`METRICS_PORT: "${METRICS_PORT}" is PORT too; accepted: another port, or 0 for a free one`)
  }
  const slack = ['SLACK_BOT_TOKEN', 'SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'].filter(has)
  if (has('SLACK_BOT_TOKEN') && (has('SLACK_CLIENT_ID') || has('SLACK_CLIENT_SECRET'))) {
    problems.push(
      'SLACK_BOT_TOKEN: is for one workspace, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for several; keep one of the two',
    )
  } else if (slack.length > 0 && !has('SLACK_BOT_TOKEN')) {
    const missing = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SECRET_KEY'].filter((name) => !has(name))
    if (missing.length > 0) problems.push(`${missing.join(', ')}: must be set too, for several Slack workspaces`)
  }
  if (slack.length > 0 && !has('SLACK_APP_TOKEN') && !has('SLACK_SIGNING_SECRET')) {
    problems.push(
      'SLACK_APP_TOKEN: must be set too (Socket Mode), or SLACK_SIGNING_SECRET for requests over HTTP; Slack cannot reach the bot without one of them',
    )
  }
  if (slack.length === 0 && (has('SLACK_APP_TOKEN') || has('SLACK_SIGNING_SECRET'))) {
    problems.push('SLACK_BOT_TOKEN: must be set too; the bot cannot write to Slack without it')
  }
  if (!isPlayground(given) && !has('DISCORD_TOKEN') && slack.length === 0) {
    problems.push('PLAYGROUND: "0" leaves nothing to run; accepted: 1, or leave it out')
  }
  return problems
}

function describe(name: string, value: string | undefined, file: string | undefined): string {
  const accepted = environment.shape[name as keyof typeof environment.shape]?.description ?? 'another value'
  if (file !== undefined) return `${name}_FILE: "${file}" holds a value that is not shown here; accepted: ${accepted}`
  // An address may carry a password, and a misspelt one anywhere: no more of it than how it begins.
  const begins = IN_FILES.has(name) && !SECRET.has(name) ? /^[a-z]+:\/\//i.exec(value ?? '')?.[0] : undefined
  const hidden = begins === undefined ? 'a value that is not shown here' : `"${begins}…"`
  const shown = IN_FILES.has(name) ? hidden : `"${value ?? ''}"`
  return `${name}: got ${shown}; accepted: ${accepted}`
}

/**
 * The environment of this process, with what `.env` adds to it; a variable that is already set wins over the file.
 *
 * @throws {ConfigError} when the file is there and cannot be read
 */
export function environmentWithFile(file = '.env'): Readonly<Record<string, string | undefined>> {
  for (const [name, value] of Object.entries(parseEnv(textOf(file)))) process.env[name] ??= value
  return process.env
}

/**
 * The text of a file of settings, empty where there is none. Editors of Windows write a mark before it, or two bytes a letter.
 *
 * @throws {ConfigError}
 */
function textOf(file: string): string {
  if (!fs.existsSync(file)) return ''
  let bytes: Buffer
  try {
    bytes = fs.readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError([`${file}: is there, but cannot be read by the user that runs the bot (${code})`])
  }
  if (bytes.includes(0)) throw new ConfigError([`${file}: is not UTF-8; save it as UTF-8, with Notepad by "Save as"`])
  return bytes.toString('utf8').replace(/^\ufeff/, '')
}

/** A name in `.env` that the bot does not read, and the one that was probably meant. */
export type Misspelt = { readonly name: string; readonly meant: string }

/**
 * The names of a file that are nearly a variable's: what is not read would otherwise pass in silence. Other names may be another
 * program's.
 */
export function misspeltNames(file = '.env'): Misspelt[] {
  const known = variables()
  return Object.keys(parseEnv(textOf(file))).flatMap((name) => {
    if (known.includes(name)) return []
    const meant = known.find((each) => isNearly(name.toUpperCase(), each))
    return meant === undefined ? [] : [{ name, meant }]
  })
}

/** The same letters in any order, but for one that is missing, too many or another. */
function isNearly(name: string, known: string): boolean {
  const missing = [...known]
  const excess = [...name].filter((letter) => {
    const at = missing.indexOf(letter)
    if (at >= 0) missing.splice(at, 1)
    return at < 0
  })
  return excess.length <= 1 && missing.length <= 1
}
