// The simulated Slack as the faults need it.

import type { Shown } from '../journeys/chat.ts'
import { look, openSlackChat, type SlackChat, shown } from '../platforms/slack/chat.ts'
import { present } from './builders.ts'
import { openCrossing } from './crossing.ts'
import type { Ground } from './ground.ts'
import type { Channel, Message } from './slack/slack.ts'

export type SlackGround = Ground & { readonly chat: SlackChat }

export const SLACK_OBSTACLES = ['deleted', 'archived', 'closed to the bot'] as const

const isCall = (path: string, method: string): boolean => path.endsWith(`/${method}`)

/** @param history whether the app was given the scope to look into channels, which is an optional one */
export async function openSlackGround({ history = true } = {}): Promise<SlackGround> {
  const chat = await openSlackChat()
  const { sim, workspace } = chat
  // The token has this very list.
  const scopes = workspace.scopes as string[]
  if (!history) scopes.splice(scopes.indexOf('channels:history'), 1)
  const { origin, pathname } = new URL(sim.apiUrl)
  const crossing = await openCrossing(origin)
  const channels = new Map<string, Channel>()
  const channelOf = (id: string): Channel => present(channels.get(id))
  const messageOf = ({ message }: Shown): Message => message as Message

  return {
    chat: { ...chat, env: { ...chat.env, SLACK_API_URL: `${crossing.origin}${pathname}` } },
    crossing,
    // Slack's own clock is the machine's: the bot's must not be ahead of it, or what Slack has would look older than it is.
    start: Date.parse('2024-03-04T08:00:00+09:00'),
    setTime: () => {},
    addChannel: (name) => {
      const channel = sim.addChannel(workspace, { name })
      channels.set(channel.id, channel)
      return channel.id
    },
    option: (channel) => `<#${channel}|${channelOf(channel).name}>`,
    history: (channel) => sim.history(channel).map(look),
    press: async (by, channel, on, label) => {
      const person = chat.person(by, channel)
      const pressable = messageOf(on).blocks.flatMap((block) =>
        block.type === 'actions' ? (block['elements'] as { action_id: string; text?: { text: string } }[]) : [],
      )
      const { action_id } = present(
        pressable.find(({ text }) => text?.text.replace(/^([A-EOX])\. .*$/s, '$1') === label),
      )
      return shown(await sim.press(person, messageOf(on), action_id))
    },
    // A user's id stands for the messages that the bot shares with the person.
    told: (member) =>
      sim.traffic
        .filter(
          ({ method, body, ok }) => ok && method === 'chat.postMessage' && body['channel'] === chat.user(member).id,
        )
        .map(({ body }) => String(body['text'])),
    refOf: (message) => {
      const { workspace: team, channel, ts } = messageOf(message)
      return `${team}/${channel}/${ts}`
    },
    accountOf: (member) => `${workspace.id}-${chat.user(member).id}`,
    isSend: ({ path }) => isCall(path, 'chat.postMessage'),
    isEdit: ({ path }) => isCall(path, 'chat.update'),
    isFind: ({ path }) => isCall(path, 'conversations.history'),
    // https://docs.slack.dev/apis/web-api/rate-limits
    tooMany: (seconds) => ({
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': String(seconds) },
      body: JSON.stringify({ ok: false, error: 'ratelimited' }),
    }),
    obstacles: [
      { name: SLACK_OBSTACLES[0], reason: 'channel-gone', happen: (id) => sim.deleteChannel(channelOf(id)) },
      {
        name: SLACK_OBSTACLES[1],
        reason: 'channel-gone',
        happen: (id) => sim.archiveChannel(channelOf(id)),
        undo: (id) => {
          channelOf(id).archived = false
        },
      },
      {
        name: SLACK_OBSTACLES[2],
        reason: 'forbidden',
        happen: (id) => {
          channelOf(id).restricted = true
        },
        undo: (id) => {
          channelOf(id).restricted = false
        },
      },
    ],
    dropEvents: () => sim.fault.cutSockets(),
    close: async () => {
      await crossing.close()
      await chat.close()
    },
  }
}
