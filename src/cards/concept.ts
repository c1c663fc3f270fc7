// Card of a concept posted in the study channel: the beginning of its note, and the way to the rest.

import { encodeAction } from '../chat/action.ts'
import { type Action, type Block, type Card, plainText } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { ConceptSnapshot } from '../content/concept.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { topicTitle } from './topic.ts'

/** In characters of plain text: a Discord message holds 4,000 in all (docs.discord.com/developers/components/reference), marks included. */
export const CONCEPT_LENGTH = 3500

/**
 * As many sections as fit whole, in their order. Every button carries the post's id, by which the message is found again.
 *
 * @param length what the card may hold, in characters of plain text
 */
export function conceptCard(
  model: { snapshot: ConceptSnapshot; postId: string },
  locale: Locale,
  t: Translator,
  length = CONCEPT_LENGTH,
): Card {
  const { sections } = model.snapshot.notes[locale]
  for (let shown = sections.length; shown > 0; shown--) {
    const card = withSections(model, shown, locale, t)
    if (plainText(card).length <= length) return card
  }
  return withSections(model, 0, locale, t)
}

function withSections(
  { snapshot, postId }: { snapshot: ConceptSnapshot; postId: string },
  shown: number,
  locale: Locale,
  t: Translator,
): Card {
  const { subject, topic, name, names, notice, picture, practice, next } = snapshot
  const note = snapshot.notes[locale]
  const blocks: Block[] = []
  if (notice) blocks.push({ type: 'callout', accent: 'danger', title: t('topic.notice'), text: md`${notice[locale]}` })
  blocks.push({ type: 'text', text: note.summary })
  if (picture) blocks.push({ type: 'image', image: picture.files[locale], alt: picture.alt[locale] })
  for (const { heading, body } of note.sections.slice(0, shown)) blocks.push({ type: 'text', heading, text: body })
  const after = next ? t('concept.next', { topic: next[locale] }) : ''
  const more = shown < note.sections.length ? t('concept.more') : ''
  const foot = [more, after].filter(Boolean).join(' ')
  if (foot !== '') blocks.push({ type: 'note', text: md`${foot}` })
  const actions: Action[] = [
    {
      type: 'button',
      primary: false,
      label: t('concept.whole'),
      id: encodeAction('topic.show', subject, topic, postId),
    },
  ]
  const other = locale === 'ko' ? 'en' : 'ko'
  const inOther = encodeAction('topic.read', subject, topic, other, postId)
  actions.push({ type: 'button', primary: false, label: t('quiz.inOther'), id: inOther })
  if (practice) {
    const id = encodeAction('quiz.practise', subject, topic, postId)
    actions.push({ type: 'button', primary: true, label: t('topic.practise'), id })
  }
  return {
    title: t('concept.title', { topic: topicTitle({ name, names }, locale) }),
    accent: notice ? 'danger' : 'info',
    blocks,
    rows: [actions],
  }
}
