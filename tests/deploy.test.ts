// What the Dockerfile, compose.yaml and the systemd unit take for granted. No engine runs here, so the facts they rest on are checked.

import * as fs from 'node:fs/promises'
import { isBuiltin, stripTypeScriptTypes } from 'node:module'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { variables } from '../src/variables.ts'
import { present } from './support/builders.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string): Promise<string> => fs.readFile(path.join(ROOT, name), 'utf8')

const manifest = JSON.parse(await read('package.json'))
const dockerfile = (await read('Dockerfile')).replace(/\\\n\s*/g, ' ').split('\n')
const compose = parse(await read('compose.yaml'))
const unit = (await read('deploy/aws-study-bot.service')).split('\n')

/** What follows a word at the beginning of a line, for each such line. */
const following = (lines: readonly string[], word: string): string[] =>
  lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length).trim())

const started: string[] = manifest.scripts.start.split(' ')
const unitEnvironment = Object.fromEntries(
  following(unit, 'Environment=').map((line) => line.split(/=(.*)/).slice(0, 2)),
)
const imageEnvironment = Object.fromEntries(
  following(dockerfile, 'ENV').flatMap((line) => line.split(/\s+/).map((each) => each.split('='))),
)
/** Node's own, which are not the bot's. */
const isNodes = (name: string): boolean => name.startsWith('NODE_')

describe('the image', () => {
  it('runs the Node that the project runs', async () => {
    const major = present(/^(\d+)\./.exec(manifest.devDependencies.node))[1]
    expect(following(dockerfile, 'FROM').map((image) => image.split(' ')[0])).toEqual([
      `node:${major}-slim`,
      `node:${major}-slim`,
    ])
    expect(await read('src/require-node.cjs')).toContain(`NEEDED = ${major}`)
  })

  it('starts what npm start starts, as somebody who is not root', () => {
    expect(JSON.parse(present(following(dockerfile, 'CMD')[0]))).toEqual(started)
    const user = dockerfile.findIndex((line) => line.startsWith('USER '))
    expect(dockerfile[user]).toBe('USER node')
    expect(dockerfile.slice(user).filter((line) => /^(RUN|COPY|ADD)/.test(line))).toEqual([])
  })

  it('holds only packages that it needs, and every package that its files load', async () => {
    const ignored = await read('.dockerignore')
    expect(following(dockerfile, 'RUN npm')[0]).toMatch(/^ci --omit=dev --ignore-scripts/)
    const files = (
      await Promise.all(
        ['src', 'scripts'].map((folder) =>
          fs
            .readdir(path.join(ROOT, folder), { recursive: true })
            .then((names) => names.map((name) => `${folder}/${name}`)),
        ),
      )
    )
      .flat()
      .filter((name) => name.endsWith('.ts') && !ignored.split('\n').includes(name))
    const loaded = new Set<string>()
    for (const file of files) {
      const source = stripTypeScriptTypes(await read(file))
      for (const [, name = ''] of source.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([\w@][^'\s]*)'/g)) {
        if (!isBuiltin(name))
          loaded.add(
            name
              .split('/')
              .slice(0, name.startsWith('@') ? 2 : 1)
              .join('/'),
          )
      }
    }
    expect(loaded.size).toBeGreaterThan(10)
    expect([...loaded].filter((name) => !(name in manifest.dependencies))).toEqual([])
  })

  it('gets every folder that the bot reads, and not what is secret or heavy', async () => {
    const lines = (await read('.dockerignore')).split('\n')
    expect(lines).toContain('*')
    const let_in = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(let_in).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', 'src', 'scripts', 'content']))
    for (const name of let_in) await fs.access(path.join(ROOT, name))
    expect(let_in.filter((name) => /^(\.env|data|secrets|node_modules|\.git)/.test(name))).toEqual([])
  })

  it('is asked for its health where it listens', () => {
    const [check] = following(dockerfile, 'HEALTHCHECK')
    expect(check).toContain('process.env.METRICS_PORT}/healthz')
    expect(imageEnvironment).toHaveProperty('METRICS_PORT')
  })
})

describe('variables', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the image', imageEnvironment],
    ['compose.yaml', compose.services.bot.environment],
    ['the unit', unitEnvironment],
  ])('that %s sets are variables of the bot', (_, environment) => {
    const names = Object.keys(environment).filter((name) => !isNodes(name))
    expect(names.length).toBeGreaterThan(1)
    expect(names.filter((name) => !variables().includes(name))).toEqual([])
  })

  it('that are only suggested are variables of the bot too', async () => {
    const suggested = [
      ...`${await read('compose.yaml')}\n${unit.join('\n')}`.matchAll(/#(?:Environment=)?([A-Z][A-Z_]+)[=:] ?\S/g),
    ]
    expect(suggested.length).toBeGreaterThan(3)
    expect(suggested.map(([, name]) => name).filter((name) => !variables().includes(name ?? ''))).toEqual([])
  })
})

/** How long the bot may take to stop, in seconds. */
const stopLimit =
  Number(present(/STOP_LIMIT = ([\d_]+)/.exec(await read('src/main.ts')))[1]?.replaceAll('_', '')) / 1000

describe('compose.yaml', () => {
  const { bot, postgres } = compose.services

  it('runs two bots on PostgreSQL, which may do little', () => {
    expect(bot.deploy.replicas).toBe(2)
    expect(bot).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    expect(bot.environment).toMatchObject({ PLAYGROUND: '0', DATABASE_URL: '' })
    expect([bot.ports, bot.container_name]).toEqual([undefined, undefined])
    expect(postgres.ports).toBeUndefined()
  })

  it('names secrets that are there, and mounts what it names', () => {
    for (const service of [bot, postgres]) {
      const named = Object.entries<string>(service.environment).filter(([name]) => name.endsWith('_FILE'))
      expect(named.map(([, file]) => path.basename(file)).sort()).toEqual([...service.secrets].sort())
      for (const secret of service.secrets) expect(compose.secrets[secret].file).toBe(`./secrets/${secret}`)
    }
  })

  it('divides what Discord allows a bot among its processes', () => {
    expect(bot.deploy.replicas * Number(bot.environment.DISCORD_REQUESTS_PER_SECOND)).toBeLessThanOrEqual(50)
  })

  it('gives the bot the time that it may take to stop', () => {
    expect(Number.parseInt(bot.stop_grace_period, 10)).toBeGreaterThan(stopLimit)
  })
})

describe('the systemd unit', () => {
  const value = (name: string): string => present(following(unit, `${name}=`)[0])

  it('starts what npm start starts, with the Node of the project', async () => {
    const [node, ...flags] = value('ExecStart').split(' ')
    expect(flags).toEqual(started.slice(1))
    expect(node?.startsWith(`${value('WorkingDirectory')}/node_modules/`)).toBe(true)
    await fs.access(path.join(ROOT, path.relative(value('WorkingDirectory'), node ?? '')))
  })

  it('reads every secret that it hands over', () => {
    const handed = unit.flatMap((line) => /^#?LoadCredential=(\w+):/.exec(line)?.[1] ?? [])
    const read = unit.flatMap((line) => /^#?Environment=\w+_FILE=%d\/(\w+)$/.exec(line)?.[1] ?? [])
    expect(read).toEqual(handed)
    expect(handed).toContain('discord_token')
  })

  it('does not try again what a wrong setting stopped, and waits for the end', async () => {
    expect(await read('src/config.ts')).toContain(`EX_CONFIG = ${value('RestartPreventExitStatus')}`)
    expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(stopLimit)
  })
})
