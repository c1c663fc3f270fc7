import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { newTrace } from '../../src/chat/trace.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { ANSWERS, createFairUse, EACH, PRACTICE, SHARING, SUGGESTIONS, TOGETHER } from '../../src/commands/fair-use.ts'
import { createIndex } from '../../src/content/search.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { present } from '../support/builders.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz } from '../support/world.ts'

/** How many of `count` at one moment go through. */
const through = (count: number, take: () => unknown): number =>
  Array.from({ length: count }, () => take()).filter((pause) => pause === undefined).length

describe('what one person may ask for', () => {
  it('is a burst of a command, and then one a second', () => {
    const { take } = createFairUse()
    expect(through(500, () => take('minji', 'aws', 0))).toBe(EACH.burst)
    expect(take('minji', 'aws', 0)).toEqual({ seconds: 1, isFirst: false })
    expect(through(5, () => take('minji', 'aws', 1000 / EACH.perSecond))).toBe(1)
    expect(through(500, () => take('minji', 'aws', 3_600_000))).toBe(EACH.burst)
  })

  it('never comes to an end at a pace that a person keeps up', () => {
    const { take } = createFairUse()
    const refused = Array.from({ length: 3600 }, (_, second) => take('minji', 'aws', second * 1000)).filter(Boolean)
    expect(refused).toEqual([])
    const practice = Array.from({ length: 3600 }, (_, i) => take('junho', 'quiz.practise', i * 5000)).filter(Boolean)
    expect(practice).toEqual([])
  })

  it('lets one person show a channel a few things at once, then one every half minute', () => {
    const { take } = createFairUse()
    expect(through(100, () => take('minji', 'topic.share', 0))).toBe(SHARING.burst)
    expect(through(100, () => take('minji', 'topic.share', 60_000))).toBe(2)
    expect(through(100, () => take('junho', 'topic.share', 60_000))).toBe(SHARING.burst)
  })

  it('counts practice as one thing, whichever way it is asked for', () => {
    const { take } = createFairUse()
    const ways = ['study quiz', 'quiz.practise']
    // As fast as either alone may be.
    const asked = Array.from({ length: 600 }, (_, i) => take('minji', ways[i % 2] ?? '', i * 500))
    const inFiveMinutes = PRACTICE.burst + 300 * PRACTICE.perSecond
    expect(asked.filter((pause) => pause === undefined).length).toBeCloseTo(inFiveMinutes, -1)
    expect(asked.at(-1)?.seconds).toBeLessThanOrEqual(5)
  })

  it('leaves other commands and other people alone', () => {
    const { take } = createFairUse()
    through(500, () => take('minji', 'aws', 0))
    expect(take('minji', 'study score', 0)).toBeUndefined()
    expect(take('junho', 'aws', 0)).toBeUndefined()
  })

  it('is bounded together, however many different commands it is', () => {
    const { take } = createFairUse()
    let i = 0
    expect(through(500, () => take('minji', `command ${i++}`, 0))).toBe(TOGETHER.burst)
    expect(through(500, () => take('minji', `command ${i++}`, 10_000))).toBe(10 * TOGETHER.perSecond)
  })

  it('never costs the answer to a quiz: answers are counted by themselves', () => {
    const { take } = createFairUse()
    let i = 0
    through(500, () => take('minji', `command ${i++}`, 0))
    expect(through(500, () => take('minji', 'quiz.answer', 0))).toBe(ANSWERS.burst)
    expect(take('minji', 'quiz.practice-answer', 0)).toBeUndefined()
  })

  it('says once that a flood begins, and again when the next one does', () => {
    const { take } = createFairUse()
    const firsts = (now: number) =>
      Array.from({ length: 200 }, () => take('minji', 'aws', now)).filter((pause) => pause?.isFirst).length
    expect([firsts(0), firsts(5000), firsts(60_000)]).toEqual([1, 0, 1])
  })

  it('takes no harm from a clock that is read out of order', () => {
    const { take } = createFairUse()
    take('minji', 'aws', 5000)
    expect(through(500, () => take('minji', 'aws', 1000))).toBe(EACH.burst - 1)
    expect(through(500, () => take('minji', 'aws', 5000))).toBe(0)
  })

  it('is forgotten for those who asked longest ago, and not for a flood that goes on', () => {
    const { take } = createFairUse(10)
    through(100, () => take('minji', 'aws', 0))
    for (let i = 0; i < 100; i++) {
      take(`person ${i}`, 'aws', 0)
      expect(take('minji', 'aws', 0), `after ${i} others`).toBeDefined()
    }
  })

  it('lets anybody type, but not a machine', () => {
    const { mayType } = createFairUse()
    const allowed = Array.from({ length: 1000 }, () => mayType('minji', 0)).filter(Boolean).length
    expect(allowed).toBe(SUGGESTIONS.burst)
    const fast = Array.from({ length: 600 }, (_, i) => mayType('junho', i * 100))
    expect(fast).not.toContain(false)
  })
})

describe('the bot, asked by somebody who floods', () => {
  const clock = clockAt('2026-11-18T09:00:00+09:00')
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))

  function botOn(store: Store): { bot: Bot; logged: Record<string, unknown>[] } {
    const logged: Record<string, unknown>[] = []
    const log = pino({}, { write: (line) => void logged.push(JSON.parse(line)) })
    const parts = { store, library, clock, random: () => 0, log, platforms: [] }
    const delivery = createDelivery({ ...parts, steady: clock })
    return { bot: createBot({ ...parts, indexes, defaults: DEFAULTS, delivery }), logged }
  }
  const by = (account: string, more = {}) => invocationOf(account, clock.now(), { trace: newTrace(), ...more })

  it.each(LOCALES)('says privately when it works again, does no work and writes one line: %s', async (locale) => {
    let writes = 0
    const store = await memoryStore()
    await memberOf(store, 'minji', clock.now())
    const write: Store['write'] = (work) => {
      writes += 1
      return store.write(work)
    }
    const { bot, logged } = botOn({ ...store, write })
    const replies = await Promise.all(
      Array.from({ length: 300 }, () => bot.runLine(by('minji', { locale }), '/study quiz')),
    )
    const held = replies.filter(({ card }) => card.title === translator(locale)('error.tooFast.title'))
    expect(held.length).toBeGreaterThan(300 - EACH.burst - 5)
    expect(plainText(present(held[0]).card)).toMatch(locale === 'ko' ? /1초 뒤에/ : /in 1 second\./)
    expect(new Set(held.map(({ visibility }) => visibility))).toEqual(new Set(['private']))
    expect(writes).toBeLessThan(EACH.burst + 10)
    expect(logged.filter(({ msg }) => msg === 'held back')).toHaveLength(1)
    expect(logged.length).toBeLessThan(EACH.burst + 10)
    expect(JSON.stringify(logged)).not.toContain('minji')
    await store.close()
  })

  it('answers everybody else, and takes the answer of the one who floods', async () => {
    const store = await memoryStore()
    const { bot } = botOn(store)
    const quiz = await postQuiz(store, await memberOf(store, 'minji', clock.now()), clock.now())
    for (let i = 0; i < 200; i++) await bot.runLine(by('minji'), '/aws lambda')
    expect((await bot.runLine(by('junho'), '/aws lambda')).card.title).toContain('Lambda')
    const pressed = await bot.press(by('minji'), `quiz.answer:${quiz.id}:${quiz.right}`, undefined)
    expect(plainText(pressed.card)).not.toContain(translator('ko')('error.tooFast.title'))
    expect(await store.db.selectFrom('answer').select('points').execute()).toEqual([{ points: 10 }])
    await store.close()
  })

  it.each([
    ['buttons', (bot: Bot) => bot.press(by('minji'), 'help.show', undefined)],
    ['buttons that there are not', (bot: Bot) => bot.press(by('minji'), 'nothing:1', undefined)],
    ['words that it does not know', (bot: Bot) => bot.runLine(by('minji'), '/nothing')],
    [
      'commands for admins',
      (bot: Bot) => bot.runLine(by('minji', { isAdmin: async () => true }), '/study-admin settings'),
    ],
  ])('holds back %s too', async (_, ask) => {
    const store = await memoryStore()
    const { bot } = botOn(store)
    for (let i = 0; i < EACH.burst + 5; i++) await ask(bot)
    expect((await ask(bot)).card.title).toBe(translator('ko')('error.tooFast.title'))
    await store.close()
  })

  it('suggests nothing to a machine that types', async () => {
    const store = await memoryStore()
    const { bot } = botOn(store)
    const aws = present(bot.commands.find(({ path }) => path[0] === 'aws'))
    const type = (id: string) =>
      bot.suggest({ platform: 'discord', account: { id } }, aws, {
        option: 'query',
        prefix: 'lam',
        limit: 5,
        locale: 'ko',
      })
    const counts = Array.from({ length: 500 }, () => type('1').length)
    expect(counts[0]).toBeGreaterThan(0)
    expect(counts.at(-1)).toBe(0)
    expect(type('2')).toHaveLength(counts[0] ?? 0)
    await store.close()
  })
})
