// What the log has of an interaction on Slack: one line, and the trouble with its answer under the same id.

import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Member } from '../../journeys/chat.ts'
import { present } from '../../support/builders.ts'
import type { Element, Outcome, View } from '../../support/slack/types.ts'
import { type BotOptions, type SlackBot, startSlackBot } from './bot.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const junho: Member = { id: '2', name: '이준호', locale: 'ko' }
const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }

let chat: SlackChat
let bot: SlackBot
let lines: Record<string, unknown>[]

async function start(options: (chat: SlackChat) => BotOptions): Promise<void> {
  lines = []
  const into = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  chat = await openSlackChat()
  bot = await startSlackBot(chat.sim, { log: pino({ level: 'info' }, into), ...options(chat) })
  await chat.ready()
}
afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

const interactions = () => lines.filter(({ command }) => command !== undefined)

it('an answer that does not reach its person bears the id of the interaction', async () => {
  await start(({ workspace }) => ({ workspace }))
  await chat.command(junho, 'aws', { query: 's3' })
  const question = await chat.command(junho, 'study quiz', { topic: 'vpc' })
  const before = interactions().length
  chat.sim.fault.fail({ method: 'response_url' }, 'expired_url')
  // Nobody waits for it: the answer never comes.
  chat.press(junho, question, question.buttons.includes('O') ? 'O' : 'A').catch(() => undefined)
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toContain('an answer did not reach its person'))
  const [line, ...more] = interactions().slice(before)
  expect(more).toEqual([])
  expect(line).toMatchObject({ platform: 'slack', command: 'quiz.practice-answer', result: 'ok' })
  expect(lines.find(({ msg }) => msg === 'an answer did not reach its person')).toMatchObject({ id: line?.['id'] })
})

it('a workspace whose token cannot be had is one line, with what was asked', async () => {
  await start(() => ({}))
  await chat.sim.command(chat.person(junho), '/study', 'quiz')
  await vi.waitFor(() => expect(interactions()).toHaveLength(1))
  expect(interactions()[0]).toMatchObject({ level: 50, platform: 'slack', command: 'study quiz', result: 'error' })
  expect(interactions()[0]?.['id']).toMatch(/^[2-9a-z]{8}$/)
})

describe('a form', () => {
  beforeEach(() => start(({ workspace }) => ({ workspace })))
  const ask = (by: Member, command: string, text: string): Promise<Outcome> =>
    chat.sim.command(chat.person(by), command, text)

  it.each([
    ['that opens for an admin', minji, '/study-admin', 'post-now', 'ok'],
    ['that opens for a member', junho, '/study', 'compare', 'ok'],
    ['that is refused', junho, '/study-admin', 'post-now', 'refused'],
  ])('%s is one line', async (_, by, command, text, result) => {
    await ask(by, command, text)
    await vi.waitFor(() => expect(interactions()).not.toEqual([]))
    expect(interactions()).toMatchObject([{ command: `${command.slice(1)} ${text}`, result }])
  })

  it.each([
    [minji, '/study-admin', 'post-now'],
    [junho, '/study', 'compare'],
  ])('of %j that could not be opened is one line, and its trouble bears the same id', async (by, command, text) => {
    chat.sim.fault.fail({ method: 'views.open' }, 'internal_error')
    await ask(by, command, text)
    expect(interactions()).toMatchObject([{ command: `${command.slice(1)} ${text}`, result: 'refused' }])
    const trouble = lines.find(({ msg }) => msg === 'a form could not be opened')
    expect(trouble).toMatchObject({ id: interactions()[0]?.['id'] })
  })

  it('that is sent is one line, whether something is wrong with it, it is done, or it is none', async () => {
    const { view } = await ask(minji, '/study-admin', 'schedule skip-dates 1')
    const form = present(view)
    const dates = present(form.blocks.find(({ block_id }) => block_id === 'dates'))['element'] as Element
    const sent = (): Record<string, unknown>[] => interactions().slice(1)
    await vi.waitFor(() => expect(interactions()).toHaveLength(1))
    await chat.sim.submitView(chat.person(minji), form, { [dates.action_id]: '언젠가' })
    expect(sent()).toMatchObject([{ command: 'study-admin schedule skip-dates', result: 'refused' }])
    await chat.sim.submitView(chat.person(minji), form, { [dates.action_id]: '2027-01-01' })
    expect(sent()).toMatchObject([{}, { command: 'study-admin schedule skip-dates', result: 'ok' }])
    await chat.sim.forgeSubmission(chat.person(minji), { ...form, private_metadata: '' } as View)
    expect(sent().slice(2)).toMatchObject([{ command: 'unknown', result: 'refused' }])
  })
})
