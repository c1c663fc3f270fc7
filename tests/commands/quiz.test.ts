import { expect, it, onTestFinished } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { createBot } from '../../src/commands/dispatch.ts'
import { createIndex } from '../../src/content/search.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')

it('a copy in the other language takes answers, also where nobody knew that the question was posted', async () => {
  const store = await memoryStore()
  onTestFinished(() => store.close())
  const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
  const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
  const lost = { state: 'failed', failure: 'unknown: its answer was lost', message_ref: null } as const
  const { id, right } = await postQuiz(store, await memberOf(store, 'minji', clock.now()), clock.now(), lost)
  const minji = invocationOf('minji', clock.now())

  // The message in the channel leads to the copy, which is a message of its own that nobody else sees.
  await bot.press({ ...minji, message: 'message-1' }, `quiz.read:${id}:en`, undefined)
  expect(await store.db.selectFrom('post').select(['state', 'message_ref']).execute()).toEqual([
    { state: 'posted', message_ref: 'message-1' },
  ])
  await bot.press(minji, `quiz.answer:${id}:${right}`, undefined)
  expect(await store.db.selectFrom('answer').select('points').execute()).toEqual([{ points: 10 }])
})

it.each(['closing', 'closed'] as const)(
  'a question that is %s is read in the other language with its answer',
  async (state) => {
    const store = await memoryStore()
    onTestFinished(() => store.close())
    const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
    const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
    const member = await memberOf(store, 'minji', clock.now())
    const { id, right } = await postQuiz(store, member, clock.now())
    const minji = invocationOf('minji', clock.now())
    const read = async () => plainText((await bot.press(minji, `quiz.read:${id}:en`, undefined)).card)
    expect(await read()).toContain('You can answer once, until')
    await bot.press(minji, `quiz.answer:${id}:${right}`, undefined)
    await store.db.updateTable('post').set({ state }).execute()
    expect(await read()).toMatch(/✔ .* · 1 person \(100%\)/)
  },
)

const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))

/** The question that is asked for some words, as text, and what it is about. */
async function practice(
  words: string,
  locale: 'ko' | 'en' = 'ko',
  random = 0,
): Promise<{ text: string; topic: string }> {
  const store = await memoryStore()
  onTestFinished(() => store.close())
  const parts = { store, library, platforms: [], clock, random: () => random, log: silent }
  const bot = createBot({ ...parts, indexes, defaults: DEFAULTS, delivery: createDelivery(parts) })
  const { card } = await bot.runLine(invocationOf('minji', clock.now(), { locale }), `/study quiz ${words}`)
  const [row] = await store.db.selectFrom('practice').select('snapshot').execute()
  return { text: plainText(card), topic: row ? JSON.parse(row.snapshot).topic : '' }
}

const categoryOf = (id: string) => library.subjects[0]?.topics.get(id)?.category

it.each([
  '하나',
  '내줘',
  '하나 내줘',
  '5개',
  '아무거나',
  '랜덤',
  '주세요',
  '풀기',
  '랜덤으로 하나만',
  'random',
  'give me one',
])('a question is asked of whoever only wants one: %s', async (words) => {
  const { text, topic } = await practice(words)
  expect(text).toContain('나에게만 보이는 연습 문제예요.')
  expect(topic).not.toBe('')
})

it.each([
  ['보안', 'security'],
  ['네트워킹', 'networking'],
  ['네트워크 문제 하나', 'networking'],
  ['db', 'databases'],
  ['보안 분야', 'security'],
])('a question is asked from a category: %s', async (words, category) => {
  for (const random of [0, 0.5, 0.99]) {
    const { text, topic } = await practice(words, 'ko', random)
    expect(categoryOf(topic)).toBe(category)
    expect(text).toContain('이 분야에서 낸 문제예요: ')
  }
  expect((await practice('quiz security', 'en')).text).toContain('This question is from: Security')
})

it.each(['s3 ec2', 's3와 ec2', 'ec2, s3'])('a question about one of two topics says so: %s', async (words) => {
  for (const random of [0, 0.99]) {
    const { text, topic } = await practice(words, 'ko', random)
    expect(['s3', 'ec2']).toContain(topic)
    expect(text).toMatch(/그중 하나에서 낸 문제예요: (S3, EC2|EC2, S3)/)
  }
})

it('a question about one of three topics says so', async () => {
  const { text, topic } = await practice('s3 ec2 람다', 'ko', 0.99)
  expect(['s3', 'ec2', 'lambda']).toContain(topic)
  expect(text).toContain('그중 하나에서 낸 문제예요: S3, EC2, 람다')
})

it.each([
  ['람다', 'lambda'],
  ['람다 문제 5개', 'lambda'],
  ['보안 그룹', 'security-group'],
])('a question is about the one topic that is named, and says no more: %s', async (words, id) => {
  const { text, topic } = await practice(words)
  expect(topic).toBe(id)
  expect(text).not.toContain('낸 문제예요')
})

it('what names no topic and no category gets none', async () => {
  expect((await practice('쿠버네티스 요리')).topic).toBe('')
})

it('a question of another server is none to read', async () => {
  const store = await memoryStore()
  onTestFinished(() => store.close())
  const parts = { store, library, platforms: [], clock, random: () => 0, log: silent }
  const bot = createBot({ ...parts, indexes: new Map(), defaults: DEFAULTS, delivery: createDelivery(parts) })
  const { id } = await postQuiz(store, await memberOf(store, 'minji', clock.now()), clock.now())
  const elsewhere = invocationOf('junho', clock.now(), { connection: { id: 'other', name: 'Other' } })
  for (const state of ['posted', 'closing', 'closed'] as const) {
    await store.db.updateTable('post').set({ state }).execute()
    const { card } = await bot.press(elsewhere, `quiz.read:${id}:en`, undefined)
    expect(card.title).toBe('이 문제는 더 이상 열려 있지 않아요')
  }
})
