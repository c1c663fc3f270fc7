// A line as words, and quoted runs of words. Pure.

import { fold } from '../../content/normalize.ts'

export type Token = {
  readonly text: string
  readonly quoted: boolean
  /** Where it stands in the line. */
  readonly start: number
  readonly end: number
  /** Where the value begins behind the start, when a name stands apart from it: "timezone: London". */
  readonly valueAt?: number
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’', '「': '」', '＂': '＂' }

/** Words, and quoted runs of words; full-width forms folded. A quotation mark that is never closed is just a character. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  const closeAfter = closing(line)
  const word = /\S+/uy
  let i = 0
  while (i < line.length) {
    const char = line[i] ?? ''
    if (/\s/u.test(char)) {
      i++
      continue
    }
    const closeAt = closeAfter(QUOTES[char], i)
    const isQuoted = closeAt > i && (closeAt + 1 === line.length || /\s/u.test(line[closeAt + 1] ?? ''))
    word.lastIndex = i
    const end = isQuoted ? closeAt + 1 : i + (word.exec(line)?.[0].length ?? 1)
    const text = isQuoted ? line.slice(i + 1, closeAt) : line.slice(i, end)
    tokens.push({ text: fold(text), quoted: isQuoted, start: i, end })
    i = end
  }
  return tokens
}

/**
 * Where in a line a closing mark comes next; -1 for nowhere. What was found is remembered, so that of many marks that are never closed
 * not each is looked for to the end of the line: that would take seconds for a long one.
 */
function closing(line: string): (close: string | undefined, after: number) => number {
  const found = new Map<string, number>()
  return (close, after) => {
    if (close === undefined) return -1
    const known = found.get(close)
    if (known !== undefined && (known === -1 || known > after)) return known
    const at = line.indexOf(close, after + 1)
    found.set(close, at)
    return at
  }
}

/** Whether a text begins with a quotation mark. */
export function isQuoted(text: string): boolean {
  return text[0] !== undefined && text[0] in QUOTES
}

/** Whether the line from one token to the end of another ends with a quotation mark. */
export function isClosed(line: string, from: Token, to: Token | undefined): boolean {
  return to !== undefined && to.end - from.start > 2 && Object.values(QUOTES).includes(line[to.end - 1] ?? '')
}

/** The text without the quotation marks around all of it. */
export function unquoted(text: string): string {
  const close = QUOTES[text[0] ?? '']
  return close !== undefined && text.length > 1 && text.endsWith(close) ? text.slice(1, -1) : text
}

/** What is left of the line, as it was typed; quotation marks around all of it go. */
export function remainder(line: string, tokens: readonly Token[]): string {
  const [first] = tokens
  const last = tokens.at(-1)
  if (!first || !last) return ''
  return tokens.length === 1 ? first.text : line.slice(first.start, last.end)
}
