// Commands that were written without what they need: forms, filled in, over a socket and over HTTP.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { openSlackChat, type SlackChat } from '../platforms/slack/chat.ts'
import { present } from '../support/builders.ts'
import type { Element, Message, Outcome, View } from '../support/slack/types.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }
const junho: Member = { id: '2', name: '이준호', locale: 'ko' }
const alex: Member = { id: '3', name: 'Alex', locale: 'en', isAdmin: true }

let chat: SlackChat
let bot: SlackBot

async function begin(options: Parameters<typeof openSlackChat>[0] = {}, transport: 'socket' | 'http' = 'socket') {
  chat = await openSlackChat(options)
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace, transport })
  await chat.ready()
}
async function end(): Promise<void> {
  await bot.stop()
  await bot.store.close()
  await chat.close()
}
afterEach(end)

const ask = (by: Member, command: string, text: string, where?: string): Promise<Outcome> =>
  chat.sim.command(chat.person(by, where), command, text)

async function formFor(by: Member, command: string, text: string, where?: string): Promise<View> {
  const outcome = await ask(by, command, text, where)
  expect(outcome.refusals).toEqual([])
  return present(outcome.view)
}

/** The inputs of a form by the option that each is for. */
function inputs({ blocks }: View): Record<string, Element> {
  const asking = blocks.filter(({ type }) => type === 'input')
  return Object.fromEntries(asking.map((block) => [block.block_id, block['element'] as Element]))
}

async function send(by: Member, view: View, values: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const all = inputs(view)
  const byId = Object.entries(values).map(([option, value]) => [present(all[option]).action_id, value])
  return chat.sim.submitView(chat.person(by), view, Object.fromEntries(byId))
}

const said = (view: View | undefined): string => JSON.stringify(view?.blocks ?? [])
const schedules = () => bot.store.db.selectFrom('schedule').selectAll().orderBy('created_at').execute()

describe.each(['socket', 'http'] as const)('over %s', (transport) => {
  beforeEach(() => begin({}, transport))

  it('a schedule is added by a form: kind, channel, time, days, and a zone that is found while typing', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add')
    const all = inputs(view)
    expect(Object.entries(all).map(([option, { type }]) => [option, type])).toEqual([
      ['kind', 'static_select'],
      ['channel', 'conversations_select'],
      ['time', 'timepicker'],
      ['days', 'multi_static_select'],
      ['timezone', 'external_select'],
    ])
    const zone = present(all['timezone']).action_id
    expect(await chat.sim.suggest(chat.person(minji), view, zone, '런')).toMatchObject([{ value: 'Europe/London' }])
    // Nobody chose a channel: it is the one in which the command was written.
    const values = { kind: 'quiz', time: '09:30', days: '12345', timezone: 'Europe/London' }
    const { view: result } = await send(minji, view, values)
    expect(said(result)).toContain('#study')
    expect(await schedules()).toMatchObject([
      { kind: 'quiz', channel: chat.room.id, time: '09:30', days: '12345', time_zone: 'Europe/London' },
    ])
    expect((await chat.command(minji, 'study-admin schedule list')).text).toContain('09:30')
    expect((await ask(minji, '/study-admin', 'schedule list')).messages[0]?.text).toContain('#study')
  })

  it('what the form cannot mean is said at its field, and can be mended there', async () => {
    await send(minji, await formFor(minji, '/study-admin', 'schedule add quiz'), { time: '09:00', days: '1' })
    const view = await formFor(minji, '/study-admin', 'schedule skip-dates 1')
    const wrong = await send(minji, view, { dates: '언젠가' })
    expect(wrong.errors).toEqual({ dates: expect.stringContaining('“언젠가”') })
    expect((await schedules())[0]?.skip_dates).toBe('[]')
    const mended = await send(minji, view, { dates: '2027-01-04' })
    expect(mended.errors).toBeUndefined()
    expect((await schedules())[0]?.skip_dates).toBe('["2027-01-04"]')
  })

  it('that Slack delivers twice is done once, and answered both times', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add quiz')
    chat.sim.fault.delay({ method: 'conversations.info' }, 300)
    const values = { time: '09:00', days: '1234567' }
    const [sent] = await Promise.all([send(minji, view, values), send(minji, view, values)])
    const again = await chat.sim.redeliver(sent)
    expect(said(again.view)).toEqual(said(sent.view))
    expect(again.status).toBe('acked')
    expect(await schedules()).toHaveLength(1)
  })

  it('that reaches another process as well is done once', async () => {
    const planned = await send(minji, await formFor(minji, '/study-admin', 'schedule add quiz'), {
      time: '09:00',
      days: '1234567',
    })
    const posted = await send(minji, await formFor(minji, '/study-admin', 'post-now quiz'))
    await expect.poll(() => chat.sim.history(chat.room.id)).toHaveLength(1)
    await bot.stop()
    bot = await startSlackBot(chat.sim, { workspace: chat.workspace, transport, store: bot.store })
    await chat.ready()
    expect(said((await chat.sim.redeliver(planned)).view)).toContain('일정을 추가했어요')
    expect(said((await chat.sim.redeliver(posted)).view)).toContain('올렸어요')
    expect(await schedules()).toHaveLength(1)
    expect(chat.sim.history(chat.room.id)).toHaveLength(1)
  })
})

describe('a form', () => {
  beforeEach(() => begin())

  it('is filled in with what was written', async () => {
    const other = chat.sim.addChannel(chat.workspace, { name: 'other' })
    const text = `schedule add 개념 channel:<#${other.id}|other> time:오후2시 days:월수금`
    const filled = await formFor(minji, '/study-admin', text.replace(' days:월수금', ''))
    const { kind, channel, time, days } = inputs(filled)
    expect(kind?.['initial_option']).toMatchObject({ value: 'concept', text: { text: '개념' } })
    expect(channel?.['initial_conversation']).toBe(other.id)
    expect(time?.['initial_time']).toBe('14:00')
    expect(days?.['initial_options']).toBeUndefined()
    await send(minji, filled, { days: '67' })
    expect(await schedules()).toMatchObject([{ kind: 'concept', channel: other.id, time: '14:00', days: '67' }])
  })

  it('finds the place of what was written, though no channel stands before it', async () => {
    const { kind, channel, time, days } = inputs(await formFor(minji, '/study-admin', 'schedule add quiz 21:30 평일'))
    expect([kind?.['initial_option'], channel?.['initial_conversation'], time?.['initial_time']]).toMatchObject([
      { value: 'quiz' },
      undefined,
      '21:30',
    ])
    expect(days?.['initial_options']).toMatchObject([{ value: '12345' }])
  })

  it('opens for nothing that is all there, or wrong', async () => {
    for (const when of ['21:30 평일', '오후 9시 월 수', '25:00 매일', '21:30 언젠가']) {
      const { view, messages } = await ask(minji, '/study-admin', `schedule add quiz <#${chat.room.id}|study> ${when}`)
      expect([view, messages.length]).toEqual([undefined, 1])
    }
    expect(await schedules()).toMatchObject([{ days: '12345' }, { time: '21:00', days: '13' }])
  })

  it('asks for the channel of a post too where its word is none', async () => {
    const { kind, channel } = inputs(await formFor(minji, '/study-admin', 'post-now quiz study'))
    expect(kind?.['initial_option']).toMatchObject({ value: 'quiz' })
    expect(channel).toMatchObject({ type: 'conversations_select', default_to_current_conversation: true })
  })

  it('takes any days that are chosen, once each', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add quiz')
    await send(minji, view, { time: '21:00', days: '67,3,6' })
    expect(await schedules()).toMatchObject([{ days: '367' }])
  })

  it('speaks the language of whoever sees it, in a title that fits', async () => {
    const korean = await formFor(minji, '/study-admin', 'schedule skip-dates')
    const english = await formFor(alex, '/study-admin', 'schedule skip-dates')
    expect([korean['title'], korean['submit']]).toMatchObject([{ text: '일정 쉬는날' }, { text: '보내기' }])
    expect([english['title'], english['submit']]).toMatchObject([{ text: 'schedule skip-dates' }, { text: 'Send' }])
    expect(said(english)).not.toMatch(/[가-힣]/)
  })

  it('is for members too: two topics, found while typing, and shown side by side in its place', async () => {
    const view = await formFor(junho, '/study', 'compare sg')
    const { first, second } = inputs(view)
    expect(first?.['initial_option']).toMatchObject({ value: 'security-group' })
    const id = present(second).action_id
    const found = await chat.sim.suggest(chat.person(junho), view, id, 'nacl')
    const { view: result } = await send(junho, view, { second: present(found[0]).value })
    expect(said(result)).toContain('보안 그룹')
    // A button of the answer leads on in the same place, and shows nothing to the channel.
    const onward = ({ action_id }: Element): boolean => action_id.startsWith('topic.show')
    const opened = await chat.sim.press(chat.person(junho), present(result), onward)
    expect(await chat.sim.until(() => said(opened.view) !== said(result), 5000)).toBe(true)
    expect(opened.refusals).toEqual([])
    expect(opened.view?.id).toBe(view.id)
    expect(said(opened.view)).not.toContain('채널에 공유')
    expect([chat.sim.history(chat.room.id), opened.messages]).toEqual([[], []])
  })

  it('names a person by choosing one, and takes nobody else for them', async () => {
    await chat.command(junho, 'study team create', { name: '번개' })
    const add = async (member: Member): Promise<Outcome> =>
      send(minji, await formFor(minji, '/study-admin', 'admins add'), { member: chat.user(member).id })
    expect(said((await add(junho)).view)).toContain('이준호')
    expect((await chat.command(junho, 'study-admin missing')).text).toContain('못 찾은 말')
    expect(said((await add({ id: '7', name: '이준호', locale: 'ko' })).view)).toContain('그런 사람을 찾지 못했어요')
  })

  it('opens in a direct message, where no channel is the current one', async () => {
    const view = await formFor(minji, '/study-admin', 'post-now quiz', chat.user(minji).id)
    const sending = (values: Record<string, string>) =>
      chat.sim.submitView(chat.person(minji, chat.user(minji).id), view, values)
    await expect(sending({})).rejects.toThrow('must be filled in')
    await sending({ [present(inputs(view)['channel']).action_id]: chat.room.id })
    expect(chat.sim.history(chat.room.id)).toHaveLength(1)
  })

  it('of an admin is refused to everybody else, who see no form', async () => {
    const outcome = await ask(junho, '/study-admin', 'schedule add')
    expect(outcome.view).toBeUndefined()
    expect(outcome.messages[0]).toMatchObject({ ephemeral: true, text: expect.stringContaining('관리자') })
    expect(chat.sim.count('views.open')).toBe(0)
  })

  it('that somebody sends who is no admin any more does nothing', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add quiz')
    chat.user(minji).isAdmin = false
    await bot.setClock(bot.clock.now() + 2 * 60 * 1000)
    const sent = await send(minji, view, { time: '09:00', days: '1' })
    expect(said(sent.view)).toContain('관리자')
    expect(await schedules()).toEqual([])
  })

  it('whose private words were changed gives no right, and names no other command', async () => {
    const view = await formFor(junho, '/study', 'compare')
    for (const command of ['study-admin missing', 'rm', undefined]) {
      const metadata = JSON.stringify({ command, locale: 'ko' })
      const changed = { ...view, private_metadata: metadata, id: `V${metadata.length}` } as View
      const status = await forged(changed)
      expect(status).toBe('acked')
    }
    expect(await schedules()).toEqual([])

    /** As a client could send it: Slack passes on what it is told. */
    async function forged(changed: View): Promise<unknown> {
      const sent = await chat.sim.forgeSubmission(chat.person(junho), changed)
      expect(said(sent.view)).toMatch(/관리자|양식/)
      return sent.status
    }
  })

  it('with an answer that takes longer than an ack may is acknowledged in time, and shows it when it is there', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add quiz')
    chat.sim.fault.delay({ method: 'conversations.info' }, 2600)
    const sent = await send(minji, view, { time: '09:00', days: '1' })
    expect([sent.status, sent.ackMs < 1500]).toEqual(['acked', true])
    expect(said(sent.view)).toContain('처리하고 있어요')
    expect(await chat.sim.until(() => said(sent.view).includes('#study'), 5000)).toBe(true)
    expect(await schedules()).toHaveLength(1)
  })

  it('with a mistake says so at its field, even where Slack is slow to tell who somebody is', async () => {
    const view = await formFor(alex, '/study-admin', 'schedule skip-dates 1')
    // Another process, which knows nobody yet.
    await bot.stop()
    bot = await startSlackBot(chat.sim, { workspace: chat.workspace, store: bot.store })
    await chat.sim.until(() => bot.platform.status() === 'ok', 5000)
    chat.sim.fault.delay({ method: 'users.info' }, 2600)
    const sent = await send(alex, view, { dates: 'someday' })
    expect(sent.errors).toEqual({ dates: expect.stringContaining('“someday” is not a date') })
  })

  it('that was closed before its answer came gets it in the messages with the app', async () => {
    const view = await formFor(minji, '/study-admin', 'schedule add quiz')
    chat.sim.fault.delay({ method: 'conversations.info' }, 2600)
    const sent = await send(minji, view, { time: '09:00', days: '1' })
    chat.sim.closeView(chat.person(minji), present(sent.view))
    const told = () =>
      chat.sim.traffic.filter(({ method, ok, body }) => ok && method === 'chat.postMessage' && isFor(body))
    const isFor = ({ channel, text }: Record<string, unknown>): boolean =>
      channel === chat.user(minji).id && String(text).includes('#study')
    expect(await chat.sim.until(() => told().length === 1, 8000)).toBe(true)
  })

  it('of a workspace whose Slack does not open it leaves the sentence that says how the command is written', async () => {
    chat.sim.fault.fail({ method: 'views.open' }, 'internal_error')
    const outcome = await ask(minji, '/study-admin', 'schedule add quiz')
    expect(outcome.view).toBeUndefined()
    expect(outcome.messages[0]?.text).toContain('/study-admin 일정 추가 &lt;종류&gt;')
  })
})

describe('a trigger that is over', () => {
  it('opens no form, and the person reads how the command is written', async () => {
    await begin({ triggerLifetime: 1 })
    chat.sim.fault.delay({ method: 'users.info' }, 50)
    const outcome = await ask(minji, '/study-admin', 'schedule add')
    expect(chat.sim.traffic.find(({ method }) => method === 'views.open')?.error).toBe('expired_trigger_id')
    expect(outcome.messages[0]).toMatchObject({ ephemeral: true, text: expect.stringContaining('&lt;종류&gt;') })
    expect((outcome.messages[0] as Message).blocks.length).toBeGreaterThan(0)
  })
})
