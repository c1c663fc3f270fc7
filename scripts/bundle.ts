// npm run bundle: makes the bundle. `npm ci` does it too; where it cannot be made the bot runs from its sources.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
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

/** What a library loads only where somebody installed it. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'zlib-sync']

async function makeBundle(): Promise<void> {
  // A development package: an installation may be without it.
  const { rolldown } = await import('rolldown')
  const manifest = JSON.parse(await fs.readFile(path.join(ROOT, 'package.json'), 'utf8'))
  const leftOut = [...Object.keys(manifest.dependencies).filter((name) => !TAKEN_IN.includes(name)), ...OPTIONAL]
  await fs.rm(MADE_OF, { force: true })
  const state = await sourcesState()
  const bundle = await rolldown({
    cwd: ROOT,
    input: 'src/main.ts',
    platform: 'node',
    external: (id) => leftOut.some((name) => id === name || id.startsWith(`${name}/`)),
    // discord.js has one, for sharding in processes, which is not used here.
    checks: { eval: false },
  })
  await bundle.write({ dir: BUNDLE, format: 'esm', cleanDir: true })
  await bundle.close()
  await fs.writeFile(MADE_OF, state)
}

try {
  await makeBundle()
} catch (error) {
  process.stderr.write(`The bot was not bundled. It runs from its sources, and only starts later for it. ${error}\n`)
  process.exitCode = 1
}
