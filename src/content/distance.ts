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

function replacing(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined || b === undefined) return 1
  return ALIKE.some((group) => group.includes(a) && group.includes(b)) ? ALIKE_COST : 1
}

/**
 * Optimal string alignment (insert, delete, replace, swap of neighbours) between two strings, Hangul taken apart into jamo.
 * Anything above `limit` comes back as `limit + 1`.
 *
 * @param isPrefix the smallest distance of `a` to any beginning of `b`: for words that are still being typed
 */
export function editDistance(a: string, b: string, limit: number, isPrefix = false): number {
  if (!isPrefix && Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const [x, y] = [a[i - 1], b[j - 1]]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + replacing(x, y))
      if (i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
      if (least < smallest) smallest = least
    }
    if (smallest > limit) return limit + 1
    before = last
    last = row
  }
  return Math.min(isPrefix ? Math.min(...last) : (last[b.length] ?? 0), limit + 1)
}
