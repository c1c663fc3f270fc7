// The variables of the environment: what each one accepts, which are secrets, and which may stand in files.

import * as z from 'zod'
import { LOCALES } from './locales/locale.ts'

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
  // Of the text itself: `URL.parse` also takes capitals, spaces and missing slashes, which the store would read as a file's name.
  // A password with an @ or a slash in it ends up in the path, and with that in messages and the log.
  return url !== null && /^postgres(ql)?:\/\//.test(text) && /^\/[^/@]+$/.test(url.pathname)
}

const apiUrl = z.string().refine(isApiUrl).optional()
const address = z.union([z.ipv4(), z.ipv6(), z.hostname()]).default('127.0.0.1')
const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535)
const flag = z.enum(['0', '1']).transform((value) => value === '1')

/** Every variable. Each description says what is accepted: it becomes part of the error message. */
export const environment = z.object({
  DATABASE_URL: z
    .string()
    .refine((text) => /^sqlite:(?!\/\/).+$/.test(text) || isServerUrl(text))
    .default('sqlite:data/study.db')
    .describe(
      'sqlite: and a path, such as sqlite:data/study.db, or postgres://user:password@host:5432/study with @ / # % in a password as %40 %2F %23 %25',
    ),
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
  HOST: address.describe('an address of this machine, such as 127.0.0.1 or 0.0.0.0'),
  PORT: port.default(3000).describe('a port number from 0 to 65535; 0 picks a free one'),
  METRICS_HOST: address.describe('an address of this machine, such as 127.0.0.1 or 0.0.0.0'),
  METRICS_PORT: port.optional().describe('a port number from 0 to 65535; 0 picks a free one'),
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
  DISCORD_SHARDS: z
    .union([
      z.literal('auto').transform(() => undefined),
      z
        .string()
        .regex(/^[1-9]\d{0,3}$/)
        .transform(Number),
    ])
    .optional()
    .describe('auto, or the number of connections to Discord, from 1 to 9999'),
  DISCORD_REQUESTS_PER_SECOND: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    // With fewer, the posts that are sent side by side would wait for each other longer than a post has time.
    .refine((number) => number >= 5)
    .default(50)
    .describe('how many requests this process may send to Discord in a second, from 5 to 9999'),
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

/** What is never shown. */
export const SECRET: ReadonlySet<string> = new Set([
  'PLAYGROUND_SECRET',
  'DISCORD_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_SECRET',
  'SECRET_KEY',
])
/** What may stand in a file of its own; the address of a database may carry a password. */
export const IN_FILES: ReadonlySet<string> = new Set([...SECRET, 'DATABASE_URL'])
export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

/** The variables that the bot knows, for whoever writes them down elsewhere. */
export function variables(): readonly string[] {
  return Object.keys(environment.shape).flatMap((name) => (IN_FILES.has(name) ? [name, `${name}_FILE`] : [name]))
}
