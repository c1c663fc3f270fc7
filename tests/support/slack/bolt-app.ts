// A small app on the real Bolt, for the simulator's own tests: one listener for each thing a bot does.

import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver, type Installation, LogLevel, SocketModeReceiver } from '@slack/bolt'
import type { Slack } from './slack.ts'

const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

export const button = (id: string, text = 'Press') => ({
  type: 'button' as const,
  action_id: id,
  text: { type: 'plain_text' as const, text },
  value: id,
})
export const row = (...elements: object[]) => ({ type: 'actions', block_id: 'row', elements }) as never
export const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } })

export type TestApp = {
  readonly app: App
  readonly installations: Map<string, Installation>
  /** What the listeners saw, in order: `event:app_uninstalled`, `error:invalid_blocks`, … */
  readonly seen: string[]
  /** Listeners wait for this before they acknowledge. */
  gate: Promise<unknown>
  readonly url: string
  stop(): Promise<void>
}

/** Web API options of a bot that wants to see every error at once. */
export const clientOptions = (slack: Slack) => ({
  slackApiUrl: slack.apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
})

export async function startSocketApp(slack: Slack): Promise<TestApp> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: quiet,
    clientPingTimeout: 200,
    installerOptions: { clientOptions: clientOptions(slack) },
  })
  const testApp = listen(new App(options(slack, receiver)), new Map(), '')
  await testApp.app.start()
  return Object.assign(testApp, { stop: () => receiver.client.disconnect().catch(() => {}) })
}

export async function startHttpApp(slack: Slack, oauth = false): Promise<TestApp> {
  const installations = new Map<string, Installation>()
  const store = {
    storeInstallation: async (installation: Installation) =>
      void installations.set(installation.team?.id ?? '', installation),
    fetchInstallation: async ({ teamId }: { teamId: string | undefined }) => {
      const found = installations.get(teamId ?? '')
      if (!found) throw new Error('not installed')
      return found
    },
  }
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    logger: quiet,
    ...(oauth && {
      clientId: slack.clientId,
      clientSecret: slack.clientSecret,
      stateSecret: 'a-secret-for-the-state',
      scopes: ['commands', 'chat:write'],
      installationStore: store as never,
    }),
    installerOptions: { clientOptions: clientOptions(slack), authorizationUrl: slack.authorizeUrl },
  })
  const app = new App(oauth ? { ...base(slack), receiver } : options(slack, receiver))
  const server = await receiver.start(0)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const testApp = listen(app, installations, url)
  return Object.assign(testApp, { stop: async () => void (await receiver.stop()) })
}

const base = (slack: Slack) => ({ logger: quiet, clientOptions: clientOptions(slack) })

/** Every workspace of the simulator is installed: its token is looked up by the team. */
function options(slack: Slack, receiver: SocketModeReceiver | HTTPReceiver) {
  return {
    ...base(slack),
    receiver,
    authorize: async ({ teamId }: { teamId?: string | undefined }) => {
      const workspace = slack.workspaces.find(({ id }) => id === teamId)
      if (!workspace?.installed) throw new Error('not installed')
      return { botToken: workspace.botToken, botId: workspace.botId, botUserId: workspace.botUserId }
    },
  }
}

function listen(app: App, installations: Map<string, Installation>, url: string): Omit<TestApp, 'stop'> {
  const seen: string[] = []
  const testApp = { app, installations, seen, url, gate: Promise.resolve() as Promise<unknown> }
  app.error(async (error) => {
    const { data, status, statusCode } = error as { data?: { error?: string }; status?: number; statusCode?: number }
    seen.push(`error:${data?.error ?? status ?? statusCode ?? error.code}`)
  })
  app.command('/echo', async ({ ack, command, respond }) => {
    await testApp.gate
    await ack()
    await respond({ response_type: 'ephemeral', text: command.text })
  })
  app.command('/say', async ({ ack, command }) => {
    await ack({ response_type: 'in_channel', text: command.text })
  })
  app.command('/post', async ({ ack, client, command }) => {
    await ack()
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'quiz',
      blocks: [section('quiz'), row(button('go'))],
    })
  })
  app.command('/private', async ({ ack, client, command }) => {
    await ack()
    const { channel_id: channel, user_id: user } = command
    await client.chat.postEphemeral({ channel, user, text: 'private', blocks: [row(button('go'))] })
  })
  app.command('/broken', async ({ ack, client, command }) => {
    await ack()
    await client.chat.postMessage({ channel: command.channel_id, text: 'x', blocks: [section('x'.repeat(3001))] })
  })
  app.command('/many', async ({ ack, respond }) => {
    await ack()
    for (let i = 1; i <= 6; i += 1) await respond({ text: `answer ${i}` })
  })
  app.command('/modal', async ({ ack, client, command }) => {
    await ack()
    await client.views.open({ trigger_id: command.trigger_id, view: modal })
    await client.views.open({ trigger_id: command.trigger_id, view: modal }).catch((error) => {
      seen.push(`error:${error.data.error}`)
    })
  })
  app.command('/pick', async ({ ack }) => {
    const select = { type: 'external_select', action_id: 'topic', min_query_length: 1 }
    await ack({ text: 'pick', blocks: [row(select)] })
  })
  app.action('go', async ({ ack, body, respond }) => {
    await testApp.gate
    seen.push(`press:${'message' in body ? 'told' : 'not told'}`)
    await ack()
    await respond({ replace_original: true, text: 'pressed' })
  })
  app.action('topic', async ({ ack, action, respond }) => {
    await ack()
    await respond({ response_type: 'ephemeral', text: JSON.stringify(action) })
  })
  app.options('topic', async ({ ack, options: { value } }) => {
    await ack({ options: [{ text: { type: 'plain_text', text: `About ${value}` }, value: `topic-${value}` }] })
  })
  app.view('answer', async ({ ack, view }) => {
    const typed = view.state.values['input']?.['typed']?.value
    if (typed === 'bad') await ack({ response_action: 'errors', errors: { input: 'try again' } })
    else if (typed === 'more') await ack({ response_action: 'update', view: modal })
    else await ack()
  })
  app.event('app_home_opened', async ({ client, event }) => {
    const view = { type: 'home' as const, blocks: [section(`home of ${event.user}`)] }
    await client.views.publish({ user_id: event.user, view })
  })
  for (const type of ['app_uninstalled', 'tokens_revoked', 'channel_archive', 'channel_deleted'] as const) {
    app.event(type, async ({ context }) => void seen.push(`event:${type}:${context.retryNum ?? 0}`))
  }
  return testApp
}

const modal = {
  type: 'modal' as const,
  callback_id: 'answer',
  title: { type: 'plain_text' as const, text: 'Answer' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'input',
      label: { type: 'plain_text' as const, text: 'Yours' },
      element: { type: 'plain_text_input' as const, action_id: 'typed' },
    },
  ],
}
