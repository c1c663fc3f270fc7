// The environment (and .env) as a checked Config. The only reader of process.env.

import * as fs from 'node:fs'
import * as z from 'zod'
import { LOCALES, type Locale } from './locales/locale.ts'

export type Config = {
  /** `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. */
  readonly databaseUrl: string
  /** The most connections to a PostgreSQL server at a time. */
  readonly databasePool: number
  readonly defaults: { readonly locale: Locale; readonly timeZone: string }
  /** Where the web server listens, when there is something to serve. `port` 0 picks a free one. */
  readonly http: { readonly host: string; readonly port: number }
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

function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name)
    // An offset such as +09:00 is a zone to Temporal, but it knows no summer time and is rarely what was meant.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** 32 bytes as base64 or as hexadecimal digits; undefined for anything else. */
function toKey(text: string): Buffer | undefined {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  return key.length === 32 ? key : undefined
}

/** https, or plain http to this machine: a token goes there. */
function isApiUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
}

/** A server with a database: without a name PostgreSQL would take the one of the user, which is rarely what was meant. */
function isServerUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1
}

const apiUrl = z.string().refine(isApiUrl).optional()
const flag = z.enum(['0', '1']).transform((value) => value === '1')

// Each description says what is accepted: it becomes part of the error message.
const environment = z.object({
  DATABASE_URL: z
    .string()
    .refine((text) => /^sqlite:(?!\/\/).+$/.test(text) || isServerUrl(text))
    .default('sqlite:data/study.db')
    .describe('sqlite: and a path, such as sqlite:data/study.db, or postgres://user:password@host:5432/study'),
  DATABASE_POOL: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .default(10)
    .describe('how many connections to a PostgreSQL server the bot may hold, from 1 to 999'),
  DEFAULT_LOCALE: z.enum(LOCALES).default('ko').describe('ko or en'),
  DEFAULT_TIME_ZONE: z
    .string()
    .refine(isTimeZone)
    .default('Asia/Seoul')
    .describe('an IANA time zone such as Asia/Seoul or Europe/London'),
  PLAYGROUND: flag.optional().describe('1 (on) or 0 (off)'),
  PLAYGROUND_SECRET: z.string().min(8).optional().describe('at least 8 characters'),
  HOST: z
    .union([z.ipv4(), z.ipv6(), z.hostname()])
    .default('127.0.0.1')
    .describe('an address of this machine, such as 127.0.0.1 or 0.0.0.0'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(3000)
    .describe('a port number from 0 to 65535; 0 picks a free one'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('fatal, error, warn, info, debug, trace or silent'),
  DISCORD_TOKEN: z
    .string()
    // The first part is the application's id in base64.
    .regex(/^[\w-]{18,}\.[\w-]+\.[\w-]+$/)
    .optional()
    .describe(
      'the bot token of the Discord developer portal (page "Bot", button "Reset Token"), without "Bot " before it',
    ),
  DISCORD_API_URL: apiUrl.describe('an https address, such as https://discord.com/api'),
  DISCORD_DEV_GUILD: z
    .string()
    .regex(/^\d{15,20}$/)
    .optional()
    .describe('the id of a Discord server: 15 to 20 digits'),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-\S+$/)
    .optional()
    .describe('the "Bot User OAuth Token" of the Slack app (page "OAuth & Permissions"); it begins with xoxb-'),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-\S+$/)
    .optional()
    .describe('an app-level token of the Slack app (page "Basic Information"); it begins with xapp-'),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('the signing secret of the Slack app (page "Basic Information")'),
  SLACK_CLIENT_ID: z
    .string()
    .regex(/^[\d.]+$/)
    .optional()
    .describe('the client id of the Slack app: digits with a dot between them'),
  SLACK_CLIENT_SECRET: z.string().min(16).optional().describe('the client secret of the Slack app'),
  SLACK_COMMAND_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,16}$/)
    .default('')
    .describe('up to 16 small letters, digits, - and _, such as team-'),
  SLACK_API_URL: apiUrl.describe('an https address, such as https://slack.com/api/'),
  SECRET_KEY: z
    .string()
    .transform(toKey)
    .refine((key) => key !== undefined)
    .optional()
    .describe('32 random bytes in base64, as `openssl rand -base64 32` prints them'),
})

const SECRET: ReadonlySet<string> = new Set([
  'PLAYGROUND_SECRET',
  'DISCORD_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_SECRET',
  'SECRET_KEY',
])
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

/**
 * Checks an environment. An empty value counts as not set, so that `PORT=` in a file means the default.
 *
 * @throws {ConfigError} with every problem at once; a secret's value is never part of it.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
  const parsed = environment.safeParse(given)
  const wrong = [...new Set((parsed.error?.issues ?? []).map((issue) => String(issue.path[0])))]
  const problems = [
    ...wrong.map((name) => describe(name, given[name])),
    ...(wrong.includes('HOST') ? [] : conflicts(given)),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const values = parsed.data
  return Object.freeze({
    databaseUrl: values.DATABASE_URL,
    databasePool: values.DATABASE_POOL,
    defaults: { locale: values.DEFAULT_LOCALE, timeZone: values.DEFAULT_TIME_ZONE },
    http: { host: values.HOST, port: values.PORT },
    playground: isPlayground(given) ? { secret: values.PLAYGROUND_SECRET } : undefined,
    discord:
      values.DISCORD_TOKEN === undefined
        ? undefined
        : { token: values.DISCORD_TOKEN, apiUrl: values.DISCORD_API_URL, devGuild: values.DISCORD_DEV_GUILD },
    slack: toSlack(values),
    logLevel: values.LOG_LEVEL,
  })
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

function describe(name: string, value: string | undefined): string {
  const accepted = environment.shape[name as keyof typeof environment.shape]?.description ?? 'another value'
  // An address may carry a password.
  const shown = SECRET.has(name)
    ? 'a value that is not shown here'
    : `"${(value ?? '').replace(/\/\/.*@/, '//…@').replace(/password=[^&]*/i, 'password=…')}"`
  return `${name}: got ${shown}; accepted: ${accepted}`
}

/** The environment of this process, with what `.env` adds to it; a variable that is already set wins over the file. */
export function environmentWithFile(file = '.env'): Readonly<Record<string, string | undefined>> {
  if (fs.existsSync(file)) process.loadEnvFile(file)
  return process.env
}
