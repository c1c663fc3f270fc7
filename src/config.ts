// The environment (and .env) as a checked Config. The only reader of process.env.

import * as fs from 'node:fs'
import * as z from 'zod'
import { LOCALES, type Locale } from './locales/locale.ts'

export type Config = {
  /** `sqlite:<path>` or `sqlite::memory:`. */
  readonly databaseUrl: string
  readonly defaults: { readonly locale: Locale; readonly timeZone: string }
  /** Undefined when the playground is off. `port` 0 picks a free one. */
  readonly playground: { readonly host: string; readonly port: number; readonly secret: string | undefined } | undefined
  readonly logLevel: string
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

const flag = z.enum(['0', '1']).transform((value) => value === '1')

// Each description says what is accepted: it becomes part of the error message.
const environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^sqlite:(?!\/\/).+$/)
    .default('sqlite:data/study.db')
    .describe('sqlite: and a path, such as sqlite:data/study.db'),
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
  DISCORD_TOKEN: z.string().optional().describe('the bot token from the Discord developer portal'),
  SLACK_BOT_TOKEN: z.string().optional().describe('the bot token of the Slack app, xoxb-…'),
})

const SECRET: ReadonlySet<string> = new Set(['PLAYGROUND_SECRET', 'DISCORD_TOKEN', 'SLACK_BOT_TOKEN'])
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
    defaults: { locale: values.DEFAULT_LOCALE, timeZone: values.DEFAULT_TIME_ZONE },
    playground: { host: values.HOST, port: values.PORT, secret: values.PLAYGROUND_SECRET },
    logLevel: values.LOG_LEVEL,
  })
}

/** Values that do not go together, from the environment as it was given: so they are told beside values that are wrong alone. */
function conflicts(given: Readonly<Record<string, string | undefined>>): string[] {
  const tokens = ['DISCORD_TOKEN', 'SLACK_BOT_TOKEN'].filter((name) => given[name] !== undefined)
  const isPlayground = given['PLAYGROUND'] === undefined ? tokens.length === 0 : given['PLAYGROUND'] !== '0'
  const host = given['HOST']
  if (isPlayground && host !== undefined && !isLoopback(host) && given['PLAYGROUND_SECRET'] === undefined) {
    const accepted = [...LOOPBACK].join(', ')
    return [
      `HOST: "${host}" can be reached from other machines, so PLAYGROUND_SECRET must be set too; accepted without it: ${accepted}`,
    ]
  }
  if (isPlayground) return []
  if (tokens.length === 0) return ['PLAYGROUND: "0" leaves nothing to run; accepted: 1, or leave it out']
  return [
    `${tokens.join(', ')}: this version does not connect to Discord or Slack yet; set PLAYGROUND=1 to run the playground`,
  ]
}

function describe(name: string, value: string | undefined): string {
  const accepted = environment.shape[name as keyof typeof environment.shape]?.description ?? 'another value'
  // An address may carry a password.
  const shown = SECRET.has(name)
    ? 'a value that is not shown here'
    : `"${(value ?? '').replace(/\/\/[^@/]*@/, '//…@')}"`
  return `${name}: got ${shown}; accepted: ${accepted}`
}

/** The environment of this process, with what `.env` adds to it; a variable that is already set wins over the file. */
export function environmentWithFile(file = '.env'): Readonly<Record<string, string | undefined>> {
  if (fs.existsSync(file)) process.loadEnvFile(file)
  return process.env
}
