// The project's folder, and the state of files in it: what was made of them is used only while they are the same.

import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder: this file is one level below it, in `src/` as in the bundle. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Whether a name in a folder is an editor's, a tool's or the file system's own: what it stands for is not read. */
export function isAside(name: string): boolean {
  return name.startsWith('.') || name === 'lost+found'
}

/**
 * A hash over the names and contents of files, and of all files of folders. Links are followed, as by whoever reads them.
 *
 * @throws {Error} when one of them cannot be read: a link into nothing, a file that went meanwhile
 */
export async function stateOf(places: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const contents of await Promise.all(places.map((place) => contentsOf(place)))) {
    for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function contentsOf(place: string, name = ''): Promise<(readonly [name: string, content: Buffer])[]> {
  const at = path.join(place, name)
  const entries = await fs.readdir(at, { withFileTypes: true }).catch(() => undefined)
  if (!entries) return [[name, await fs.readFile(at)]]
  const sorted = entries.filter((entry) => !isAside(entry.name)).sort((a, b) => (a.name < b.name ? -1 : 1))
  const contents = sorted.map(async (entry) => {
    const inside = path.join(name, entry.name)
    return entry.isFile() ? [[inside, await fs.readFile(path.join(place, inside))] as const] : contentsOf(place, inside)
  })
  return (await Promise.all(contents)).flat()
}
