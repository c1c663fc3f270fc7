// The bundle: the bot in a few files, because most of a start goes by with reading several hundred modules. `npm ci` makes it.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { ROOT, stateOf } from './state.ts'

/** Its folder: as deep as `src/`, which is how a file finds the project's folder in either. */
export const BUNDLE = path.join(ROOT, 'dist')
/** Which sources it was made of. Written last, so that half a bundle is none. */
export const MADE_OF = path.join(BUNDLE, 'made-of')

const SOURCES = ['package-lock.json', 'scripts/bundle.ts', 'src']

/** The state of everything that a bundle is made of. */
export async function sourcesState(): Promise<string> {
  return stateOf(SOURCES.map((name) => path.join(ROOT, name)))
}

/** The bot: from the bundle where there is one of these very sources, else from the sources. Only the start is quicker by it. */
export async function loadBot(): Promise<typeof import('./main.ts')> {
  return import((await isCurrent()) ? '../dist/main.js' : './main.ts')
}

async function isCurrent(): Promise<boolean> {
  try {
    return (await fs.readFile(MADE_OF, 'utf8')) === (await sourcesState())
  } catch {
    // There is none, or one of the sources is gone.
    return false
  }
}
