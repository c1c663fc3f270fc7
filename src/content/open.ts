// Opens the library: loaded and checked once for each state of the content, and kept for the next start.

import * as fs from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import * as path from 'node:path'
import * as v8 from 'node:v8'
import { ROOT, stateOf } from '../state.ts'
import type { Library, Subject } from './library.ts'

/** Whatever decides what becomes of the content: a change of any of it reads everything anew. */
const READERS = ['package.json', 'src/content', 'src/chat', 'src/locales']

/**
 * The same as `loadLibrary`, in a tenth of the time when nothing changed since the last one.
 *
 * @param folder where the checked content is kept between starts, and believed: one that nobody else may write. Beside the compiled
 * code where Node keeps that (src/require-node.cjs), else nowhere
 * @throws {ContentError} naming every mistake found.
 */
export async function openLibrary(
  root: string,
  parts: { readonly questions: boolean },
  folder: string | undefined = getCompileCacheDir(),
): Promise<Library> {
  if (folder === undefined) return loadAnew(root, parts)
  const file = path.join(folder, parts.questions ? 'study-content' : 'study-content-without-questions')
  const state = await stateOf([root, ...READERS.map((name) => path.join(ROOT, name))]).catch(() => undefined)
  // A link into nothing, or a file that went meanwhile: loading says whether that matters.
  if (state === undefined) return loadAnew(root, parts)
  const kept = await read(file, state)
  if (kept) return { root, subjects: kept }
  const library = await loadAnew(root, parts)
  // Where it cannot be kept, the next start takes as long as this one.
  await write(file, state, library.subjects).catch(() => undefined)
  return library
}

/** The parsers are loaded where they are needed only: together they take longer than all the rest. */
async function loadAnew(root: string, parts: { readonly questions: boolean }): Promise<Library> {
  const { loadLibrary } = await import('./load.ts')
  return loadLibrary(root, parts)
}

type Kept = { readonly state: string; readonly subjects: readonly Subject[] }

async function read(file: string, state: string): Promise<readonly Subject[] | undefined> {
  try {
    const kept = v8.deserialize(await fs.readFile(file)) as Kept
    return kept.state === state ? kept.subjects : undefined
  } catch {
    // Not there yet, or of another version of Node.
    return undefined
  }
}

/** Under its name it is always whole: two processes may start at once, or one be killed. */
async function write(file: string, state: string, subjects: readonly Subject[]): Promise<void> {
  const kept: Kept = { state, subjects }
  const partial = `${file}.${process.pid}`
  await fs.writeFile(partial, v8.serialize(kept), { mode: 0o600 })
  await fs.rename(partial, file)
}
