// The Slack simulator as the shared journeys use a platform.

import type { Chat, Member, Shown } from '../../journeys/chat.ts'
import { present } from '../../support/builders.ts'
import {
  type Channel,
  type Message,
  type Outcome,
  type Slack,
  startSlack,
  type User,
  type Workspace,
} from '../../support/slack/slack.ts'

export type SlackChat = Chat & {
  readonly sim: Slack
  readonly workspace: Workspace
  readonly room: Channel
  user(member: Member): User
  /** A member as the simulator wants one, in the study channel or elsewhere. */
  person(member: Member, channel?: string): { workspace: Workspace; user: User; channel: string }
}

export async function openSlackChat(options: Parameters<typeof startSlack>[0] = {}): Promise<SlackChat> {
  const sim = await startSlack(options)
  const workspace = sim.addWorkspace({ name: '클라우드 스터디', locale: 'ko-KR' })
  const room = sim.addChannel(workspace, { name: 'study' })
  const users = new Map<string, User>()
  const channel = `<#${room.id}|study>`

  function user({ id, name, locale, isAdmin = false }: Member): User {
    const known = users.get(id)
    if (known) {
      known.displayName = name
      return known
    }
    const language = locale === 'ko' ? 'ko-KR' : 'en-US'
    const added = sim.addUser(workspace, {
      id: `U${id}`,
      name: `user${id}`,
      displayName: name,
      locale: language,
      isAdmin,
    })
    users.set(id, added)
    return added
  }
  const person = (member: Member, where = room.id) => ({ workspace, user: user(member), channel: where })
  /** Slack escapes what a person types, and not the mentions that it makes itself. */
  const typed = (text: string): string => (/^<[@#]\w+\|[^>]*>$/.test(text) ? text : escaped(text))

  return {
    name: 'Slack',
    env: {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: sim.appToken,
      SLACK_API_URL: sim.apiUrl,
    },
    sim,
    workspace,
    room,
    user,
    person,
    channel,
    ready: () => sim.ready(),
    command: async (by, path, given = {}) => {
      const [command, ...words] = path.split(' ')
      const text = [...words, ...Object.values(given).map(typed)].join(' ')
      return shown(await sim.command(person(by), `/${command}`, text))
    },
    press: async (by, on, label) => {
      const message = on.message as Message
      const { action_id } = present(pressable(message).find((each) => wordsOn(each) === label))
      return shown(await sim.press(person(by), message, action_id))
    },
    pick: async (by, on, option) => {
      const message = on.message as Message
      const select = present(
        pressable(message).find(({ options = [] }) => options.some(({ value }) => value === option)),
      )
      return shown(await sim.select(person(by), message, select.action_id, option))
    },
    posts: async () => sim.history(room.id).map(look),
    notified: () =>
      [...sim.history(room.id), ...[...users.values()].flatMap(({ id }) => sim.ephemerals(room.id, id))].flatMap(
        ({ notifies }) => notifies,
      ),
    close: async () => {
      // For whoever wants a second opinion on what was sent: RECORD_TRAFFIC=folder.
      const folder = process.env['RECORD_TRAFFIC']
      if (folder !== undefined) await sim.writeTraffic(`${folder}/slack-${workspace.id}.jsonl`)
      await sim.close()
      // Slack would not have told the bot.
      if (sim.brokenPictures.length > 0)
        throw new Error(`pictures that nobody sees: ${JSON.stringify(sim.brokenPictures)}`)
    },
  }
}

/** What the person sees, if it came in time and nothing was refused. */
export function shown({ status, messages, updated, refusals }: Outcome): Shown {
  const message = updated ?? messages[0]
  if (status !== 'acked' || refusals.length > 0 || !message) {
    throw new Error(`no answer: ${JSON.stringify(status)} ${refusals.join()}`)
  }
  return look(message)
}

export function look(message: Message): Shown {
  const { text, ephemeral } = message
  return { text: unescaped(text), buttons: pressable(message).map(wordsOn), isPrivate: ephemeral, message }
}

type Pressable = {
  readonly action_id: string
  readonly text?: { text: string }
  readonly options?: { value: string }[]
}

function pressable({ blocks }: Message): Pressable[] {
  return blocks.flatMap((block) => (block.type === 'actions' ? (block['elements'] as Pressable[]) : []))
}

/** The words on a button; of a choice its mark. */
function wordsOn({ text }: Pressable): string {
  return (text?.text ?? '').replace(/^([A-EOX])\. .*$/s, '$1')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
