// Cards of the quiz: the question, the private result, and the closed post.

import { encodeAction } from '../chat/action.ts'
import type { Action, Block, Card } from '../chat/card.ts'
import { link, md, plain } from '../chat/markdown.ts'
import type { QuizSnapshot } from '../content/snapshot.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { localTime } from './when.ts'

const MARKS = ['A', 'B', 'C', 'D', 'E'] as const
const TRUE_FALSE_MARKS = ['O', 'X'] as const

/** The letter a choice goes by: O and X for true and false, else A to E. */
export function markOf(snapshot: QuizSnapshot, choice: number): string {
  const mark = (snapshot.kind === 'true-false' ? TRUE_FALSE_MARKS : MARKS)[choice]
  if (mark === undefined) throw new Error(`question ${snapshot.question} has no choice ${choice}`)
  return mark
}

export type PostedQuiz = {
  readonly snapshot: QuizSnapshot
  readonly postId: string
  /** In epoch milliseconds. */
  readonly closesAt: number
  /** The community's, in which the end is told. */
  readonly timeZone: string
  /** That of the schedule, when it is another: then the end is told with its zone. */
  readonly scheduleZone?: string | undefined
}

/** A question in the study channel. */
export function postedQuizCard(quiz: PostedQuiz, locale: Locale, t: Translator): Card {
  const card = translatedQuizCard(quiz, locale, t)
  return { ...card, rows: [...card.rows, [inOtherLanguage(quiz.postId, locale, t)]] }
}

/** The question of a post, read privately in another language. Its choices answer the same post. */
export function translatedQuizCard(quiz: PostedQuiz, locale: Locale, t: Translator): Card {
  const { snapshot, postId, closesAt, timeZone, scheduleZone = timeZone } = quiz
  const time = localTime(closesAt, timeZone, locale)
  const until = scheduleZone === timeZone ? time : `${time} (${timeZone})`
  return {
    title: t('quiz.postTitle', { category: snapshot.categoryName[locale] }),
    accent: 'info',
    blocks: [...questionBlocks(snapshot, locale, t), { type: 'note', text: md`${t('quiz.postNote', { until })}` }],
    rows: [choiceRow(snapshot, locale, (choice) => encodeAction('quiz.answer', postId, String(choice)))],
  }
}

function inOtherLanguage(postId: string, locale: Locale, t: Translator): Action {
  const other = locale === 'ko' ? 'en' : 'ko'
  return { type: 'button', primary: false, label: t('quiz.inOther'), id: encodeAction('quiz.read', postId, other) }
}

/** A private practice question. */
export function practiceCard(
  model: { snapshot: QuizSnapshot; practiceId: string },
  locale: Locale,
  t: Translator,
): Card {
  const { snapshot, practiceId } = model
  return {
    title: t('quiz.practiceTitle', { topic: snapshot.topicName }),
    accent: 'info',
    blocks: [...questionBlocks(snapshot, locale, t), { type: 'note', text: md`${t('quiz.practiceNote')}` }],
    rows: [choiceRow(snapshot, locale, (choice) => encodeAction('quiz.practice-answer', practiceId, String(choice)))],
  }
}

function questionBlocks(snapshot: QuizSnapshot, locale: Locale, t: Translator): Block[] {
  const level = t(`quiz.level${snapshot.level}`)
  return [
    { type: 'text', text: md`**${asked(snapshot, locale, t)}**` },
    { type: 'note', text: md`${level}` },
  ]
}

/** The question; a statement is asked about, or a false one would stand there like a fact. */
function asked(snapshot: QuizSnapshot, locale: Locale, t: Translator): string {
  const prompt = snapshot.prompt[locale]
  return snapshot.kind === 'true-false' ? t('quiz.judge', { statement: prompt }) : prompt
}

function choiceRow(snapshot: QuizSnapshot, locale: Locale, id: (choice: number) => string): Action[] {
  return snapshot.choices.map((text, i) => ({
    type: 'choice',
    mark: markOf(snapshot, i),
    label: text[locale],
    id: id(i),
  }))
}

/** What a result card says of one stored answer. */
export type Result = {
  readonly snapshot: QuizSnapshot
  /** Index of the choice that was made, in the snapshot's order. */
  readonly choice: number
  readonly scored:
    | { readonly points: number; readonly weekPoints: number | undefined; readonly streak: number }
    | undefined
  /** `first`: stored just now. `again`: stored before. `late`: on a post that is closed, so it counts as practice. */
  readonly press: 'first' | 'again' | 'late'
}

export function resultCard(result: Result, locale: Locale, t: Translator): Card {
  const { snapshot, choice, scored, press } = result
  const right = choice === snapshot.right
  const named = (index: number): string => `${markOf(snapshot, index)}. ${snapshot.choices[index]?.[locale] ?? ''}`
  const blocks: Block[] = []
  if (press === 'again') blocks.push({ type: 'note', text: md`${t('result.again')}` })
  if (press === 'late') blocks.push({ type: 'note', text: md`${t('result.late')}` })
  blocks.push({
    type: 'fields',
    fields: right
      ? [{ label: t('result.yours'), value: md`${named(choice)}` }]
      : [
          { label: t('result.yours'), value: md`${named(choice)}` },
          { label: t('result.right'), value: md`**${named(snapshot.right)}**` },
        ],
  })
  blocks.push({ type: 'text', text: md`${snapshot.explanation[locale]}` })
  if (scored) {
    const { points, weekPoints, streak } = scored
    const earned =
      weekPoints === undefined ? t('result.earned', { points }) : t('result.points', { points, weekPoints })
    blocks.push({
      type: 'note',
      text: md`${[earned, streak > 1 ? t('result.streak', { count: streak }) : ''].filter(Boolean).join(' · ')}`,
    })
  }
  if (snapshot.source) {
    blocks.push({ type: 'note', text: md`${t('topic.source')}: ${link(snapshot.source.title, snapshot.source.url)}` })
  }
  return {
    title: right ? t('result.titleRight') : t('result.titleWrong'),
    accent: right ? 'success' : 'danger',
    blocks,
    rows: [
      [
        {
          type: 'button',
          primary: false,
          label: t('result.openTopic', { topic: snapshot.topicName }),
          id: encodeAction('topic.show', snapshot.subject, snapshot.topic),
        },
        {
          type: 'button',
          primary: false,
          label: t('result.another'),
          id: encodeAction('quiz.practise', snapshot.subject, snapshot.topic),
        },
      ],
    ],
  }
}

/** What a closed post says: how many chose what, and who scored. */
export type Closing = {
  readonly snapshot: QuizSnapshot
  /** How many people chose each choice in time, in the snapshot's order. */
  readonly spread: readonly number[]
  /** The first ten right answers in time order, and how many more there were. */
  readonly scorers: readonly { readonly name: string; readonly points: number; readonly streak: number }[]
  readonly more: number
  /** The post, where it can be read in another language; that copy has no such button. */
  readonly postId?: string
}

export function closedQuizCard(closing: Closing, locale: Locale, t: Translator): Card {
  const { snapshot, spread, scorers, more, postId } = closing
  const total = spread.reduce((sum, count) => sum + count, 0)
  const names = scorers.map(({ name, streak }) =>
    streak > 1 ? t('closed.scorerStreak', { name, count: streak }) : name,
  )
  const blocks: Block[] = [
    { type: 'text', text: md`**${asked(snapshot, locale, t)}**` },
    {
      type: 'list',
      ordered: false,
      items: snapshot.choices.map((text, i) => {
        const label = `${markOf(snapshot, i)}. ${text[locale]}`
        const count = spread[i] ?? 0
        const marked = i === snapshot.right ? md`**${t('closed.rightMark')} ${label}**` : plain(label)
        if (total === 0) return marked
        return md`${marked} · ${t('closed.people', { count })} (${Math.round((count / total) * 100)}%)`
      }),
    },
    { type: 'text', text: md`${snapshot.explanation[locale]}` },
  ]
  if (total === 0) blocks.push({ type: 'note', text: md`${t('closed.nobody')}` })
  else if (names.length === 0) blocks.push({ type: 'note', text: md`${t('closed.noneRight')}` })
  else {
    const list = names.join(', ')
    blocks.push({
      type: 'text',
      heading: t('closed.scorers'),
      text: more > 0 ? md`${t('closed.andMore', { list, count: more })}` : md`${list}`,
    })
  }
  if (snapshot.source) {
    blocks.push({ type: 'note', text: md`${t('topic.source')}: ${link(snapshot.source.title, snapshot.source.url)}` })
  }
  return {
    title: t('closed.title', { category: snapshot.categoryName[locale] }),
    accent: 'success',
    blocks,
    rows: [
      [
        {
          type: 'button',
          primary: false,
          label: t('result.openTopic', { topic: snapshot.topicName }),
          id: encodeAction('topic.show', snapshot.subject, snapshot.topic),
        },
        ...(postId === undefined ? [] : [inOtherLanguage(postId, locale, t)]),
      ],
    ],
  }
}
