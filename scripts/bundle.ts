// npm run bundle: makes the bundle. `npm ci` does it too; without one the bot runs from its sources.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { rolldown } from 'rolldown'
import { BUNDLE, MADE_OF, sourcesState } from '../src/bundle.ts'
import { ROOT } from '../src/state.ts'

/** The packages of most modules, with everything that they themselves need. The others are read where they are. */
const TAKEN_IN = [
  '@slack/bolt',
  '@slack/oauth',
  'discord.js',
  'es-hangul',
  'hono',
  'kysely',
  'mdast-util-from-markdown',
  'zod',
]

const { dependencies } = JSON.parse(await fs.readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>
}
/** And what a library loads only where somebody installed it. */
const LEFT_OUT = [
  ...Object.keys(dependencies).filter((name) => !TAKEN_IN.includes(name)),
  ...['bufferutil', 'utf-8-validate', 'zlib-sync'],
]

await fs.rm(MADE_OF, { force: true })
const state = await sourcesState()
const bundle = await rolldown({
  cwd: ROOT,
  input: 'src/main.ts',
  platform: 'node',
  external: (id) => LEFT_OUT.some((name) => id === name || id.startsWith(`${name}/`)),
  // discord.js has one, for sharding in processes, which is not used here.
  checks: { eval: false },
})
await bundle.write({ dir: BUNDLE, format: 'esm', cleanDir: true })
await bundle.close()
await fs.writeFile(MADE_OF, state)
