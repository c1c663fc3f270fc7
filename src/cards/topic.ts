// Cards of the notes: one topic, the table of contents, and what to show when nothing was found.

import { encodeAction } from '../chat/action.ts'
import type { Action, Block, Card } from '../chat/card.ts'
import { commaList, lines, link, type Markdown, md, paragraphs, shorten, visible } from '../chat/markdown.ts'
import { type Page, type Source, type Subject, type Topic, topicsOf } from '../content/library.ts'
import type { Locale, Translator } from '../locales/locale.ts'

/** Discord shows five buttons in a row, the fewest of the platforms. */
const ROW = 5

/** The official name, with what people call it in this language when that is another word. */
export function topicTitle(topic: Pick<Topic, 'name' | 'names'>, locale: Locale): string {
  const local = topic.names[locale]
  return topic.name.toLowerCase().includes(local.toLowerCase()) ? topic.name : `${topic.name} · ${local}`
}

/** A topic's whole note. `shareable` adds the button that shows it to the channel. */
export function topicCard(
  model: { subject: Subject; topic: Topic; shareable: boolean },
  locale: Locale,
  t: Translator,
): Card {
  const { subject, topic, shareable } = model
  const note = topic.notes[locale]
  const blocks: Block[] = []
  if (topic.notice) {
    blocks.push({ type: 'callout', accent: 'danger', title: t('topic.notice'), text: md`${topic.notice[locale]}` })
  }
  blocks.push({ type: 'text', text: note.summary })
  for (const { files, alt } of subject.diagrams.filter(({ topics }) => topics.includes(topic.id))) {
    blocks.push({ type: 'image', image: files[locale], alt: alt[locale] })
  }
  for (const { heading, body } of note.sections) blocks.push({ type: 'text', heading, text: body })
  if (topic.misconceptions.length > 0) {
    const items = topic.misconceptions.map(({ claim, truth }) =>
      lines([md`**${t('topic.myth')}** ${claim[locale]}`, md`**${t('topic.truth')}** ${truth[locale]}`]),
    )
    blocks.push({ type: 'callout', accent: 'warning', title: t('topic.misconceptions'), text: paragraphs(items) })
  }
  if (topic.filedUnder) blocks.push({ type: 'note', text: md`${topic.filedUnder[locale]}` })
  if (topic.sources.length > 0) {
    blocks.push({
      type: 'note',
      text: md`${t('topic.sources')}: ${commaList(topic.sources.map((source) => sourceText(source, t)))}`,
    })
  }
  if (topic.further.length > 0) {
    blocks.push({
      type: 'note',
      text: md`${t('topic.further')}: ${commaList(topic.further.map((page) => pageText(page, locale, t)))}`,
    })
  }
  const actions: Action[] = []
  if (topic.questions.length > 0) {
    actions.push({
      type: 'button',
      primary: true,
      label: t('topic.practise'),
      id: encodeAction('quiz.practise', topic.subject, topic.id),
    })
  }
  if (shareable) {
    actions.push({
      type: 'button',
      primary: false,
      label: t('topic.share'),
      id: encodeAction('topic.share', topic.subject, topic.id),
    })
  }
  const related = topic.related.flatMap((id) => subject.topics.get(id) ?? [])
  return {
    title: topicTitle(topic, locale),
    accent: topic.notice ? 'danger' : 'info',
    blocks,
    rows: [
      ...rowsOf(related.map((other) => topicButton(other, locale))),
      comparisonButtons(subject, topic, locale, t),
      actions,
    ].filter((row) => row.length > 0),
  }
}

/** Actions in rows of five. */
function rowsOf(actions: readonly Action[]): (readonly Action[])[] {
  return actions.length === 0 ? [] : [actions.slice(0, ROW), ...rowsOf(actions.slice(ROW))]
}

/** One button for each comparison the topic is in, naming the others. */
function comparisonButtons(subject: Subject, topic: Topic, locale: Locale, t: Translator): Action[] {
  return subject.comparisons
    .filter(({ topics }) => topics.includes(topic.id))
    .slice(0, ROW)
    .map(({ id, topics }) => {
      const others = topics
        .filter((other) => other !== topic.id)
        .map((other) => subject.topics.get(other)?.names[locale] ?? other)
      const label = t('compare.with', { others: others.join(' · ') })
      return { type: 'button', primary: false, label, id: encodeAction('compare.show', subject.id, id) }
    })
}

/** The table of contents: one picker for each category. */
export function contentsCard(subject: Subject, locale: Locale, t: Translator): Card {
  const filled = subject.categories.map((category) => ({ category, topics: topicsOf(subject, category.id) }))
  return {
    title: t('contents.title', { subject: subject.name[locale] }),
    accent: 'info',
    blocks: [
      { type: 'text', text: md`${t('contents.intro', { count: subject.topics.size })}` },
      { type: 'note', text: md`${t('contents.hint', { command: subject.command })}` },
    ],
    rows: filled
      .filter(({ topics }) => topics.length > 0)
      .map(({ category, topics }) => [
        {
          type: 'pick',
          id: encodeAction('topic.pick', subject.id, category.id),
          label: category.name[locale],
          options: topics.map((topic) => ({ value: topic.id, label: topicTitle(topic, locale) })),
        },
      ]),
  }
}

/** Nothing certain was found: the nearest topics as buttons, or none, and always the way to the table of contents. */
export function notFoundCard(
  model: { subject: Subject; query: string; nearest: readonly Topic[]; open: 'topic.show' | 'quiz.practise' },
  locale: Locale,
  t: Translator,
): Card {
  const { subject, nearest, open } = model
  const query = shorten(visible(model.query), 60)
  const contents: Action = {
    type: 'button',
    primary: false,
    label: t('contents.open'),
    id: encodeAction('topic.contents', subject.id),
  }
  return {
    title: t('notFound.title'),
    accent: 'warning',
    blocks: [
      {
        type: 'text',
        text: nearest.length > 0 ? md`${t('notFound.near', { query })}` : md`${t('notFound.none', { query })}`,
      },
    ],
    rows: [nearest.slice(0, ROW).map((topic) => topicButton(topic, locale, open)), [contents]].filter(
      (row) => row.length > 0,
    ),
  }
}

export function topicButton(topic: Topic, locale: Locale, open: 'topic.show' | 'quiz.practise' = 'topic.show'): Action {
  const label = topic.names[locale]
  return { type: 'button', primary: false, label, id: encodeAction(open, topic.subject, topic.id) }
}

function pageText({ title, url, language }: Page, locale: Locale, t: Translator): Markdown {
  if (language === locale) return link(title, url)
  const named = new Intl.DisplayNames(locale, { type: 'language' }).of(language) ?? language
  return md`${link(title, url)} (${t('topic.inLanguage', { language: named })})`
}

function sourceText(source: Source, t: Translator): Markdown {
  return md`${link(source.title, source.url)} (${t('topic.checked', { date: source.checked })})`
}
