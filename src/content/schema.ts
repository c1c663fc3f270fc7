// The shape of the content files, as zod; content/README.md is its description for writers.

import * as z from 'zod'
import { CONTENT_LIMITS as LIMITS } from './limits.ts'

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case: small letters, digits and single hyphens')
const text = (max: number) => z.string().trim().min(1).max(max)
const localized = (max: number) => z.strictObject({ ko: text(max), en: text(max) })
const url = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(LIMITS.url)

/** Whether a text is a month or a day of the calendar. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text.length === 7 ? `${text}-01` : text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

export const subjectFile = z.strictObject({
  command: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a command name: small letters, digits, hyphens'),
  name: localized(LIMITS.name),
  description: localized(100),
  categories: z.array(z.strictObject({ id, name: localized(LIMITS.name) })).min(1),
})

export const topicFile = z.strictObject({
  name: text(LIMITS.name),
  names: localized(LIMITS.name),
  order: z.int().positive(),
  aliases: z.array(text(LIMITS.alias)).max(LIMITS.aliases).default([]),
  tags: z.array(text(LIMITS.alias)).max(LIMITS.aliases).default([]),
  filed_under: localized(LIMITS.filedUnder).optional(),
  notice: localized(LIMITS.notice).optional(),
  related: z
    .array(id)
    .max(8)
    .refine((ids) => new Set(ids).size === ids.length, 'names a topic twice')
    .default([]),
  sources: z
    .array(
      z.strictObject({
        id,
        title: text(LIMITS.sourceTitle),
        url,
        checked: z.string().refine(isDate, 'must be YYYY-MM or YYYY-MM-DD, a day that exists'),
        via: text(200).optional(),
      }),
    )
    .default([]),
  further: z
    .array(z.strictObject({ title: text(LIMITS.sourceTitle), url, language: z.enum(['ko', 'en']) }))
    .max(6)
    .default([]),
  misconceptions: z
    .array(z.strictObject({ claim: localized(LIMITS.claim), truth: localized(LIMITS.truth), source: id.optional() }))
    .max(LIMITS.misconceptions)
    .default([]),
})

const questionCommon = {
  id,
  level: z.union([z.literal(1), z.literal(2), z.literal(3)], 'must be 1, 2 or 3'),
  source: id.optional(),
  prompt: localized(LIMITS.prompt),
  explanation: localized(LIMITS.explanation),
}

const choice = z.strictObject({
  ko: text(LIMITS.choice),
  en: text(LIMITS.choice),
  right: z.literal(true).optional(),
})

const question = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('choice'),
    ...questionCommon,
    choices: z
      .array(choice)
      .min(3)
      .max(5)
      .refine((choices) => choices.filter((each) => each.right).length === 1, 'exactly one choice must be right: true')
      .refine(
        (choices) =>
          (['ko', 'en'] as const).every((l) => new Set(choices.map((each) => each[l])).size === choices.length),
        'two choices are the same',
      ),
  }),
  z.strictObject({ kind: z.literal('true-false'), ...questionCommon, answer: z.boolean() }),
])

export const quizFile = z.array(question)

export const comparisonsFile = z.array(
  z
    .strictObject({
      id,
      topics: z.array(id).min(2).max(3),
      gist: localized(LIMITS.gist),
      rows: z
        .array(z.strictObject({ aspect: localized(LIMITS.aspect), values: z.array(localized(LIMITS.cell)) }))
        .min(2)
        .max(8),
      choose: localized(LIMITS.choose),
    })
    .refine(({ topics, rows }) => rows.every(({ values }) => values.length === topics.length), {
      path: ['rows'],
      error: 'each row needs one value for each topic',
    }),
)

export const diagramsFile = z.array(z.strictObject({ id, topics: z.array(id).min(1), alt: localized(LIMITS.alt) }))

export type TopicFile = z.infer<typeof topicFile>
export type QuestionFile = z.infer<typeof question>
