// An answer on its way: rendered, with its pictures in words, each message to where the person will see it.

import type { Logger } from 'pino'
import type { Card } from '../../chat/card.ts'
import type { Reply } from '../../chat/invocation.ts'
import type { Metrics } from '../../metrics.ts'
import { type Gate, type Payload, respond } from './answers.ts'
import { codeOf, isOfBlocks, toPlatformError } from './errors.ts'
import { RESPONSES } from './limits.ts'
import { type Message, plainer, render } from './render.ts'
import type { Workspace } from './workspaces.ts'

/** Where an answer can go. */
export type Way = {
  /** Of the interaction, for the log. */
  readonly id: string
  readonly workspace: Workspace
  readonly gate: Gate
  /** A command's ack may carry its answer; a button's may not. */
  readonly inAck: boolean
  /** Undefined for a press in the home tab, which has none: the answer goes to the person's messages. */
  readonly responseUrl: string | undefined
  readonly user: string
  /** Whether the message that was pressed is one that nobody else sees, so that it may be replaced. */
  readonly replaceable: boolean
}

/** What is shown with the first message besides the card: the picker of a lookup. */
export type Adorn = (message: Message) => Message

/** How often the response_url of an answer can still be used. */
type Left = { uses: number }

export type Deliver = (reply: Reply, way: Way, adorn?: Adorn) => Promise<void>

/** @param spoken puts the names that the commands have in Slack into a card */
export function createDeliver(spoken: (card: Card) => Card, log: Logger, metrics?: Metrics): Deliver {
  return async (reply, way, adorn = (message) => message) => {
    const { gate, inAck } = way
    const replaces = reply.mode === 'update' && way.replaceable
    const payload = (message: Message, i: number): Payload => ({
      ...(i === 0 ? adorn(message) : message),
      mrkdwn: false,
      response_type: reply.visibility === 'public' ? 'in_channel' : 'ephemeral',
      replace_original: replaces && i === 0,
    })
    const [first, ...more] = render(spoken(reply.card)).map(payload)
    const done = inAck && gate.isOpen() && (await gate.ack(first))
    if (!done) await gate.ack()
    const left = { uses: RESPONSES }
    for (const each of done || !first ? more : [first, ...more]) await send(way, each, left)
  }

  /** Sends one message, plainer for as long as Slack refuses its blocks. */
  async function send(way: Way, payload: Payload, left: Left): Promise<void> {
    let problem: string | undefined
    for (const form of [payload, ...plainer(payload)]) {
      problem = await sendForm(way, form, left)
      if (problem === undefined) return
      if (!isOfBlocks(problem)) break
      log.warn({ problem, id: way.id }, 'Slack refused what is in an answer')
    }
    log.warn({ problem, id: way.id }, 'an answer did not reach its person')
    metrics?.answerLost('slack')
  }

  /** Tells what was wrong with a message. What the response_url does not take any more goes to the person's messages. */
  async function sendForm(
    { responseUrl, workspace, user }: Way,
    form: Payload,
    left: Left,
  ): Promise<string | undefined> {
    return responseUrl === undefined || left.uses-- <= 0 ? toPerson(workspace, user, form) : respond(responseUrl, form)
  }

  async function toPerson(workspace: Workspace, user: string, { text, blocks }: Payload): Promise<string | undefined> {
    try {
      // A user's id stands for the messages with the app. https://docs.slack.dev/reference/methods/chat.postMessage#app_home
      await workspace.clients.post.chat.postMessage({
        channel: user,
        text,
        blocks,
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
      })
      return undefined
    } catch (error) {
      return codeOf(error) ?? toPlatformError(error).message
    }
  }
}
