// /study compare first second: two topics side by side.

import * as z from 'zod'
import { comparisonCard, pairCard, severalCard } from '../cards/compare.ts'
import { noticeCard } from '../cards/notice.ts'
import { notFoundCard } from '../cards/topic.ts'
import { type ActionHandlers, defineCommand, requiredTopicOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { namesCategory } from '../content/groups.ts'
import { findSubject, type Subject, type Topic } from '../content/library.ts'
import { partings } from '../content/pairs.ts'
import type { Found, SearchIndex } from '../content/search.ts'
import { translator } from '../locales/locale.ts'
import type { Context, StudyCommand } from './context.ts'
import { suggestTopics, withMiss } from './lookup.ts'

export function compareCommand({ library, indexes }: Pick<Context, 'library' | 'indexes'>): StudyCommand {
  return defineCommand({
    path: ['study', 'compare'],
    audience: 'member',
    pace: 'quick',
    options: z.object({ first: requiredTopicOption(), second: requiredTopicOption() }),
    describe: (locale) => translator(locale)('command.compare', { returnObjects: true }),
    describeOption: (locale, option) =>
      translator(locale)(option === 'first' ? 'option.first' : 'option.second', { returnObjects: true }),
    complete: ({ prefix, limit, locale }) =>
      [...indexes.values()].flatMap((index) => suggestTopics(index, prefix, limit, locale)).slice(0, limit),
    async run(context: Context, invocation, queries) {
      const { locale } = invocation
      const t = translator(locale)
      const names = namesIn(queries)
      const unknown = new Set(names)
      // All topics come from one subject: the first in which all are found, else the first that misses any.
      let missing: Reply | undefined
      for (const subject of library.subjects) {
        const index = indexes.get(subject.id)
        if (!index) continue
        const pair = pairOf(index, queries)
        if (pair) return compare(subject, ...pair, invocation)
        const found = names.map((query) => ({ query, ...index.find(query) }))
        const topics = severalOf(index, queries, found)
        const several = topics.length > 0 ? severalCard({ subject, topics }, locale, t) : undefined
        if (several) return privately(several)
        // What is only near is no answer; but a category is no topic that somebody could write.
        for (const { query, topic, pair, several } of found) {
          if (topic || pair || several.length > 0 || namesCategory(subject, query)) unknown.delete(query)
        }
        const missed = topics.length > 0 ? undefined : found.find(({ topic }) => !topic)
        const near = missed ? missed.nearest.map((match) => match.topic) : topics
        const query = missed?.query ?? lineOf(queries)
        missing ??= privately(notFoundCard({ subject, query, nearest: near, open: 'topic.show' }, locale, t))
      }
      if (!missing) throw new Error('the library has no subject')
      return unknown.size > 0 ? withMiss(missing, context, invocation, ...unknown) : missing
    },
  })
}

/** What a person named first and second. A line of text is parted at its first space: "lambda" and "vs ec2". */
type Queries = { readonly first: string; readonly second: string }

const lineOf = ({ first, second }: Queries): string => `${first} ${second}`

/** The names on both sides of what joins them, such as "vs", as the lookup parts them; none where nothing does. */
function joinedIn(queries: Queries): readonly (readonly [string, string])[] {
  const { ways, isJoined } = partings(lineOf(queries))
  return isJoined ? ways : []
}

/** All that is named: what something such as "vs" joins, else the two as they were given. */
function namesIn(queries: Queries): readonly string[] {
  const { names, isJoined } = partings(lineOf(queries))
  return isJoined && names.length > 1 ? names : [queries.first, queries.second]
}

/** The topics of a line that names more than two, when it names nothing else. */
function severalOf(index: SearchIndex, queries: Queries, found: readonly Found[]): readonly Topic[] {
  const topics = new Set(found.flatMap(({ topic }) => topic ?? []))
  const isEach = topics.size > 2 && found.every(({ topic }) => topic)
  return isEach ? [...topics] : index.find(lineOf(queries)).several
}

/**
 * The two topics of a line, whose names may both have spaces: "elastic beanstalk ec2". As they were given when both are names, else as
 * they are joined, else as the first place tells at which both are; then likewise with what is only like a name.
 */
function pairOf(index: SearchIndex, queries: Queries): readonly [Topic, Topic] | undefined {
  const { first, second } = queries
  const words = `${first} ${second}`.split(/\s+/)
  // The most words first: "vpc peering" is meant where "vpc" would be found too.
  const places = Array.from({ length: Math.min(words.length - 1, MOST_WORDS) }, (_, i) => i + 1).reverse()
  const ways = [
    [first, second] as const,
    ...joinedIn(queries),
    ...places.map((at) => [words.slice(0, at).join(' '), words.slice(at).join(' ')] as const),
  ]
  const named = index.findPair(ways)
  if (named) return named
  for (const [one, other] of ways) {
    const topic = index.find(one).topic
    const second = topic && index.find(other).topic
    if (second) return [topic, second]
  }
  return undefined
}

/** No name has more words; a longer line is not tried at every place. */
const MOST_WORDS = 8

export const compareActions: ActionHandlers<Context> = {
  'compare.show': async ({ library }, invocation, { args: [subjectId = '', id] }) => {
    const t = translator(invocation.locale)
    const subject = findSubject(library, subjectId)
    const comparison = subject?.comparisons.find((each) => each.id === id)
    if (subject && comparison) return privately(comparisonCard({ subject, comparison }, invocation.locale, t))
    return privately(noticeCard('warning', t('topic.gone.title'), t('topic.gone.text')))
  },
}

function compare(subject: Subject, first: Topic, second: Topic, { locale }: Invocation): Reply {
  const t = translator(locale)
  if (first === second) {
    return privately(
      noticeCard('warning', t('compare.same.title'), t('compare.same.text', { topic: first.names[locale] })),
    )
  }
  return privately(pairCard({ subject, pair: [first, second] }, locale, t))
}
