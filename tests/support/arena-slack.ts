// The simulated Slack with a bot of several processes: each has a socket of its own, or a balancer stands before them.

import { look, openSlackChat } from '../platforms/slack/chat.ts'
import { type Arena, isChoice, type Room, TEXTS, type Told } from './arena.ts'
import { startBalancer } from './balancer.ts'
import { present } from './builders.ts'
import { openCrossing } from './crossing.ts'
import { admin } from './rig.ts'
import type { Message, Outcome } from './slack/slack.ts'

export async function openSlackArena(transport: 'socket' | 'http'): Promise<Arena> {
  const chat = await openSlackChat()
  const { sim, workspace } = chat
  const { origin, pathname } = new URL(sim.apiUrl)
  const crossing = await openCrossing(origin)
  const balancer = transport === 'http' ? await startBalancer() : undefined
  if (balancer) sim.setTransport(workspace, { url: `${balancer.url}/slack/events` })
  const { SLACK_APP_TOKEN: appToken = '', ...token } = chat.env
  const way = balancer ? { SLACK_SIGNING_SECRET: sim.signingSecret } : { SLACK_APP_TOKEN: appToken }
  let rooms = 0

  return {
    env: { ...token, ...way, SLACK_API_URL: `${crossing.origin}${pathname}` },
    crossing,
    // Slack's own clock is the machine's: the bot's must not be ahead of it, or what Slack has would look older than it is.
    start: Date.parse('2024-03-04T08:00:00+09:00'),
    hasLeases: false,
    setTime: () => {},
    addRoom: () => ({ place: workspace.id, channel: sim.addChannel(workspace, { name: `room-${++rooms}` }).id }),
    schedule: async ({ channel }, time) => {
      const options = { kind: 'quiz', channel: `<#${channel}|room>`, time, days: '매일' }
      await chat.command(admin, 'study-admin schedule add', options)
    },
    history: ({ channel }: Room) => sim.history(channel).map(look),
    press: async (by, { channel }, on, choice) =>
      told(
        await sim.press(chat.person(by, channel), on.message as Message, (each) => isChoice(each.action_id, choice)),
      ),
    ask: async (by, { channel }, question) => {
      const [path, text] = TEXTS[question]
      return told(await sim.command(chat.person(by, channel), `/${path}`, text))
    },
    refOf: ({ message }) => {
      const { workspace: team, channel, ts } = message as Message
      return `${team}/${channel}/${ts}`
    },
    accountOf: (by) => `${workspace.id}-${chat.user(by).id}`,
    isSend: ({ path }) => path.endsWith('/chat.postMessage'),
    serve: (bots) => balancer?.setTargets(bots.map(({ url }) => present(url))),
    ready: async (processes) => {
      if (balancer) await sim.ready()
      else if (!(await sim.until(() => sim.sockets === processes, 20_000))) throw new Error(`${sim.sockets} sockets`)
    },
    // Slack gives each delivery to one process, and takes every answer.
    doubled: () => 0,
    close: async () => {
      await crossing.close()
      await balancer?.close()
      await chat.close()
    },
  }
}

function told({ status, messages, updated, refusals }: Outcome): Told {
  if (refusals.length > 0) throw new Error(`Slack refused an answer: ${refusals.join()}`)
  const message = updated ?? messages[0]
  if (message) return { kind: 'card', text: look(message).text }
  const isAcked = status === 'acked' || status === 'late'
  return isAcked ? { kind: 'silence' } : { kind: 'failure', why: JSON.stringify(status) }
}
