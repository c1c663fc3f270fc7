import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ConfigError, environmentWithFile, isLoopback, readConfig } from '../src/config.ts'

type Environment = Readonly<Record<string, string | undefined>>

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('an empty environment', () => {
  it('means the defaults: the playground on this machine, SQLite, Korean, Seoul', () => {
    expect(readConfig({})).toEqual({
      databaseUrl: 'sqlite:data/study.db',
      defaults: { locale: 'ko', timeZone: 'Asia/Seoul' },
      playground: { host: '127.0.0.1', port: 3000, secret: undefined },
      logLevel: 'info',
    })
  })

  it('is the same as one whose values are all empty', () => {
    const names = [
      'DATABASE_URL',
      'DEFAULT_LOCALE',
      'DEFAULT_TIME_ZONE',
      'PLAYGROUND',
      'PLAYGROUND_SECRET',
      'HOST',
      'PORT',
    ]
    const empty = Object.fromEntries(
      [...names, 'LOG_LEVEL', 'DISCORD_TOKEN', 'SLACK_BOT_TOKEN'].map((name) => [name, '']),
    )
    expect(readConfig(empty)).toEqual(readConfig({}))
  })
})

describe('a good environment', () => {
  it('is taken as it is', () => {
    const config = readConfig({
      DATABASE_URL: 'sqlite::memory:',
      DEFAULT_LOCALE: 'en',
      DEFAULT_TIME_ZONE: 'Europe/London',
      PLAYGROUND: '1',
      PLAYGROUND_SECRET: 'correct horse',
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'silent',
      PATH: '/usr/bin',
    })
    expect(config).toEqual({
      databaseUrl: 'sqlite::memory:',
      defaults: { locale: 'en', timeZone: 'Europe/London' },
      playground: { host: '0.0.0.0', port: 0, secret: 'correct horse' },
      logLevel: 'silent',
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it.each<[string, string]>([
    ['PORT', '65535'],
    ['HOST', 'localhost'],
    ['HOST', '::1'],
    ['DEFAULT_TIME_ZONE', 'UTC'],
    ['DEFAULT_TIME_ZONE', 'America/Argentina/Buenos_Aires'],
    ['PLAYGROUND_SECRET', '12345678'],
  ])('may have %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([])
  })
})

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['DATABASE_URL', 'postgres://localhost/study', /sqlite:/],
  ['DATABASE_URL', 'sqlite:', /sqlite:/],
  ['DEFAULT_LOCALE', 'ja', /ko or en/],
  ['DEFAULT_TIME_ZONE', 'Mars/Olympus', /Asia\/Seoul/],
  ['DEFAULT_TIME_ZONE', '+09:00', /Asia\/Seoul/],
  ['PLAYGROUND', 'yes', /1 .*0/],
  ['HOST', 'my host', /127\.0\.0\.1/],
  ['PORT', 'abc', /0 to 65535/],
  ['PORT', '65536', /0 to 65535/],
  ['PORT', '-1', /0 to 65535/],
  ['PORT', '80.5', /0 to 65535/],
  ['LOG_LEVEL', 'loud', /fatal, error, warn, info, debug, trace or silent/],
]

describe('a bad value', () => {
  it.each(BAD)('%s=%s is named with the value and what is accepted', (name, value, accepted) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}\\b`))
    expect(problems[0]).toContain(`"${value}"`)
    expect(problems[0]).toMatch(accepted)
  })

  it('is listed together with every other one', () => {
    const env = Object.fromEntries(BAD)
    const names = Object.keys(env).sort()
    expect(names).toHaveLength(7)
    expect(
      problemsOf(env)
        .map((problem) => problem.split(':')[0])
        .sort(),
    ).toEqual(names)
    expect(() => readConfig(env)).toThrow(/DATABASE_URL[\s\S]*LOG_LEVEL[\s\S]*\.env\.example/)
  })

  it('is listed together with values that only do not go together', () => {
    const problems = problemsOf({ PORT: 'abc', HOST: '0.0.0.0' })
    expect(problems.some((problem) => problem.startsWith('PORT'))).toBe(true)
    expect(problems.some((problem) => problem.startsWith('HOST') && problem.includes('PLAYGROUND_SECRET'))).toBe(true)
  })
})

describe('a secret', () => {
  it.each<[string, Environment, string]>([
    ['too short', { PLAYGROUND_SECRET: 'hunter2' }, 'hunter2'],
    ['beside a bad value', { PLAYGROUND_SECRET: 'correct-horse', PORT: 'abc' }, 'correct-horse'],
    ['of Discord', { DISCORD_TOKEN: 'MTIz.secret.token' }, 'MTIz'],
    ['of Slack', { SLACK_BOT_TOKEN: 'xoxb-123-secret' }, 'xoxb-123'],
    ['of Discord, beside a bad value', { DISCORD_TOKEN: 'MTIz.secret.token', PORT: 'abc' }, 'MTIz'],
  ])('is never shown: %s', (_, env, secret) => {
    let message = ''
    try {
      readConfig(env)
    } catch (error) {
      message = `${error}${JSON.stringify(error)}`
    }
    expect(message).toContain('ConfigError')
    expect(message).not.toContain(secret)
  })

  it('that is too short is named with what is accepted', () => {
    expect(problemsOf({ PLAYGROUND_SECRET: 'hunter2' })).toEqual([
      expect.stringMatching(/^PLAYGROUND_SECRET\b.*at least 8 characters/),
    ])
  })
})

describe('the playground', () => {
  it.each(['0.0.0.0', '192.168.0.10', '::', 'study.example.com'])(
    'needs a secret where others can reach it: %s',
    (host) => {
      const problems = problemsOf({ HOST: host })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(/^HOST\b.*PLAYGROUND_SECRET.*127\.0\.0\.1/)
      expect(problems[0]).toContain(`"${host}"`)
      expect(problemsOf({ HOST: host, PLAYGROUND_SECRET: 'correct horse' })).toEqual([])
    },
  )

  it.each(['127.0.0.1', '::1', 'localhost'])('needs none on this machine alone: %s', (host) => {
    expect(isLoopback(host)).toBe(true)
    expect(readConfig({ HOST: host }).playground?.host).toBe(host)
  })

  it.each(['DISCORD_TOKEN', 'SLACK_BOT_TOKEN'])('is off with %s, unless it is turned on', (name) => {
    // This version has nothing to run beside the playground, so off is an error that says how to turn it on.
    expect(problemsOf({ [name]: 'a-token' })).toEqual([expect.stringMatching(new RegExp(`^${name}\\b.*PLAYGROUND=1`))])
    expect(problemsOf({ [name]: 'a-token', PLAYGROUND: '0' })).toHaveLength(1)
    expect(readConfig({ [name]: 'a-token', PLAYGROUND: '1' }).playground).toEqual(readConfig({}).playground)
  })

  it('needs no secret while it is off', () => {
    const problems = problemsOf({ DISCORD_TOKEN: 'a-token', HOST: '0.0.0.0' })
    expect(problems.filter((problem) => problem.startsWith('HOST'))).toEqual([])
  })

  it('cannot be turned off when there is nothing else', () => {
    expect(problemsOf({ PLAYGROUND: '0' })).toEqual([expect.stringMatching(/^PLAYGROUND\b.*"0".*1/)])
  })
})

describe('a file of variables', () => {
  const NAME = 'STUDY_BOT_CONFIG_TEST'

  it('adds to the environment, and yields to what is set there', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'config-'))
    onTestFinished(async () => {
      delete process.env[`${NAME}_A`]
      delete process.env[`${NAME}_B`]
      await fs.rm(folder, { recursive: true })
    })
    const file = path.join(folder, '.env')
    await fs.writeFile(file, `${NAME}_A=from the file\n${NAME}_B=from the file\n`)
    process.env[`${NAME}_B`] = 'from the shell'
    const env = environmentWithFile(file)
    expect([env[`${NAME}_A`], env[`${NAME}_B`]]).toEqual(['from the file', 'from the shell'])
  })

  it('may be missing', () => {
    expect(environmentWithFile('/nowhere/.env')['PATH']).toBe(process.env['PATH'])
  })
})
