// The bundle as `npm start` uses it: in place of the very sources that it was made of, and of no others.

import { execFile, spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['package.json', 'package-lock.json', 'scripts/bundle.ts', 'src']
const LINKED = ['content', 'node_modules']

/** A copy of the project with a bundle of its own, which says of itself that it runs. */
async function bundledProject(): Promise<string> {
  const project = await fs.mkdtemp(path.join(os.tmpdir(), 'project-'))
  onTestFinished(() => fs.rm(project, { recursive: true }))
  for (const name of COPIED) await fs.cp(path.join(ROOT, name), path.join(project, name), { recursive: true })
  for (const name of LINKED) await fs.symlink(path.join(ROOT, name), path.join(project, name))
  await run(project, ['scripts/bundle.ts'])
  await fs.appendFile(path.join(project, 'dist/main.js'), "process.stderr.write('from the bundle')\n")
  return project
}

async function run(project: string, program: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ['-r', './src/require-node.cjs', ...program], { cwd: project })
}

/** Starts the bot, hands its address to `use`, and stops it. */
async function started(
  project: string,
  use: (url: string) => Promise<void> = async () => undefined,
): Promise<{ fromBundle: boolean; code: number | null }> {
  const child = spawn(process.execPath, ['-r', './src/require-node.cjs', 'src/start.ts'], {
    cwd: project,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', PORT: '0', DATABASE_URL: `sqlite:${project}/study.db` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = Promise.withResolvers<string>()
  const hear = (chunk: Buffer): void => {
    said += chunk
    const found = /http:\/\/\S+/.exec(said)?.[0]
    if (found) url.resolve(found)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  ended.then(() => url.reject(new Error(said))).catch(() => undefined)
  await use(await url.promise)
  child.kill('SIGTERM')
  return { code: await ended, fromBundle: said.includes('from the bundle') }
}

describe('the bundle', () => {
  it('runs in place of the sources, with the files that are not in it', async () => {
    const project = await bundledProject()
    const { code, fromBundle } = await started(project, async (url) => {
      for (const file of ['', 'client.ts', 'sending.ts', 'style.css', 'icon.svg', 'healthz']) {
        expect((await fetch(new URL(file, url))).status, file).toBe(200)
      }
    })
    expect({ code, fromBundle }).toEqual({ code: 0, fromBundle: true })
  })

  it('does not run once a source is another, until it is made again', async () => {
    const project = await bundledProject()
    await fs.appendFile(path.join(project, 'src/clock.ts'), '// Changed.\n')
    expect(await started(project)).toEqual({ code: 0, fromBundle: false })
    await run(project, ['scripts/bundle.ts'])
    await fs.appendFile(path.join(project, 'dist/main.js'), "process.stderr.write('from the bundle')\n")
    expect(await started(project)).toEqual({ code: 0, fromBundle: true })
  })

  it('does not run when a source is new or gone, or when its making was cut short', async () => {
    const project = await bundledProject()
    const added = path.join(project, 'src/new.ts')
    await fs.writeFile(added, '')
    expect((await started(project)).fromBundle).toBe(false)
    await fs.rm(added)
    expect((await started(project)).fromBundle).toBe(true)
    const script = path.join(project, 'scripts/bundle.ts')
    await fs.rename(script, `${script}.away`)
    expect((await started(project)).fromBundle).toBe(false)
    await fs.rename(`${script}.away`, script)
    await fs.rm(path.join(project, 'dist/made-of'))
    expect((await started(project)).fromBundle).toBe(false)
  })
})
