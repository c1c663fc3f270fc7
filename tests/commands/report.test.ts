// What the log and the metrics have of interactions: one line each, and only words that the bot knows.

import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import type { Invocation } from '../../src/chat/invocation.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { createIndex } from '../../src/content/search.ts'
import { createPrometheus } from '../../src/platforms/prometheus.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { timed } from '../../src/store/timed.ts'
import { present } from '../support/builders.ts'
import { clockAt, DEFAULTS, invocationOf, library, memberOf, memoryStore, postQuiz, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))

/** A bot, what it logs, and its metrics. */
async function watchedBot(given?: Store) {
  const lines: Record<string, unknown>[] = []
  const into = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const log = pino({ level: 'trace' }, into)
  const { metrics, render } = createPrometheus()
  const store = timed(given ?? (await memoryStore()), metrics)
  const parts = { store, library, platforms: [], clock, random: () => 0, metrics }
  const delivery = createDelivery({ ...parts, log: silent })
  const bot: Bot = createBot({ ...parts, indexes, defaults: DEFAULTS, log, delivery })
  return { bot, store, lines, text: () => render({ platforms: [], store: undefined }) }
}

let asked = 0
/** Somebody else each time, so that nobody asks for too much. */
const somebody = (more: Partial<Invocation> = {}): Invocation => invocationOf(`member${++asked}`, clock.now(), more)

/** As a platform that takes options apart itself. */
const run = (bot: Bot, path: string, options: Record<string, string>) =>
  bot.run(somebody(), present(bot.commands.find((each) => each.path.join(' ') === path)), options)

describe('an interaction', () => {
  it.each([
    ['a lookup', (bot: Bot) => bot.runLine(somebody(), '/aws 람다'), 'aws', 'ok'],
    ['a command', (bot: Bot) => bot.runLine(somebody(), '/study quiz'), 'study quiz', 'ok'],
    ['one for admins', (bot: Bot) => bot.runLine(somebody(), '/study-admin doctor'), 'study-admin doctor', 'refused'],
    ['a word that is no command', (bot: Bot) => bot.runLine(somebody(), '/study 비밀이야기'), 'unknown', 'refused'],
    ['a line that is too long', (bot: Bot) => bot.runLine(somebody(), 'x'.repeat(20_000)), 'unknown', 'refused'],
    [
      'an option that is blank',
      (bot: Bot) => run(bot, 'study team create', { name: ' \t ' }),
      'study team create',
      'refused',
    ],
    [
      'an option that is too long',
      (bot: Bot) => run(bot, 'study team create', { name: '비밀이야기'.repeat(9) }),
      'study team create',
      'refused',
    ],
    [
      'an option that is none of its words',
      (bot: Bot) => run(bot, 'study leaderboard', { period: '비밀이야기' }),
      'study leaderboard',
      'refused',
    ],
    ['a blank that may be left out', (bot: Bot) => run(bot, 'study score', { member: ' ' }), 'study score', 'ok'],
    ['a button', (bot: Bot) => bot.press(somebody(), 'help.show', undefined), 'help.show', 'ok'],
    ['a button that is unknown', (bot: Bot) => bot.press(somebody(), 'secret.kind:x', undefined), 'unknown', 'refused'],
    ['a button that is no button', (bot: Bot) => bot.press(somebody(), '비밀이야기', undefined), 'unknown', 'refused'],
  ] as const)('is one line: %s', async (_what, act, command, result) => {
    const { bot, lines } = await watchedBot()
    await act(bot)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ platform: 'playground', command, result, deferred: false })
    expect(lines[0]).toMatchObject({ level: 30, msg: 'handled' })
    expect(lines[0]).not.toHaveProperty('err')
    expect(lines[0]?.['id']).toMatch(/^[2-9a-z]{8}$/)
    expect(lines[0]?.['ms']).toBeGreaterThanOrEqual(0)
    expect(JSON.stringify(lines)).not.toMatch(/비밀이야기|람다|member\d/)
  })

  it('that fails is one line with the error, under the number that the person is given', async () => {
    const store = await memoryStore()
    const { bot, lines } = await watchedBot({ ...store, write: () => Promise.reject(new TypeError('broken')) })
    const invocation = somebody({ locale: 'en' })
    const text = plainText((await bot.runLine(invocation, '/study quiz')).card)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ command: 'study quiz', result: 'error', id: invocation.trace.id })
    expect(text).toContain(invocation.trace.id)
  })

  it('says whether it was acknowledged before there was an answer', async () => {
    const { bot, lines } = await watchedBot()
    const invocation = somebody()
    invocation.trace.deferred = true
    await bot.runLine(invocation, '/aws')
    expect(lines[0]).toMatchObject({ deferred: true })
  })
})

describe('the metrics', () => {
  it('have no label that somebody made up, whatever people write and press', async () => {
    const { bot, text } = await watchedBot()
    const junk = Array.from({ length: 50 }, (_, i) => `어떤말${i}`)
    for (const word of junk) {
      await bot.runLine(somebody(), `/aws ${word}`)
      await bot.runLine(somebody(), `/study ${word}`)
      await bot.runLine(somebody(), `/${word}`)
      await bot.press(somebody(), word, word)
      await bot.press(somebody(), `kind${word.length}.${junk.indexOf(word)}`, word)
    }
    const counted = (await text()).split('\n').filter((line) => line.startsWith('studybot_interactions_total'))
    expect(counted.sort()).toEqual([
      'studybot_interactions_total{platform="playground",command="aws",result="ok"} 50',
      'studybot_interactions_total{platform="playground",command="unknown",result="refused"} 200',
    ])
    expect(await text()).not.toMatch(/어떤말|member\d/)
  })

  it('count answers once, by whether they are right and whether they score', async () => {
    const { bot, store, text } = await watchedBot()
    const member = await memberOf(store, 'minji', clock.now())
    const { id, right, wrong } = await postQuiz(store, member, clock.now())
    await bot.press(somebody(), `quiz.answer:${id}:${right}`, undefined)
    await bot.press(somebody(), `quiz.answer:${id}:${wrong}`, undefined)
    const again = invocationOf('junho', clock.now())
    await bot.press(again, `quiz.answer:${id}:${wrong}`, undefined)
    await bot.press(again, `quiz.answer:${id}:${right}`, undefined)
    const counted = (await text()).split('\n').filter((line) => line.startsWith('studybot_answers_total'))
    expect(counted.sort()).toEqual([
      'studybot_answers_total{right="no",scored="yes"} 2',
      'studybot_answers_total{right="yes",scored="yes"} 1',
    ])
  })

  it('of two bots in one process are apart', async () => {
    const [one, other] = [await watchedBot(), await watchedBot()]
    await one.bot.runLine(somebody(), '/aws')
    expect(await one.text()).toContain('command="aws"')
    expect(await other.text()).not.toContain('command="aws"')
  })
})
