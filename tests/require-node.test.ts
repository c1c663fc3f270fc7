// Where compiled code and the checked content are kept between starts: never where another user could put any.

import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, expect, it, onTestFinished } from 'vitest'

const GUARD = fileURLToPath(new URL('../src/require-node.cjs', import.meta.url))
const user = process.getuid?.() ?? ''

let project: string
let packages: string
let temporary: string
/** The two places, best first. */
let places: readonly [string, string]
beforeEach(() => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-cache-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  project = path.join(folder, 'project')
  packages = path.join(project, 'node_modules')
  temporary = path.join(folder, 'tmp')
  for (const made of [path.join(project, 'src'), packages, temporary]) fs.mkdirSync(made, { recursive: true })
  fs.copyFileSync(GUARD, path.join(project, 'src/require-node.cjs'))
  places = [path.join(packages, '.aws-study-bot'), path.join(temporary, `aws-study-bot-${user}`)]
})

/** The folder that a start uses; undefined when it keeps nothing. */
async function used(env: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const asked = ["process.stdout.write(require('node:module').getCompileCacheDir() ?? '')"]
  const options = { cwd: project, env: { TMPDIR: temporary, ...env } }
  const args = ['-r', './src/require-node.cjs', '-e', ...asked]
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  // Node has a folder inside for each version of itself.
  return stdout === '' ? undefined : path.dirname(stdout)
}

it('is a folder in the project that nobody else may open, made at the first start', async () => {
  expect(await used()).toBe(places[0])
  expect(fs.statSync(places[0]).mode & 0o777).toBe(0o700)
  expect(await used()).toBe(places[0])
  expect(fs.readdirSync(temporary)).toEqual([])
})

it('is one below the temporary folder where the project cannot be written, and none where neither can', async () => {
  fs.rmdirSync(packages)
  expect(await used()).toBe(places[1])
  expect(fs.statSync(places[1]).mode & 0o777).toBe(0o700)
  expect(await used({ TMPDIR: path.join(temporary, 'nowhere') })).toBeUndefined()
})

it.each<[string, (place: string) => void]>([
  ['is open to others', (place) => fs.mkdirSync(place) ?? fs.chmodSync(place, 0o777)],
  ['is a link', (place) => fs.symlinkSync(fs.mkdtempSync(path.join(temporary, 'planted-')), place)],
  ['is a file', (place) => fs.writeFileSync(place, '')],
])('is none that %s', async (_what, plant) => {
  for (const place of places) plant(place)
  expect(await used()).toBeUndefined()
})

it.runIf(user === 0)('is none that another user made', async () => {
  for (const place of places) {
    fs.mkdirSync(place, { mode: 0o700 })
    fs.chownSync(place, 65534, 65534)
  }
  expect(await used()).toBeUndefined()
})

it('is the one that the operator names', async () => {
  const named = path.join(project, 'named')
  expect(await used({ NODE_COMPILE_CACHE: named })).toBe(named)
  expect([fs.readdirSync(packages), fs.readdirSync(temporary)]).toEqual([[], []])
})
