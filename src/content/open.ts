// Opens the library: loaded and checked once for each state of the content, and kept for the next start.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v8 from 'node:v8'
import type { Library, Subject } from './library.ts'

const SOURCE = fileURLToPath(new URL('../..', import.meta.url))
/** Whatever decides what becomes of the content: a change of any of it reads everything anew. */
const READERS = ['package.json', 'src/content', 'src/chat', 'src/locales']

/**
 * The same as `loadLibrary`, in a tenth of the time when nothing changed since the last one.
 *
 * @param folder where the checked content is kept between starts; beside the compiled code where Node keeps that, else nowhere
 * @throws {ContentError} naming every mistake found.
 */
export async function openLibrary(
  root: string,
  parts: { readonly questions: boolean },
  folder: string | undefined = getCompileCacheDir(),
): Promise<Library> {
  if (folder === undefined) return loadAnew(root, parts)
  const file = path.join(folder, parts.questions ? 'study-content' : 'study-content-without-questions')
  const state = await stateOf([root, ...READERS.map((name) => path.join(SOURCE, name))])
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

/** A hash over the names and contents of files, and of all files of folders. */
async function stateOf(places: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const contents of await Promise.all(places.map((place) => contentsOf(place)))) {
    for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/** Follows links, as reading the content does. */
async function contentsOf(place: string, name = ''): Promise<(readonly [name: string, content: Buffer])[]> {
  const at = path.join(place, name)
  const entries = await fs.readdir(at, { withFileTypes: true }).catch(() => undefined)
  if (!entries) return [[name, await fs.readFile(at)]]
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const contents = sorted.map(async (entry) => {
    const inside = path.join(name, entry.name)
    return entry.isFile() ? [[inside, await fs.readFile(path.join(place, inside))] as const] : contentsOf(place, inside)
  })
  return (await Promise.all(contents)).flat()
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
