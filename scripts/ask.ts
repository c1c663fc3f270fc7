// npm run --silent ask -- [--locale ko|en] [--json] QUERY… | - | --list: the lookup in a terminal, without a store or a server.

import * as readline from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { besideCard } from '../src/cards/compare.ts'
import { contentsCard, notFoundCard, topicCard } from '../src/cards/topic.ts'
import type { Card } from '../src/chat/card.ts'
import { md } from '../src/chat/markdown.ts'
import type { Subject } from '../src/content/library.ts'
import { openLibrary } from '../src/content/open.ts'
import { ContentError } from '../src/content/problem.ts'
import { createIndex, type Found } from '../src/content/search.ts'
import { LOCALES, type Locale, localeOf, translator } from '../src/locales/locale.ts'
import { cardToTerminal } from '../src/platforms/playground/terminal.ts'

const USAGE = `Usage: npm run --silent ask -- [--locale ko|en] [--json] QUERY…
       npm run --silent ask -- [--locale ko|en] -            queries from standard input, one a line; one JSON line each
       npm run --silent ask -- --list [--json]               every topic
       npm run --silent ask -- --help                        this text
`
const LIST = 'npm run --silent ask -- --list'
const EXAMPLE = 'npm run --silent ask -- ec2'
/** EX_USAGE of sysexits.h. */
const EX_USAGE = 64
const WIDEST = 100

type Options = {
  readonly locale: Locale
  readonly json: boolean
  readonly list: boolean
  readonly help: boolean
  readonly query: readonly string[]
}

class UsageError extends Error {}

// `ask --list | head` closes the pipe early; that is how it is meant.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

function readOptions(): Options {
  const options = {
    locale: { type: 'string' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>
  try {
    parsed = parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
  const { values, positionals } = parsed
  const locale = LOCALES.find((each) => each === values.locale)
  if (values.locale !== undefined && !locale)
    throw new UsageError(`--locale: got "${values.locale}"; accepted: ${LOCALES.join(', ')}\n\n${USAGE}`)
  const system = localeOf(process.env['LC_ALL'] || process.env['LANG'] || '')
  const { json, list, help } = values
  return { locale: locale ?? (system === 'en' ? 'en' : 'ko'), json, list, help, query: positionals }
}

async function answer(subject: Subject, { locale, json, list, query }: Options): Promise<number> {
  const t = translator(locale)
  const ids = [...subject.topics.keys()]
  if (list) {
    if (json) print(JSON.stringify(ids))
    else for (const topic of subject.topics.values()) print(`${topic.id.padEnd(24)}${topic.names[locale]}`)
    return 0
  }
  const index = createIndex(subject)
  const result = (text: string, found: Found): string =>
    JSON.stringify({
      query: text,
      topic: found.topic?.id ?? null,
      compared: (found.pair ?? found.several).map(({ id }) => id),
      suggestions: isAnswered(found) ? [] : found.nearest.map((match) => match.topic.id),
    })
  if (query.length === 1 && query[0] === '-') {
    for await (const line of readline.createInterface({ input: process.stdin })) print(result(line, index.find(line)))
    return 0
  }
  const text = query.join(' ')
  const found = index.find(text)
  if (json) {
    print(result(text, found))
    return isAnswered(found) ? 0 : 1
  }
  if (text.trim() === '') {
    const text = t('contents.inTerminal', { count: ids.length, command: EXAMPLE })
    show({ ...contentsCard(subject, locale, t), blocks: [{ type: 'text', text: md`${text}` }] })
    return 0
  }
  if (found.topic) {
    show(topicCard({ subject, topic: found.topic, shareable: false }, locale, t))
    return 0
  }
  const beside = besideCard({ subject, found }, locale, t)
  if (beside) {
    show(beside)
    return 0
  }
  const nearest = found.nearest.map((match) => match.topic)
  show(notFoundCard({ subject, query: text, nearest, open: 'topic.show' }, locale, t))
  // A terminal has no buttons: the names are the way on, and the command for all of them.
  for (const topic of nearest) print(`  ${topic.names[locale]} (${topic.id})`)
  print(`  ${t('contents.open')}: ${LIST}`)
  return 1
}

function isAnswered({ topic, pair, several }: Found): boolean {
  return topic !== undefined || pair !== undefined || several.length > 0
}

function show(card: Card): void {
  const width = Math.min(process.stdout.columns ?? 80, WIDEST)
  const colours = process.stdout.isTTY === true && !process.env['NO_COLOR']
  process.stdout.write(cardToTerminal(card, { width, colours }))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(USAGE)
  } else {
    const library = await openLibrary(fileURLToPath(new URL('../content', import.meta.url)), { questions: false })
    const [subject] = library.subjects
    if (!subject) throw new Error('the content holds no subject')
    process.exitCode = await answer(subject, options)
  }
} catch (error) {
  process.stderr.write(
    `${error instanceof ContentError || error instanceof UsageError ? error.message : error instanceof Error ? error.stack : error}\n`,
  )
  process.exitCode = error instanceof UsageError ? EX_USAGE : 1
}
