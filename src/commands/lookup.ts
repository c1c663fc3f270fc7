// /aws [query]: a topic's card, two topics side by side, the nearest topics, or the table of contents.

import * as z from 'zod'
import { calledCard } from '../cards/called.ts'
import { besideCard } from '../cards/compare.ts'
import { noticeCard } from '../cards/notice.ts'
import { contentsCard, notFoundCard, topicCard, topicTitle } from '../cards/topic.ts'
import type { ActionRef } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { type ActionHandlers, defineCommand, type Suggestion, topicOption } from '../chat/command.ts'
import { type Invocation, privately, publicly, type Reply } from '../chat/invocation.ts'
import { namesCategory } from '../content/groups.ts'
import { findSubject, type Subject, type Topic } from '../content/library.ts'
import { searchKey } from '../content/normalize.ts'
import { readingsOf } from '../content/readings.ts'
import { LONGEST_QUERY, type SearchIndex } from '../content/search.ts'
import { type Locale, localeOf, translator } from '../locales/locale.ts'
import { communityOf } from '../study/membership.ts'
import { noteMissed } from '../study/missed.ts'
import type { Context, StudyCommand } from './context.ts'
import { usageLine } from './help.ts'
import { namesAt } from './reading/grammar.ts'
import { withoutAsking } from './reading/synonyms.ts'

/**
 * The lookup command of one subject.
 *
 * @param commands read when something is looked up: the table holds this command too
 */
export function lookupCommand(
  subject: Subject,
  index: SearchIndex,
  commands: () => readonly StudyCommand[],
): StudyCommand {
  return defineCommand({
    path: [subject.command],
    audience: 'member',
    pace: 'quick',
    options: z.object({ query: topicOption() }),
    describe: (locale) => ({ name: subject.command, summary: subject.description[locale] }),
    describeOption: (locale) => translator(locale)('option.query', { returnObjects: true }),
    complete: ({ prefix, limit, locale }) => suggestTopics(index, prefix, limit, locale),
    async run(context: Context, invocation, { query }) {
      const { locale } = invocation
      const t = translator(locale)
      if (query === undefined || query.trim() === '') return privately(contentsCard(subject, locale, t))
      const found = index.find(query)
      if (found.topic) return showTopic(subject, found.topic, invocation)
      const beside = besideCard({ subject, found }, locale, t)
      if (beside) return privately(beside)
      const called = commandsCalled(query, commands())
      if (called.length > 0) {
        return privately(calledCard({ query, commands: called.map((command) => usageLine(command, locale)) }, t))
      }
      if (isAbout(CONTENTS, query)) return privately(contentsCard(subject, locale, t))
      const near = found.nearest.map((match) => match.topic)
      const reply = privately(notFoundCard({ subject, query, nearest: near, open: 'topic.show' }, locale, t))
      // What is only near is no answer; but a category is no topic that somebody could write.
      return namesCategory(subject, query) ? reply : withMiss(reply, context, invocation, query)
    },
  })
}

/** What people write for the table of contents. As search keys. */
const CONTENTS: ReadonlySet<string> = new Set([
  ...['목차', '목록', '주제', '주제목록', '전체목록', '전체주제', '주제들'],
  ...['contents', 'tableofcontents', 'toc', 'topics', 'alltopics', 'listoftopics'],
])

/** What people look up who want a command, though it is no name of one. As search keys, by the command's own name. */
const WANTED: Readonly<Record<string, ReadonlySet<string>>> = {
  quiz: new Set(['랜덤', '랜덤문제', '문제', 'random', 'randomquestion']),
  leaderboard: new Set(['순위', '1등']),
}

/** What a query may be when it is about the bot: "목차 보여줘" is 목차, "문제 내줘" is 문제. */
function keysOf(query: string): readonly string[] {
  if (query.length > LONGEST_QUERY) return []
  const keys = readingsOf(query).map(({ key }) => key)
  return [...new Set([...keys, ...keys.map(withoutAsking)])]
}

const isAbout = (words: ReadonlySet<string>, query: string): boolean => keysOf(query).some((key) => words.has(key))

/** The commands that a query calls by their names or by their group's, in any language: "퀴즈", "study quiz", "team". */
function commandsCalled(query: string, commands: readonly StudyCommand[]): StudyCommand[] {
  const keys = new Set(keysOf(query))
  return commands.filter((command) => callsOf(command).some((call) => keys.has(call)))
}

/** The table of commands does not change while the bot runs. */
const calls = new WeakMap<StudyCommand, readonly string[]>()

/** What a query may be to call a command: "퀴즈", "study quiz". As search keys. */
function callsOf(command: StudyCommand): readonly string[] {
  const known = calls.get(command) ?? allCalls(command)
  calls.set(command, known)
  return known
}

function allCalls(command: StudyCommand): string[] {
  const root = searchKey(command.path[0] ?? '')
  const found: string[] = [...(command.path.length === 2 ? (WANTED[command.path[1] ?? ''] ?? []) : [])]
  let before = ['', root]
  for (let depth = 1; depth < command.path.length; depth++) {
    const names = namesAt(command, depth).map(searchKey)
    before = before.flatMap((key) => names.map((name) => key + name))
    found.push(...before)
  }
  return found
}

/** A reply after which its query, or each of them, is counted as a miss. */
export function withMiss(reply: Reply, context: Context, invocation: Invocation, ...queries: string[]): Reply {
  return { ...reply, after: () => noteMisses(context, invocation, queries) }
}

async function noteMisses(
  context: Context,
  { connection, platform, receivedAt }: Invocation,
  queries: readonly string[],
): Promise<void> {
  if (!connection) return
  const { store, defaults, log } = context
  try {
    const community = await communityOf(store, { ...connection, platform }, defaults, receivedAt)
    for (const query of queries) await noteMissed(store, community, query, receivedAt)
  } catch (error) {
    log.warn({ err: error }, 'a missed query was not counted')
  }
}

/** Topics as completions: what the person reads, and the id that stands for it. */
export function suggestTopics(index: SearchIndex, prefix: string, limit: number, locale: Locale): Suggestion[] {
  return index.complete(prefix, limit).map((topic) => ({ value: topic.id, label: topicTitle(topic, locale) }))
}

export const lookupActions: ActionHandlers<Context> = {
  'topic.show': async (context, invocation, action) =>
    withTopic(context, invocation, action.args[0], action.args[1], showTopic),
  /** In a language of its own: the card that leads here is in the other one. */
  'topic.read': async (context, invocation, { args: [subject, topic, language = ''] }) =>
    withTopic(context, { ...invocation, locale: localeOf(language) ?? invocation.locale }, subject, topic, showTopic),
  'topic.pick': async (context, invocation, action, picked) =>
    withTopic(context, invocation, action.args[0], picked, showTopic),
  'topic.share': async (context, invocation, action) => {
    // The button may be on a card from another time, or made up.
    if (invocation.mayWrite === false) {
      const t = translator(invocation.locale)
      return privately(noticeCard('warning', t('topic.noShare.title'), t('topic.noShare.text')))
    }
    return withTopic(context, invocation, action.args[0], action.args[1], (subject, topic) =>
      publicly(cardOf(subject, topic, false, invocation.locale)),
    )
  },
  'topic.contents': async (context, invocation, action: ActionRef) => {
    const t = translator(invocation.locale)
    const subject = findSubject(context.library, action.args[0] ?? '')
    if (!subject) return privately(noticeCard('warning', t('topic.gone.title'), t('topic.gone.text')))
    return privately(contentsCard(subject, invocation.locale, t))
  },
}

function showTopic(subject: Subject, topic: Topic, { locale, channel, mayWrite }: Invocation): Reply {
  return privately(cardOf(subject, topic, channel !== undefined && mayWrite !== false, locale))
}

/** Notes do not change while the bot runs, and neither do their cards: each is the same object every time. */
const cards = new WeakMap<Subject, Map<string, Card>>()

function cardOf(subject: Subject, topic: Topic, shareable: boolean, locale: Locale): Card {
  const known = cards.get(subject) ?? new Map<string, Card>()
  cards.set(subject, known)
  const key = `${topic.id} ${locale} ${shareable}`
  const card = known.get(key) ?? topicCard({ subject, topic, shareable }, locale, translator(locale))
  known.set(key, card)
  return card
}

function withTopic(
  { library }: Context,
  invocation: Invocation,
  subjectId: string | undefined,
  topicId: string | undefined,
  show: (subject: Subject, topic: Topic, invocation: Invocation) => Reply,
): Reply {
  const t = translator(invocation.locale)
  const subject = findSubject(library, subjectId ?? '')
  const topic = subject?.topics.get(topicId ?? '')
  if (subject && topic) return show(subject, topic, invocation)
  return privately(noticeCard('warning', t('topic.gone.title'), t('topic.gone.text')))
}
