// /study quiz [topic], and the answer buttons of practice and posted questions.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { closedQuizCard, practiceCard, resultCard, translatedQuizCard } from '../cards/quiz.ts'
import { notFoundCard } from '../cards/topic.ts'
import { type ActionHandlers, defineCommand, topicOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { plain } from '../chat/markdown.ts'
import { allTopics, findSubject, type Topic } from '../content/library.ts'
import { type Locale, localeOf, type Translator, translator } from '../locales/locale.ts'
import { postedQuiz } from '../schedule/compose.ts'
import { findPost } from '../store/posts.ts'
import { type AnswerOutcome, answerPost, answerPractice, seePost } from '../study/answer.ts'
import { closingOf } from '../study/closing.ts'
import { askPractice } from '../study/practice.ts'
import type { Context, StudyCommand } from './context.ts'
import { suggestTopics, withMiss } from './lookup.ts'
import { asMember } from './member.ts'
import { type Wished, wishedFor } from './reading/wished.ts'

export function quizCommand(context: Pick<Context, 'library' | 'indexes'>): StudyCommand {
  const { library, indexes } = context
  return defineCommand({
    path: ['study', 'quiz'],
    audience: 'member',
    pace: 'quick',
    options: z.object({ topic: topicOption() }),
    describe: (locale) => translator(locale)('command.quiz', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.topic', { returnObjects: true }),
    complete: ({ prefix, limit, locale }) =>
      [...indexes.values()].flatMap((index) => suggestTopics(index, prefix, limit, locale)).slice(0, limit),
    async run(ctx: Context, invocation, { topic: query }) {
      if (query === undefined || query.trim() === '') return practise(ctx, invocation, allTopics(ctx.library))
      const { locale } = invocation
      const t = translator(locale)
      const wished = wishedFor(query, library, indexes)
      if (wished.kind !== 'unknown') return practise(ctx, invocation, wished.topics, whatOf(wished, locale, t))
      const [subject] = library.subjects
      if (!subject) throw new Error('the library has no subject')
      const { nearest } = wished
      const card = notFoundCard({ subject, query, nearest, open: 'quiz.practise' }, locale, t)
      return nearest.length === 0 ? withMiss(privately(card), ctx, invocation, query) : privately(card)
    },
  })
}

/** What a question is taken from, where the title alone does not say it. */
function whatOf(wished: Exclude<Wished, { kind: 'unknown' }>, locale: Locale, t: Translator): string | undefined {
  if (wished.kind === 'categories') {
    return t('quiz.fromCategories', { names: wished.categories.map(({ name }) => name[locale]).join(', ') })
  }
  if (wished.kind === 'any' || wished.topics.length < 2) return undefined
  return t('quiz.oneOf', { names: wished.topics.map(({ names }) => names[locale]).join(', ') })
}

export const quizActions: ActionHandlers<Context> = {
  'quiz.practise': async (context, invocation, { args: [subjectId, topicId] }) => {
    if (subjectId === undefined) return practise(context, invocation, allTopics(context.library))
    const topic = findSubject(context.library, subjectId)?.topics.get(topicId ?? '')
    if (topic) return practise(context, invocation, [topic])
    const t = translator(invocation.locale)
    return privately(noticeCard('warning', t('topic.gone.title'), t('topic.gone.text')))
  },

  'quiz.answer': async (context, invocation, { args: [post = '', choice] }) =>
    asMember(context, invocation, async (member) => {
      const { receivedAt, message } = invocation
      return answered(
        context,
        invocation,
        await answerPost(context.store, member, { post, choice: toIndex(choice), receivedAt, message }),
      )
    }),

  'quiz.practice-answer': async (context, invocation, { args: [practice = '', choice] }) =>
    asMember(context, invocation, async (member) => {
      const { receivedAt } = invocation
      return answered(
        context,
        invocation,
        await answerPractice(context.store, member, { practice, choice: toIndex(choice), receivedAt }),
      )
    }),

  'quiz.read': async (context, invocation, { args: [postId = '', language = ''] }) =>
    asMember(context, invocation, async (member) => {
      const post = await findPost(context.store.db, postId)
      const locale = localeOf(language)
      if (!post || post.community_id !== member.community.id || !locale) return gone(invocation)
      await seePost(context.store, post, invocation)
      const t = translator(locale)
      if (['closing', 'closed'].includes(post.state)) {
        return privately(closedQuizCard(await closingOf(context.store.db, post), locale, t))
      }
      return privately(translatedQuizCard(await postedQuiz(context.store.db, post, member.community), locale, t))
    }),
}

async function practise(
  context: Context,
  invocation: Invocation,
  topics: readonly Topic[],
  note?: string,
): Promise<Reply> {
  return asMember(context, invocation, async (member) => {
    const { store, library, random } = context
    const { locale } = invocation
    const t = translator(locale)
    const asked = await askPractice(store, library, member, topics, random, invocation.receivedAt)
    if (!asked) return privately(noticeCard('warning', t('quiz.noQuestions.title'), t('quiz.noQuestions.text')))
    const card = practiceCard({ snapshot: asked.snapshot, practiceId: asked.id }, locale, t)
    if (note === undefined) return privately(card)
    return privately({ ...card, blocks: [...card.blocks, { type: 'note', text: plain(note) }] })
  })
}

function answered({ metrics }: Context, invocation: Invocation, outcome: AnswerOutcome): Reply {
  const { locale } = invocation
  const t = translator(locale)
  if (outcome === 'gone') return gone(invocation)
  if (outcome === 'open') return privately(noticeCard('warning', t('quiz.open.title'), t('quiz.open.text')))
  if (outcome === 'not-yours')
    return privately(noticeCard('warning', t('error.notYours.title'), t('error.notYours.text')))
  const { press, choice, snapshot, scored } = outcome
  if (press !== 'again') metrics?.answer(choice === snapshot.right, scored !== undefined)
  return privately(resultCard(outcome, locale, t))
}

function gone(invocation: Invocation): Reply {
  const t = translator(invocation.locale)
  return privately(noticeCard('warning', t('quiz.gone.title'), t('quiz.gone.text')))
}

/** A choice's position; one that no question has for anything that is not a small number. */
function toIndex(choice: string | undefined): number {
  return choice !== undefined && /^\d$/.test(choice) ? Number(choice) : -1
}
