// The layers of src/, as the README lays them out: who may import whom, and which package belongs to which folder.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** High to low. An arrow may skip layers downwards and never go back. */
const LAYERS: readonly (readonly string[])[] = [
  ['start'],
  ['bundle'],
  ['main'],
  ['platforms'],
  ['commands'],
  ['schedule'],
  ['cards', 'study'],
  ['store', 'content'],
  ['chat', 'locales'],
]
/** Files beside the layers that anybody may import. They themselves may read the languages. */
const LEAVES: ReadonlySet<string> = new Set([
  'clock.ts',
  'config.ts',
  'log.ts',
  'metrics.ts',
  'secrets.ts',
  'state.ts',
  'variables.ts',
])

/** Which folders a package is for. */
const PACKAGES: readonly { readonly name: RegExp; readonly only: string }[] = [
  { name: /^(kysely|pg)(\/|$)/, only: 'store/' },
  { name: /^node:sqlite$/, only: 'store/' },
  { name: /^discord\.js(\/|$)/, only: 'platforms/discord/' },
  { name: /^@discordjs\//, only: 'platforms/discord/' },
  { name: /^@slack\//, only: 'platforms/slack/' },
  { name: /^prom-client(\/|$)/, only: 'platforms/' },
]

type Import = { readonly target: string; readonly typeOnly: boolean }

/** Every `import … from '…'`, `export … from '…'`, `import '…'` and `import('…')` of a source. */
function importsOf(source: string): Import[] {
  const statements = [...source.matchAll(/^(?:import|export)\s([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/gm)]
  const others = [...source.matchAll(/^import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/gm)]
  return [
    ...statements.map(([, clause = '', target = '']) => ({ target, typeOnly: isTypeOnly(clause) })),
    ...others.map(([, plain, dynamic]) => ({ target: plain ?? dynamic ?? '', typeOnly: false })),
  ]
}

function isTypeOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true
  const names = /^\{([^}]*)\}\s*$/.exec(clause.trim())?.[1]
  return names?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false
}

function layerOf(file: string): string {
  const [first = '', second] = file.split('/')
  return second === undefined ? first.replace(/\.ts$/, '') : first
}

function rankOf(layer: string): number {
  return LAYERS.findIndex((layers) => layers.includes(layer))
}

/** What runs in the visitor's browser, which is served nothing else of src/. */
const PAGE = 'platforms/playground/page/'

/** What is wrong with a file importing another, both below src; undefined when nothing is. */
function wrongArrow(from: string, to: string, typeOnly: boolean): string | undefined {
  const [upper, lower] = [layerOf(from), layerOf(to)]
  if (from.startsWith(PAGE) !== to.startsWith(PAGE))
    return 'the page runs in the browser, everything else on the server'
  if (LEAVES.has(to)) return undefined
  if (LEAVES.has(from)) return lower === 'locales' ? undefined : 'a leaf imports the languages at most'
  if (rankOf(upper) < 0 || rankOf(lower) < 0) return 'a folder that is in no layer'
  if (upper !== lower) {
    if (rankOf(upper) > rankOf(lower)) return 'the arrow points back'
    if (rankOf(upper) < rankOf(lower)) return undefined
    if (upper === 'chat' && lower === 'locales') return undefined
    const typesAllowed = new Set([upper, lower]).symmetricDifference(new Set(['cards', 'study'])).size === 0
    return typesAllowed && typeOnly ? undefined : 'neighbours that do not know each other'
  }
  const [platform, other, inside] = [from.split('/')[1], ...to.split('/').slice(1)]
  // What lies beside the platforms' folders (the web server) belongs to all of them.
  return upper === 'platforms' && platform !== other && inside !== undefined ? 'a platform imports another' : undefined
}

/** Every rule that a set of files (path below src → source) breaks, as `from → to: why`. */
function violations(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [file, source] of files) {
    for (const { target, typeOnly } of importsOf(source)) {
      if (target.startsWith('.')) {
        const to = path.posix.join(path.posix.dirname(file), target)
        const why = wrongArrow(file, to, typeOnly)
        if (why) found.push(`${file} → ${to}: ${why}`)
      }
      const owner = PACKAGES.find(({ name }) => name.test(target))
      if (owner && !file.startsWith(owner.only)) found.push(`${file} → ${target}: belongs in ${owner.only}`)
    }
    if (/\bprocess\s*(\??\.\s*env\b|\[\s*['"`]env)/.test(source) && file !== 'config.ts') {
      found.push(`${file} → process.env: belongs in config.ts`)
    }
  }
  return found
}

async function sources(): Promise<ReadonlyMap<string, string>> {
  const names = (await fs.readdir(SRC, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const read = async (name: string): Promise<[string, string]> => [
    name.split(path.sep).join('/'),
    await fs.readFile(path.join(SRC, name), 'utf8'),
  ]
  return new Map(await Promise.all(names.map(read)))
}

describe('the source', () => {
  it('has only arrows that point down, and each package in its folder', async () => {
    const files = await sources()
    expect(violations(files)).toEqual([])
  })

  it('is read by this test: every layer is there, with imports in it', async () => {
    const files = await sources()
    for (const layer of LAYERS.flat()) {
      expect([...files.keys()].map(layerOf), `no file in ${layer}`).toContain(layer)
    }
    const arrows = [...files.values()].flatMap((source) =>
      importsOf(source).filter(({ target }) => target.startsWith('.')),
    )
    const written = [...files.values()].flatMap((source) => [
      ...source.matchAll(/(?:from |\bimport\(|^import )'\.{1,2}\//gm),
    ])
    expect(arrows.length).toBe(written.length)
    expect(arrows.length).toBeGreaterThan(150)
  })

  it('loads the metrics only where they are served', async () => {
    const files = [...(await sources())]
    const whose = (import_: RegExp): string[] =>
      files.filter(([, source]) => import_.test(source)).map(([file]) => file)
    expect(whose(/\bimport\('[^']*\/prometheus\.ts'\)/)).toEqual(['main.ts'])
    expect(whose(/^import (?!type )[^'"]*'[^']*\/prometheus\.ts'/m)).toEqual([])
    expect(whose(/'prom-client'/)).toEqual(['platforms/prometheus.ts'])
  })

  it('imports only files that exist', async () => {
    const files = await sources()
    const missing = [...files].flatMap(([file, source]) =>
      importsOf(source)
        .filter(({ target }) => target.startsWith('.') && target.endsWith('.ts'))
        .map(({ target }) => path.posix.join(path.posix.dirname(file), target))
        .filter((to) => !files.has(to))
        .map((to) => `${file} → ${to}`),
    )
    expect(missing).toEqual([])
  })
})

describe('the rules', () => {
  const check = (file: string, source: string): string[] => violations(new Map([[file, source]]))

  it.each([
    ['chat/card.ts', "import { x } from '../content/load.ts'", 'chat/card.ts → content/load.ts: the arrow points back'],
    ['locales/locale.ts', "import type { X } from '../chat/card.ts'", 'neighbours'],
    ['store/open.ts', "import { x } from '../study/rules.ts'", 'points back'],
    ['store/open.ts', "import type { X } from '../content/library.ts'", 'neighbours'],
    ['content/load.ts', "import { x } from '../store/open.ts'", 'neighbours'],
    ['content/load.ts', "import { x } from '../cards/topic.ts'", 'points back'],
    ['cards/quiz.ts', "import { x } from '../study/rules.ts'", 'neighbours'],
    ['cards/quiz.ts', "import { type A, b } from '../study/rules.ts'", 'neighbours'],
    ['study/answer.ts', "import { x } from '../cards/quiz.ts'", 'neighbours'],
    ['study/answer.ts', "import { x } from '../schedule/delivery.ts'", 'points back'],
    ['schedule/delivery.ts', "import { x } from '../commands/table.ts'", 'points back'],
    ['commands/quiz.ts', "import { x } from '../platforms/playground/html.ts'", 'points back'],
    ['platforms/slack/render.ts', "import { x } from '../discord/render.ts'", 'a platform imports another'],
    ['platforms/slack/client.ts', "import { x } from '../../main.ts'", 'points back'],
    ['platforms/playground/page/sending.ts', "import { x } from '../html.ts'", 'the browser'],
    ['platforms/playground/page/sending.ts', "import type { X } from '../../../clock.ts'", 'the browser'],
    ['platforms/playground/server.ts', "import { x } from './page/sending.ts'", 'the browser'],
    ['clock.ts', "import { x } from './store/open.ts'", 'leaf'],
    ['cards/quiz.ts', "import { x } from '../extras/y.ts'", 'no layer'],
    ['helpers/x.ts', "import { x } from '../chat/card.ts'", 'no layer'],
    ['chat/card.ts', "export * from '../content/load.ts'", 'points back'],
    ['chat/card.ts', "import {\n  a,\n  b,\n} from '../content/load.ts'", 'points back'],
    ['chat/card.ts', "import '../content/load.ts'", 'points back'],
    ['chat/card.ts', "const x = await import('../content/load.ts')", 'points back'],
    ['study/answer.ts', "import { sql } from 'kysely'", 'study/answer.ts → kysely: belongs in store/'],
    ['study/answer.ts', "import type { Kysely } from 'kysely/migration'", 'belongs in store/'],
    ['main.ts', "import { DatabaseSync } from 'node:sqlite'", 'belongs in store/'],
    ['schedule/delivery.ts', "import pg from 'pg'", 'belongs in store/'],
    ['commands/quiz.ts', "import { Client } from 'discord.js'", 'belongs in platforms/discord/'],
    ['platforms/discord/client.ts', "import { App } from '@slack/bolt'", 'belongs in platforms/slack/'],
    ['main.ts', 'const port = process.env.PORT', 'main.ts → process.env: belongs in config.ts'],
    ['store/open.ts', "const url = process['env'].URL", 'belongs in config.ts'],
  ])('refuse in %s: %s', (file, source, why) => {
    expect(check(file, source)).toEqual([expect.stringContaining(why)])
  })

  it.each([
    ['main.ts', "import { x } from './platforms/playground/platform.ts'"],
    ['main.ts', "import { x } from './chat/card.ts'"],
    ['platforms/playground/server.ts', "import { x } from './html.ts'"],
    ['platforms/playground/page/client.ts', "import './sending.ts'"],
    ['platforms/slack/http.ts', "import type { X } from '../web.ts'"],
    ['platforms/playground/server.ts', "import { x } from '../../commands/table.ts'"],
    ['commands/quiz.ts', "import { x } from '../study/answer.ts'"],
    ['cards/quiz.ts', "import type { X } from '../study/rules.ts'"],
    ['study/answer.ts', "import { type X, type Y } from '../cards/boards.ts'"],
    ['chat/command.ts', "import type { Locale } from '../locales/locale.ts'"],
    ['chat/card.ts', "import { x } from '../clock.ts'"],
    ['store/open.ts', "import { Kysely } from 'kysely'"],
    ['platforms/discord/client.ts', "import { Client } from 'discord.js'"],
    ['config.ts', "import { LOCALES } from './locales/locale.ts'\nexport const env = process.env"],
    ['study/answer.ts', "import { x } from 'kysely-like'"],
  ])('allow in %s: %s', (file, source) => {
    expect(check(file, source)).toEqual([])
  })
})
