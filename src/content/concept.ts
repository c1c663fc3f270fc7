// A topic frozen at the moment it is posted as a concept, with what comes after it.

import * as z from 'zod'
import { type Markdown, markdownFromContent } from '../chat/markdown.ts'
import type { Library, Note, Topic } from './library.ts'

const localized = z.object({ ko: z.string(), en: z.string() })
const markdown = z.string().transform((text): Markdown => markdownFromContent(text))
const note = z.object({ summary: markdown, sections: z.array(z.object({ heading: z.string(), body: markdown })) })

export const conceptSnapshot = z.object({
  subject: z.string(),
  topic: z.string(),
  name: z.string(),
  names: localized,
  notice: localized.optional(),
  notes: z.object({ ko: note, en: note }),
  picture: z.object({ files: localized, alt: localized }).optional(),
  /** Whether there is a question to practise. */
  practice: z.boolean(),
  /** What people call the topic that comes next. */
  next: localized.optional(),
})

export type ConceptSnapshot = z.infer<typeof conceptSnapshot>

/** The snapshot as it is stored: Markdown as its source. */
export function takeConcept(library: Library, topic: Topic, next: Topic | undefined): z.input<typeof conceptSnapshot> {
  const subject = library.subjects.find(({ id }) => id === topic.subject)
  if (!subject) throw new Error(`topic ${topic.id} belongs to no subject of the library`)
  const picture = subject.diagrams.find(({ topics }) => topics.includes(topic.id))
  return {
    subject: subject.id,
    topic: topic.id,
    name: topic.name,
    names: topic.names,
    ...(topic.notice && { notice: topic.notice }),
    notes: { ko: sourceOf(topic.notes.ko), en: sourceOf(topic.notes.en) },
    ...(picture && { picture: { files: picture.files, alt: picture.alt } }),
    practice: topic.questions.length > 0,
    ...(next && { next: next.names }),
  }
}

function sourceOf(text: Note): z.input<typeof note> {
  return {
    summary: text.summary.markdown,
    sections: text.sections.map(({ heading, body }) => ({ heading, body: body.markdown })),
  }
}
