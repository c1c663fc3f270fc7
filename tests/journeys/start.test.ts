// A start that cannot go well: what is wrong is said at once, what is late is waited for, and a stop is heard meanwhile.

import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PlatformStatus } from '../../src/chat/platform.ts'
import { connections } from '../../src/main.ts'
import { openDiscordChat } from '../support/discord-chat.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Of the right shape, and nobody's. */
const DISCORD_TOKEN = `${Buffer.from('123456789012345678').toString('base64url')}.AbCdEf.${'x'.repeat(27)}`

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts the bot as the image does, and sends SIGTERM when it has said `word`. */
async function stopAfter(
  word: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['-r', './src/require-node.cjs', 'src/start.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const hear = (chunk: Buffer): void => {
    said += chunk
    if (said.includes(word)) child.kill('SIGTERM')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said }
}

async function secretFile(content: string): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'secrets-'))
  onTestFinished(() => fs.rm(folder, { recursive: true }))
  await fs.writeFile(path.join(folder, 'secret'), content)
  return path.join(folder, 'secret')
}

describe('a start', () => {
  it('waits for a PostgreSQL that is late, says so without its password, and hears a stop meanwhile', async () => {
    const url = `postgres://study:hunter2@127.0.0.1:${await deadPort()}/study`
    const { code, said } = await stopAfter('not there yet', { DATABASE_URL_FILE: await secretFile(`${url}\n`) })
    expect(said).toContain('There is no PostgreSQL server to be reached')
    expect(said).not.toContain('hunter2')
    expect(code).toBe(0)
  })

  it('goes on while Discord cannot be reached, and does not say that it is connected when it is stopped', async () => {
    const { code, said } = await stopAfter('it is tried again', {
      DATABASE_URL: 'sqlite::memory:',
      DISCORD_TOKEN,
      DISCORD_API_URL: `http://127.0.0.1:${await deadPort()}/api`,
    })
    expect(code).toBe(0)
    expect(said).not.toContain('connected to')
  })

  it('connects with a token out of a file, which it never shows', async () => {
    const chat = await openDiscordChat()
    onTestFinished(() => chat.close())
    const { DISCORD_TOKEN: token = '', ...env } = chat.env
    expect(token).not.toBe('')
    const { code, said } = await stopAfter('connected to Discord', {
      ...env,
      DATABASE_URL: 'sqlite::memory:',
      DISCORD_TOKEN_FILE: await secretFile(`${token}\n`),
    })
    expect(said).not.toContain(token)
    expect(code).toBe(0)
  })

  it('ends at once with 78 when a secret is not where it should be', async () => {
    const { code, said } = await stopAfter('\0', { DISCORD_TOKEN_FILE: '/nowhere/discord_token' })
    expect(code).toBe(78)
    expect(said).toContain('DISCORD_TOKEN_FILE: "/nowhere/discord_token" does not exist')
  })
})

describe('what is said once the platforms are there', () => {
  const platform = <Name extends 'discord' | 'slack'>(name: Name, status: PlatformStatus) => ({
    name,
    status: () => status,
  })

  it.each([
    [[], []],
    [[platform('discord', 'ok')], ['connected to Discord.']],
    [[platform('discord', 'ok'), platform('slack', 'ok')], ['connected to Discord and Slack.']],
  ])('%#', (platforms, lines) => {
    expect(connections(platforms)).toEqual(lines)
  })

  it('does not claim a connection that another process has', () => {
    expect(connections([platform('discord', 'standby'), platform('slack', 'ok')])).toEqual([
      'connected to Slack.',
      'stands by for Discord; another process is connected, and this one takes over when that one ends.',
    ])
  })
})
