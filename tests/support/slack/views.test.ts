// Modals of the simulator against the real Bolt: what a person can fill in, and what Slack refuses.

import type { types } from '@slack/bolt'
import { afterEach, describe, expect, it } from 'vitest'
import { startSocketApp, type TestApp } from './bolt-app.ts'
import { type Person, type Slack, startSlack, type View } from './slack.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const option = (value: string) => ({ text: plain(value), value })
const input = (id: string, element: object) => ({
  type: 'input' as const,
  block_id: id,
  label: plain(id),
  element: { action_id: id, ...element } as types.InputBlock['element'],
})
const days = ['mon', 'tue', 'wed'].map(option)
const BLOCKS = [
  input('room', {
    type: 'conversations_select',
    default_to_current_conversation: true,
    filter: { include: ['public', 'private'] },
  }),
  input('days', { type: 'multi_static_select', options: days, initial_options: [days[0]] }),
  input('at', { type: 'timepicker', initial_time: '09:00' }),
  input('who', { type: 'users_select', initial_user: 'U1' }),
  input('topic', { type: 'external_select', min_query_length: 1, initial_option: option('first') }),
]

type Scene = { slack: Slack; app: TestApp; minji: Person; direct: Person; sent: unknown[]; answers: object[] }

async function scene(): Promise<Scene> {
  const slack = await startSlack({ answerWithin: 1000 })
  open.push(() => slack.close())
  const workspace = slack.addWorkspace()
  const user = slack.addUser(workspace, { name: 'minji' })
  const channel = slack.addChannel(workspace)
  const testApp = await startSocketApp(slack)
  open.push(() => testApp.stop())
  await slack.ready()
  const { app } = testApp
  const sent: unknown[] = []
  const answers: object[] = []
  const view = {
    type: 'modal' as const,
    callback_id: 'all',
    title: plain('All'),
    submit: plain('Send'),
    blocks: BLOCKS,
  }
  app.command('/all', async ({ ack, client, command }) => {
    await ack()
    await client.views.open({ trigger_id: command.trigger_id, view })
  })
  app.view('all', async ({ ack, view: { state } }) => {
    sent.push(state.values)
    await ack(answers.shift() as never)
  })
  const minji = { workspace, user, channel: channel.id }
  return { slack, app: testApp, minji, direct: { ...minji, channel: user.id }, sent, answers }
}

async function opened({ slack }: Scene, by: Person): Promise<View> {
  const { view } = await slack.command(by, '/all')
  if (!view) throw new Error('no modal')
  return view
}

describe('a modal', () => {
  it('is sent as it was filled in, where nothing was changed', async () => {
    const here = await scene()
    await here.slack.submitView(here.minji, await opened(here, here.minji), {}, { answerWithin: 0 })
    expect(here.sent).toMatchObject([
      {
        room: { room: { selected_conversation: here.minji.channel } },
        days: { days: { selected_options: [{ value: 'mon' }] } },
        at: { at: { selected_time: '09:00' } },
        who: { who: { selected_user: 'U1' } },
        topic: { topic: { selected_option: { value: 'first' } } },
      },
    ])
  })

  it('takes what is offered, and nothing else', async () => {
    const here = await scene()
    const view = await opened(here, here.minji)
    const send = (values: Record<string, string>) =>
      here.slack.submitView(here.minji, view, values, { answerWithin: 0 })
    await expect(send({ days: 'sun' })).rejects.toThrow('not offered')
    await expect(send({ at: '25:00' })).rejects.toThrow('cannot be picked')
    await expect(send({ topic: 'topic-x' })).rejects.toThrow('not offered')
    await here.slack.suggest(here.minji, view, 'topic', 'x')
    await send({ days: 'tue,wed', topic: 'topic-x' })
    expect(here.sent).toMatchObject([{ days: { days: { selected_options: [{ value: 'tue' }, { value: 'wed' }] } } }])
  })

  it('that is opened in a direct message has no channel to begin with', async () => {
    const here = await scene()
    const view = await opened(here, here.direct)
    await expect(here.slack.submitView(here.direct, view)).rejects.toThrow('"room" must be filled in')
  })

  it.each([
    [
      'errors at a block that it does not have',
      { response_action: 'errors', errors: { nowhere: 'wrong' } },
      'invalid_errors',
    ],
    [
      'another modal that is none',
      { response_action: 'update', view: { type: 'modal', blocks: [] } },
      'invalid_arguments',
    ],
    ['a word that nobody knows', { response_action: 'explode' }, 'invalid_response_action'],
  ])('refuses %s', async (_, answer, refusal) => {
    const here = await scene()
    here.answers.push(answer)
    const { refusals } = await here.slack.submitView(here.minji, await opened(here, here.minji))
    expect(refusals).toEqual([refusal])
  })

  it('is updated by its id while it is open, by its hash only while it is as it was', async () => {
    const here = await scene()
    const { slack, minji, app } = here
    const view = await opened(here, minji)
    const { client } = app.app
    const token = slack.workspaces[0]?.botToken ?? ''
    const next: types.ModalView = { type: 'modal', title: plain('Next'), blocks: [{ type: 'divider' }] }
    const update = (more: object) => client.views.update({ token, view_id: view.id, view: next, ...more })
    await update({ hash: view.hash })
    await expect(update({ hash: view.hash })).rejects.toMatchObject({ data: { error: 'hash_conflict' } })
    await update({})
    const blocks = [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }]
    await expect(update({ view: { ...next, blocks } })).rejects.toMatchObject({ data: { error: 'invalid_arguments' } })
    slack.closeView(minji, view)
    await expect(update({})).rejects.toMatchObject({ data: { error: 'not_found' } })
  })
})
