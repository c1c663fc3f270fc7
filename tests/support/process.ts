// The bot as a process of its own, as `npm start` runs it: to be killed and started again.

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type BotProcess = {
  readonly url: string
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
  /** Everything it logged so far. */
  logged(): string
  /** Asks it to stop; resolves with the exit code. */
  terminate(signal?: 'SIGTERM' | 'SIGHUP'): Promise<number | null>
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function launch(env: Readonly<Record<string, string>>, stderr: 'pipe' | number = 'pipe'): ChildProcess {
  return spawn(process.execPath, ['-r', './src/require-node.cjs', 'src/start.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'error', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', stderr],
  })
}

const gone = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode)
    else child.once('exit', resolve)
  })

/**
 * Starts the bot and waits until its page can be opened.
 *
 * @param log a file descriptor that its log goes to
 */
export async function startProcess(env: Readonly<Record<string, string>>, log?: number): Promise<BotProcess> {
  const child = launch(env, log)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = ''
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
      const found = /http:\/\/\S+/.exec(stdout)?.[0]
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the bot ended with ${code}: ${stderr}`)))
  })
  return {
    url,
    logged: () => stderr,
    kill: async () => {
      child.kill('SIGKILL')
      await gone(child)
    },
    terminate: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return gone(child)
    },
  }
}

/** Runs a bot that is expected to end by itself. */
export async function runToEnd(env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = launch(env)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return { code: await gone(child), stdout, stderr }
}

/** Starts a bot and kills it (kill -9) after some milliseconds, wherever it is then. */
export async function killAfter(env: Readonly<Record<string, string>>, milliseconds: number): Promise<void> {
  const child = launch(env)
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  await gone(child)
}
