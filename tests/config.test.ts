import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ConfigError, environmentWithFile, misspeltNames, readConfig } from '../src/config.ts'
import { IN_FILES, isLoopback, variables } from '../src/variables.ts'

/** Of the right shape, and nobody's. */
const DISCORD_TOKEN = `${Buffer.from('123456789012345678').toString('base64url')}.AbCdEf.${'x'.repeat(27)}`
const SLACK_BOT_TOKEN = 'xoxb-1-2-abc'
const SLACK_APP_TOKEN = 'xapp-1-A1-2-abc'

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
      databasePool: 10,
      defaults: { locale: 'ko', timeZone: 'Asia/Seoul' },
      http: { host: '127.0.0.1', port: 3000 },
      playground: { secret: undefined },
      discord: undefined,
      slack: undefined,
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
      DATABASE_POOL: '3',
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
      databasePool: 3,
      defaults: { locale: 'en', timeZone: 'Europe/London' },
      http: { host: '0.0.0.0', port: 0 },
      playground: { secret: 'correct horse' },
      discord: undefined,
      slack: undefined,
      logLevel: 'silent',
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it.each<[string, string]>([
    ['DATABASE_URL', 'postgres://localhost/study'],
    ['DATABASE_URL', 'postgresql://minji:p%40ss@db.example.com:5433/study?sslmode=verify-full&sslrootcert=/etc/ca.pem'],
    ['DATABASE_URL', 'postgres:///study?host=/run/postgresql'],
    ['DATABASE_POOL', '1'],
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
  ['DATABASE_URL', 'mysql://localhost/study', /sqlite:.*postgres:/],
  ['DATABASE_URL', 'postgres://localhost', /postgres:.*study/],
  ['DATABASE_URL', 'postgres://study:Tr0ub@dor/hunter2@127.0.0.1:5432/study', /%40/],
  ['DATABASE_URL', 'postgres://study:1234/hunter2@127.0.0.1:5432/study', /%2F/],
  // What the store would take for the name of a file.
  ['DATABASE_URL', 'postgres:study:hunter2@db/study', /postgres:.*study/],
  ['DATABASE_URL', 'postgres:/study:hunter2@db/study', /postgres:.*study/],
  ['DATABASE_URL', ' postgres://study:hunter2@db/study', /postgres:.*study/],
  ['DATABASE_URL', 'POSTGRES://study:hunter2@db/study', /postgres:.*study/],
  ['DATABASE_POOL', '0', /from 1 to 999/],
  ['DATABASE_POOL', 'many', /from 1 to 999/],
  ['DATABASE_URL', 'sqlite:', /sqlite:/],
  ['DEFAULT_LOCALE', 'ja', /ko or en/],
  ['DEFAULT_TIME_ZONE', 'Mars/Olympus', /Asia\/Seoul/],
  ['DEFAULT_TIME_ZONE', '+09:00', /Asia\/Seoul/],
  ['PLAYGROUND', 'yes', /1 .*0/],
  ['HOST', 'my host', /127\.0\.0\.1/],
  ['METRICS_HOST', 'my host', /127\.0\.0\.1/],
  ['METRICS_PORT', '65536', /0 to 65535/],
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
    // Of an address, which may hold a password, only how it begins.
    const begins = /^[a-z]+:\/\//i.exec(value)?.[0]
    const shown = begins ? `"${begins}…"` : `"${value}"`
    expect(problems[0]).toContain(name === 'DATABASE_URL' && !begins ? 'not shown here' : shown)
    expect(problems[0]).toMatch(accepted)
  })

  it('is listed together with every other one', () => {
    const env = Object.fromEntries(BAD)
    const names = Object.keys(env).sort()
    expect(names).toHaveLength(10)
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
    const others = problemsOf({ HOST: 'my host', SLACK_BOT_TOKEN: 'xoxb-1' }).map((problem) => problem.split(':')[0])
    expect(others.sort()).toEqual(['HOST', 'SLACK_APP_TOKEN'])
  })

  it('is a playground without a secret where Slack reaches the bot over HTTP', () => {
    const named = (env: Environment) => problemsOf(env).map((problem) => problem.split(':')[0])
    const one = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' }
    expect(named({ ...one, PLAYGROUND: '1' })).toEqual(['PLAYGROUND_SECRET'])
    expect(named({ ...one, PLAYGROUND: '1', PLAYGROUND_SECRET: 'correct horse' })).toEqual([])
    expect(named(one)).toEqual([])
    const several = {
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 's',
      SECRET_KEY: 'k'.repeat(43),
      SLACK_APP_TOKEN: 'xapp-1',
    }
    expect(named({ ...several, PLAYGROUND: '1' })).toContain('PLAYGROUND_SECRET')
    expect(named({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', PLAYGROUND: '1' })).toEqual([])
  })

  it('is a port for metrics that is taken by the bot itself', () => {
    const named = (env: Environment) => problemsOf(env).map((problem) => problem.split(':')[0])
    expect(named({ PORT: '3111', METRICS_PORT: '3111' })).toEqual(['METRICS_PORT'])
    expect(named({ METRICS_PORT: '3000' })).toEqual(['METRICS_PORT'])
    expect(named({ PORT: '0', METRICS_PORT: '0' })).toEqual([])
    expect(named({ METRICS_PORT: '3000', METRICS_HOST: '::1' })).toEqual([])
    // With Discord alone nothing is served there.
    expect(named({ METRICS_PORT: '3000', DISCORD_TOKEN })).toEqual([])
  })
})

describe('a secret', () => {
  it.each<[string, Environment, string]>([
    ['too short', { PLAYGROUND_SECRET: 'hunter2' }, 'hunter2'],
    ['beside a bad value', { PLAYGROUND_SECRET: 'correct-horse', PORT: 'abc' }, 'correct-horse'],
    ['of Discord, malformed', { DISCORD_TOKEN: 'MTIz.secret.token' }, 'MTIz'],
    ['of Discord, beside a bad value', { DISCORD_TOKEN, PORT: 'abc' }, DISCORD_TOKEN],
    ['of Slack, malformed', { SLACK_BOT_TOKEN: 'xoxp-123-secret' }, 'xoxp-123'],
    ['of Slack, with nothing to reach the bot', { SLACK_BOT_TOKEN }, SLACK_BOT_TOKEN],
    ['in the address of a server', { DATABASE_URL: 'postgres://minji:hunter2/@x@db.example.com' }, 'hunter2'],
    ['behind the address of a server', { DATABASE_URL: 'postgres://db.example.com?password=hunter2' }, 'hunter2'],
    ['in an address without its slashes', { DATABASE_URL: 'study:hunter2@db:5432/study' }, 'hunter2'],
    ['in an address of another kind', { DATABASE_URL: 'mysql://minji:hunter2@db/study' }, 'hunter2'],
    ['in words instead of an address', { DATABASE_URL: 'host=db password = hunter2 dbname=study' }, 'hunter2'],
    ['by another name in an address', { DATABASE_URL: 'postgres://db/?user=study&pass=hunter2' }, 'hunter2'],
    ['that encrypts', { SECRET_KEY: 'too-short-a-key' }, 'too-short'],
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
    expect(readConfig({ HOST: host }).http.host).toBe(host)
  })

  it.each<[string, Environment]>([
    ['Discord', { DISCORD_TOKEN }],
    ['Slack', { SLACK_BOT_TOKEN, SLACK_APP_TOKEN }],
  ])('is off beside %s, unless it is turned on', (_, env) => {
    expect(readConfig(env).playground).toBeUndefined()
    expect(readConfig({ ...env, PLAYGROUND: '0' }).playground).toBeUndefined()
    expect(readConfig({ ...env, PLAYGROUND: '1' }).playground).toEqual(readConfig({}).playground)
  })

  it('needs no secret while it is off', () => {
    expect(problemsOf({ DISCORD_TOKEN, HOST: '0.0.0.0' })).toEqual([])
  })

  it('cannot be turned off when there is nothing else', () => {
    expect(problemsOf({ PLAYGROUND: '0' })).toEqual([expect.stringMatching(/^PLAYGROUND\b.*"0".*1/)])
  })
})

describe('the metrics', () => {
  it('have a server of their own when they are given a port, on this machine unless it is said otherwise', () => {
    expect(readConfig({}).metrics).toBeUndefined()
    expect(readConfig({ METRICS_HOST: '0.0.0.0' }).metrics).toBeUndefined()
    expect(readConfig({ METRICS_PORT: '9464', HOST: 'localhost' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 })
    expect(readConfig({ METRICS_PORT: '0', METRICS_HOST: '::' }).metrics).toEqual({ host: '::', port: 0 })
  })
})

describe('Discord', () => {
  it('needs a token and nothing else', () => {
    expect(readConfig({ DISCORD_TOKEN }).discord).toEqual({
      token: DISCORD_TOKEN,
      apiUrl: undefined,
      devGuild: undefined,
      shards: undefined,
      requestsPerSecond: 50,
    })
  })

  it('may be divided into shards, as many as Discord says or a number of our own', () => {
    const shardsOf = (DISCORD_SHARDS: string) => readConfig({ DISCORD_TOKEN, DISCORD_SHARDS }).discord?.shards
    expect(shardsOf('auto')).toBeUndefined()
    expect([shardsOf('1'), shardsOf('16'), shardsOf('9999')]).toEqual([1, 16, 9999])
  })

  it('may be asked less often, for several processes with one token', () => {
    const config = readConfig({ DISCORD_TOKEN, DISCORD_REQUESTS_PER_SECOND: '25' })
    expect(config.discord?.requestsPerSecond).toBe(25)
  })

  it.each<[string, string]>([
    ['DISCORD_TOKEN', `Bot ${DISCORD_TOKEN}`],
    ['DISCORD_TOKEN', 'my-token'],
    ['DISCORD_DEV_GUILD', 'my server'],
    ['DISCORD_SHARDS', '0'],
    ['DISCORD_SHARDS', '10000'],
    ['DISCORD_SHARDS', 'two'],
    ['DISCORD_REQUESTS_PER_SECOND', '4'],
    ['DISCORD_REQUESTS_PER_SECOND', '2.5'],
    ['DISCORD_API_URL', 'http://discord.example.com/api'],
    ['DISCORD_API_URL', 'discord.com/api'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ DISCORD_TOKEN, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: got `))])
  })

  it('may be reached elsewhere, without encryption on this machine only', () => {
    const at = (DISCORD_API_URL: string) => readConfig({ DISCORD_TOKEN, DISCORD_API_URL }).discord?.apiUrl
    expect(at('https://proxy.example.com/api')).toBe('https://proxy.example.com/api')
    expect(at('http://127.0.0.1:4000/api')).toBe('http://127.0.0.1:4000/api')
  })
})

describe('Slack', () => {
  const many = { SLACK_CLIENT_ID: '123.456', SLACK_CLIENT_SECRET: 'c'.repeat(32), SECRET_KEY: 'ab'.repeat(32) }
  const SLACK_SIGNING_SECRET = 's'.repeat(32)

  it('speaks over a socket with an app token, and over HTTP with a signing secret', () => {
    expect(readConfig({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN }).slack).toMatchObject({
      installation: { kind: 'one', botToken: SLACK_BOT_TOKEN },
      transport: { kind: 'socket', appToken: SLACK_APP_TOKEN },
      commandPrefix: '',
    })
    const http = readConfig({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, PORT: '8080' }).slack
    expect(http?.transport).toEqual({ kind: 'http', signingSecret: SLACK_SIGNING_SECRET })
  })

  it('may be installed in several workspaces, with a key of 32 bytes in either spelling', () => {
    const key = Buffer.from('ab'.repeat(32), 'hex')
    for (const SECRET_KEY of [key.toString('hex'), key.toString('base64')]) {
      const { slack } = readConfig({ ...many, SECRET_KEY, SLACK_SIGNING_SECRET })
      expect(slack?.installation).toEqual({
        kind: 'many',
        clientId: '123.456',
        clientSecret: 'c'.repeat(32),
        secretKey: key,
      })
    }
  })

  it.each<[string, Environment, RegExp]>([
    ['no way to reach the bot', { SLACK_BOT_TOKEN }, /^SLACK_APP_TOKEN: .*SLACK_SIGNING_SECRET/],
    ['no way to write', { SLACK_APP_TOKEN }, /^SLACK_BOT_TOKEN: /],
    ['one and several workspaces', { ...many, SLACK_BOT_TOKEN, SLACK_APP_TOKEN }, /^SLACK_BOT_TOKEN: .*keep one/],
    [
      'several workspaces without a key',
      { ...many, SECRET_KEY: undefined, SLACK_SIGNING_SECRET },
      /^SECRET_KEY: must be set too/,
    ],
    [
      'a prefix that no command can have',
      { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_COMMAND_PREFIX: '팀' },
      /^SLACK_COMMAND_PREFIX: got "팀"/,
    ],
  ])('tells of %s', (_, env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)])
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

  it('of Windows is read whole, or told what is wrong with it', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'config-'))
    onTestFinished(async () => {
      delete process.env[`${NAME}_A`]
      await fs.rm(folder, { recursive: true })
    })
    const file = path.join(folder, '.env')
    await fs.writeFile(file, `\ufeff${NAME}_A=with a mark\r\n`)
    expect(environmentWithFile(file)[`${NAME}_A`]).toBe('with a mark')
    await fs.writeFile(file, Buffer.from(`\ufeff${NAME}_A=two bytes`, 'utf16le'))
    expect(() => environmentWithFile(file)).toThrow(/UTF-8/)
    await fs.writeFile(file, '\ufeffPROT=1\n')
    expect(misspeltNames(file)).toEqual([{ name: 'PROT', meant: 'PORT' }])
  })

  it('may be missing', () => {
    expect(environmentWithFile('/nowhere/.env')['PATH']).toBe(process.env['PATH'])
  })

  it('that cannot be read is told, and not passed over', () => {
    expect(() => environmentWithFile(os.tmpdir())).toThrow(ConfigError)
  })
})

describe('a name in a file of variables', () => {
  async function misspeltIn(text: string): Promise<string[]> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'config-'))
    onTestFinished(() => fs.rm(folder, { recursive: true }))
    const file = path.join(folder, '.env')
    await fs.writeFile(file, text)
    return misspeltNames(file).map(({ name, meant }) => `${name} → ${meant}`)
  }

  it.each([
    ['DISCORD_TOKN', 'DISCORD_TOKEN'],
    ['DISCROD_TOKEN', 'DISCORD_TOKEN'],
    ['discord_token', 'DISCORD_TOKEN'],
    ['SLACK_BOTTOKEN', 'SLACK_BOT_TOKEN'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['SLACK_APP_TOKEN_FIEL', 'SLACK_APP_TOKEN_FILE'],
    ['PORTS', 'PORT'],
  ])('that is nearly one of the bot is noticed: %s', async (name, meant) => {
    expect(await misspeltIn(`# a comment\nPORT=1\n${name}=a secret\n`)).toEqual([`${name} → ${meant}`])
  })

  it('that is one of the bot, or another program’s, is not', async () => {
    const names = [...variables(), 'POSTGRES_PASSWORD', 'TZ', 'NODE_ENV', 'HTTPS_PROXY', 'DISCORD_WEBHOOK_URL']
    expect(await misspeltIn(names.map((name) => `${name}=x`).join('\n'))).toEqual([])
    expect(misspeltNames('/nowhere/.env')).toEqual([])
  })
})

describe('a secret in a file', () => {
  async function fileOf(content: string): Promise<string> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'secrets-'))
    onTestFinished(() => fs.rm(folder, { recursive: true }))
    const file = path.join(folder, 'secret')
    await fs.writeFile(file, content)
    return file
  }

  it.each([
    ['', ''],
    ['', '\n'],
    ['', '\r\n'],
    ['', ' \n\n'],
    ['\ufeff', '\r\n'],
  ])('is read without what editors put around it: %j and %j', async (before, after) => {
    const DISCORD_TOKEN_FILE = await fileOf(`${before}${DISCORD_TOKEN}${after}`)
    expect(readConfig({ DISCORD_TOKEN_FILE }).discord?.token).toBe(DISCORD_TOKEN)
    expect(readConfig({ DISCORD_TOKEN_FILE, DISCORD_TOKEN: '' }).discord?.token).toBe(DISCORD_TOKEN)
    expect(readConfig({ DISCORD_TOKEN_FILE }).playground).toBeUndefined()
  })

  it('may be every one that .env.example calls a secret, and the address of the database', async () => {
    const names = variables()
    const example = await fs.readFile(new URL('../.env.example', import.meta.url), 'utf8')
    for (const name of IN_FILES) expect(example, name).toMatch(new RegExp(`^#?${name}=`, 'm'))
    expect(names.filter((name) => name.endsWith('_FILE')).sort()).toEqual(
      [...IN_FILES].map((name) => `${name}_FILE`).sort(),
    )
    for (const name of names.filter((each) => /TOKEN|SECRET|KEY|DATABASE_URL/.test(each))) {
      expect(IN_FILES.has(name.replace(/_FILE$/, '')), name).toBe(true)
    }
  })

  it('is what the environment would have held: the database, several workspaces', async () => {
    const config = readConfig({
      DATABASE_URL_FILE: await fileOf('postgres://study:hunter2@db/study\n'),
      SLACK_CLIENT_ID: '123.456',
      SLACK_CLIENT_SECRET_FILE: await fileOf(`${'c'.repeat(32)}\n`),
      SECRET_KEY_FILE: await fileOf(`${'ab'.repeat(32)}\n`),
      SLACK_SIGNING_SECRET_FILE: await fileOf('s'.repeat(32)),
    })
    expect(config.databaseUrl).toBe('postgres://study:hunter2@db/study')
    expect(config.slack).toMatchObject({ transport: { signingSecret: 's'.repeat(32) } })
    expect(config.slack?.installation).toMatchObject({ kind: 'many', secretKey: Buffer.alloc(32, 0xab) })
  })

  it('is not shown when it cannot be used: the variable and the file are', async () => {
    for (const [name, content] of [
      ['DISCORD_TOKEN', 'hunter2'],
      ['DATABASE_URL', 'mysql://minji:hunter2@db/study'],
    ] as const) {
      const file = await fileOf(`${content}\n`)
      const [problem, ...others] = problemsOf({ [`${name}_FILE`]: file })
      expect(others).toEqual([])
      expect(problem).toContain(`${name}_FILE: "${file}"`)
      expect(problem).not.toContain('hunter2')
    }
  })

  it('is told when the variable itself is set too', async () => {
    const SLACK_BOT_TOKEN_FILE = await fileOf('xoxb-other')
    expect(problemsOf({ SLACK_BOT_TOKEN, SLACK_BOT_TOKEN_FILE, SLACK_APP_TOKEN })).toEqual([
      'SLACK_BOT_TOKEN_FILE: SLACK_BOT_TOKEN is set too; keep one of the two',
    ])
    // The file was not read, so nothing is said about what is in it.
    expect(problemsOf({ DISCORD_TOKEN: 'hunter2', DISCORD_TOKEN_FILE: '/nowhere/token' })).toEqual([
      'DISCORD_TOKEN_FILE: DISCORD_TOKEN is set too; keep one of the two',
      expect.stringMatching(/^DISCORD_TOKEN: got a value that is not shown here; /),
    ])
  })

  it('is told when there is none, or one that no secret can be', async () => {
    const empty = await fileOf('\n')
    const huge = await fileOf('x'.repeat(20_000))
    const told = (file: string) => problemsOf({ SLACK_BOT_TOKEN_FILE: file, SLACK_APP_TOKEN })
    expect(told('/nowhere/token')).toEqual(['SLACK_BOT_TOKEN_FILE: "/nowhere/token" does not exist'])
    expect(told(os.tmpdir())).toEqual([expect.stringContaining('is a folder or a device')])
    expect(told('/dev/zero')).toEqual([expect.stringContaining('is a folder or a device')])
    expect(told(empty)).toEqual([`SLACK_BOT_TOKEN_FILE: "${empty}" is empty`])
    expect(told(huge)).toEqual([`SLACK_BOT_TOKEN_FILE: "${huge}" holds 20000 bytes; a secret is no longer than 16384`])
  })

  it('is told when it may not be read', async () => {
    const file = await fileOf('xoxb-1')
    await fs.chmod(path.dirname(file), 0o755)
    await fs.chmod(file, 0)
    const isRoot = process.getuid?.() === 0
    // Root may read anything, so root becomes somebody else for a moment.
    if (isRoot) process.seteuid?.(65_534)
    try {
      expect(problemsOf({ SLACK_BOT_TOKEN_FILE: file, SLACK_APP_TOKEN })).toEqual([
        `SLACK_BOT_TOKEN_FILE: "${file}" cannot be read by the user that runs the bot`,
      ])
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })
})
