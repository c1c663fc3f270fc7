// The word that somebody probably meant. Pure.

import { disassemble } from 'es-hangul'
import { editDistance } from '../../content/distance.ts'
import { searchKey } from '../../content/normalize.ts'

/** The word that was probably meant: at most two keystrokes away, fewer for short words. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const key = disassemble(searchKey(word))
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const other = disassemble(searchKey(name))
    const limit = Math.min(2, Math.floor(Math.max(key.length, other.length) / 3))
    const distance = other.startsWith(key) && key.length >= 2 ? 0 : editDistance(key, other, limit)
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name, distance }
  }
  return best?.name
}
