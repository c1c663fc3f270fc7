// How far two spellings are apart, in keystrokes; slips that people really make count for less.

/** Sounds that are written for one another: neighbours of one sound count as little more than half a slip. */
const ALIKE: readonly string[] = [
  'ㄱㄲㅋ',
  'ㄷㄸㅌ',
  'ㅂㅃㅍ',
  'ㅅㅆ',
  'ㅈㅉㅊ',
  'ㅐㅔ',
  'ㅏㅓ',
  'ㅗㅜ',
  'ㅡㅜ',
  'ㅡㅓ',
  'ㅑㅕ',
  'ㅛㅠ',
]
const ALIKE_COST = 0.6

/** Each letter's neighbours. */
const alike = new Map(
  Array.from(ALIKE.join(''), (letter) => [letter, ALIKE.filter((group) => group.includes(letter)).join('')]),
)

function replacing(a: string, b: string): number {
  if (a === b) return 0
  return alike.get(a)?.includes(b) ? ALIKE_COST : 1
}

/**
 * Optimal string alignment (insert, delete, replace, swap of neighbours) between two strings, Hangul taken apart into jamo.
 * Anything above `limit` comes back as `limit + 1`. Only the diagonal band that the limit leaves open is computed.
 *
 * @param isPrefix the smallest distance of `a` to any beginning of `b`: for words that are still being typed
 */
export function editDistance(a: string, b: string, limit: number, isPrefix = false): number {
  const tooFar = limit + 1
  if (isPrefix ? a.length - b.length > limit : Math.abs(a.length - b.length) > limit) return tooFar
  let [before, last, row] = rowsOf(b.length + 1)
  for (let j = 0; j <= b.length; j++) last[j] = j <= limit ? j : tooFar
  for (let i = 1; i <= a.length; i++) {
    row.fill(tooFar, 0, b.length + 1)
    if (i <= limit) row[0] = i
    let smallest = i <= limit ? i : tooFar
    const x = a[i - 1] ?? ''
    const to = Math.min(b.length, i + limit)
    for (let j = Math.max(1, i - limit); j <= to; j++) {
      const y = b[j - 1] ?? ''
      let least = (last[j - 1] ?? tooFar) + replacing(x, y)
      least = Math.min(least, (last[j] ?? tooFar) + 1, (row[j - 1] ?? tooFar) + 1)
      if (i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y) least = Math.min(least, (before[j - 2] ?? tooFar) + 1)
      row[j] = least
      if (least < smallest) smallest = least
    }
    if (smallest > limit) return tooFar
    const spare = before
    before = last
    last = row
    row = spare
  }
  if (!isPrefix) return Math.min(last[b.length] ?? tooFar, tooFar)
  let least = tooFar
  for (let j = 0; j <= b.length; j++) least = Math.min(least, last[j] ?? tooFar)
  return least
}

type Rows = [Float64Array, Float64Array, Float64Array]

const rowsFor = (width: number): Rows => [new Float64Array(width), new Float64Array(width), new Float64Array(width)]

/** Used by every comparison in turn: one query is compared with hundreds of names, and rows of its own were half of all garbage. */
let rows = rowsFor(64)

function rowsOf(width: number): Rows {
  if (rows[0].length < width) rows = rowsFor(width * 2)
  return rows
}

/** How many slips a name of this length (letters, Hangul as jamo) forgives. Short names are too close to other words. */
export function slips(length: number): number {
  return length < 5 ? 0 : length < 8 ? 1 : length < 14 ? 2 : 3
}

/**
 * How many slips a word forgives inside a name of several. Where three Latin letters are all there is, one makes another word: "eks
 * cluster" is no slip for "ecs cluster".
 */
function slipsInWord(word: string): number {
  if (word.length >= 5) return slips(word.length)
  return word.length === 4 || (word.length === 3 && /[ㄱ-ㅣ]/u.test(word)) ? 1 : 0
}

/** Whether a text is these words one after the other, none with more slips than it forgives: "api gateway" is not "nat gateway". */
export function hasEachWord(text: string, words: readonly string[]): boolean {
  let ends = new Set([0])
  for (const word of words) {
    const allowed = slipsInWord(word)
    const next = new Set<number>()
    for (const from of ends) {
      for (let to = from + word.length - allowed; to <= Math.min(text.length, from + word.length + allowed); to++) {
        if (editDistance(text.slice(from, to), word, allowed) <= allowed) next.add(to)
      }
    }
    ends = next
  }
  return ends.has(text.length)
}

/** Which letters a string holds, as a set of 32 bits; two letters may share one. */
export function letterSet(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31)
  return bits
}

/**
 * Whether two strings surely are further apart than `limit`: one holds too many letters that the other lacks. Cheap, and often true.
 *
 * @param isPrefix what `b` holds besides does not count, as in `editDistance`
 */
export function isFar(a: number, b: number, limit: number, isPrefix = false): boolean {
  const lacking = limit / ALIKE_COST
  return count(a & ~b) > lacking || (!isPrefix && count(b & ~a) > lacking)
}

function count(bits: number): number {
  let left = bits
  let found = 0
  for (; left !== 0; left &= left - 1) found++
  return found
}
