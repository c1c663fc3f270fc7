// Cards that put topics side by side.

import type { Block, Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import { type Comparison, findComparison, type Subject, type Topic } from '../content/library.ts'
import type { Found } from '../content/search.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { topicButton, topicTitle } from './topic.ts'

/** Topics that somebody compared; undefined when nobody did. */
export function severalCard(
  { subject, topics }: { subject: Subject; topics: readonly Topic[] },
  locale: Locale,
  t: Translator,
): Card | undefined {
  const comparison = findComparison(subject, topics)
  return comparison && comparisonCard({ subject, comparison }, locale, t)
}

/** Two topics side by side: by the comparison that somebody wrote, else by their notes. */
export function pairCard(
  { subject, pair }: { subject: Subject; pair: readonly [Topic, Topic] },
  locale: Locale,
  t: Translator,
): Card {
  const [first, second] = pair
  return severalCard({ subject, topics: pair }, locale, t) ?? sideBySideCard({ first, second }, locale, t)
}

/** What a lookup found when it is more than one topic: side by side, if there is anything to show. */
export function besideCard(
  { subject, found: { pair, several } }: { subject: Subject; found: Pick<Found, 'pair' | 'several'> },
  locale: Locale,
  t: Translator,
): Card | undefined {
  if (pair) return pairCard({ subject, pair }, locale, t)
  return several.length > 0 ? severalCard({ subject, topics: several }, locale, t) : undefined
}

/** A comparison that somebody wrote. */
export function comparisonCard(
  { subject, comparison }: { subject: Subject; comparison: Comparison },
  locale: Locale,
  t: Translator,
): Card {
  const topics = comparison.topics.flatMap((id) => subject.topics.get(id) ?? [])
  return {
    title: title(topics, locale, t),
    accent: 'info',
    blocks: [
      { type: 'text', text: md`${comparison.gist[locale]}` },
      {
        type: 'table',
        columns: ['', ...topics.map((topic) => nameIn(comparison, topic, locale))],
        rows: comparison.rows.map(({ aspect, values }) => ({
          cells: [md`**${aspect[locale]}**`, ...values.map((value) => md`${value[locale]}`)],
          marked: false,
        })),
      },
      { type: 'callout', accent: 'success', title: t('compare.choose'), text: md`${comparison.choose[locale]}` },
    ],
    rows: [topics.map((topic) => topicButton(topic, locale))],
  }
}

/** What the comparison itself calls a topic: Lambda, and not 람다 above cells that say Lambda. */
function nameIn({ gist, rows, choose }: Comparison, { names }: Topic, locale: Locale): string {
  const values = rows.flatMap((row) => row.values.map((value) => value[locale]))
  const text = [gist[locale], choose[locale], ...values].join(' ')
  return [names[locale], names.en].find((name) => text.includes(name)) ?? names[locale]
}

/** Two topics nobody compared: what each of them says of itself, and a note that this is all it is. */
export function sideBySideCard(
  { first, second }: { first: Topic; second: Topic },
  locale: Locale,
  t: Translator,
): Card {
  const both = [first, second]
  const blocks: Block[] = both.map((topic) => ({
    type: 'text',
    heading: topicTitle(topic, locale),
    text: topic.notes[locale].summary,
  }))
  // The sections that both have: the same headings in every note are what makes them comparable.
  const [own, other] = both.map(({ notes }) => notes[locale].sections)
  const shared = own?.filter(({ heading }) => other?.some((section) => section.heading === heading)) ?? []
  for (const { heading } of shared) {
    for (const topic of both) {
      const section = topic.notes[locale].sections.find((each) => each.heading === heading)
      if (section) blocks.push({ type: 'text', heading: `${heading} · ${topic.names[locale]}`, text: section.body })
    }
  }
  blocks.push({ type: 'note', text: md`${t('compare.unwritten')}` })
  return {
    title: title(both, locale, t),
    accent: 'info',
    blocks,
    rows: [both.map((topic) => topicButton(topic, locale))],
  }
}

function title(topics: readonly Topic[], locale: Locale, t: Translator): string {
  return t('compare.title', { names: topics.map(({ names }) => names[locale]).join(' · ') })
}
