// An answer on its way: rendered, with its pictures when Slack takes them, each message to where the person will see it.

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Card } from '../../chat/card.ts'
import type { Reply } from '../../chat/invocation.ts'
import type { Metrics } from '../../metrics.ts'
import { type Gate, type Payload, respond } from './answers.ts'
import { codeOf, toPlatformError } from './errors.ts'
import type { Pictures } from './files.ts'
import { RESPONSES } from './limits.ts'
import { type Files, imagesOf, type Message, NO_FILES, render } from './render.ts'
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

/** An uploaded file is looked through before it can be shown; that takes a moment. Waits in milliseconds. */
export const FILE_WAITS = [700, 1500] as const

/** What Slack says of a picture that it cannot show, or not yet. https://github.com/slackapi/python-slack-sdk/issues/1658 */
export const INVALID = 'invalid_blocks'

/** How often the response_url of an answer can still be used. */
type Left = { uses: number }

export type Deliver = (reply: Reply, way: Way, adorn?: Adorn) => Promise<void>

/** @param spoken puts the names that the commands have in Slack into a card */
export function createDeliver(
  pictures: Pictures,
  spoken: (card: Card) => Card,
  log: Logger,
  metrics?: Metrics,
): Deliver {
  return async (reply, way, adorn = (message) => message) => {
    const { gate, inAck, workspace } = way
    const card = spoken(reply.card)
    const images = imagesOf(card)
    const draw = (files: Files): Message[] =>
      render(card, files).map((message, i) => (i === 0 ? adorn(message) : message))
    const replaces = reply.mode === 'update' && way.replaceable
    const left = { uses: RESPONSES }
    const payload = (message: Message, i: number): Payload => ({
      ...message,
      mrkdwn: false,
      response_type: reply.visibility === 'public' ? 'in_channel' : 'ephemeral',
      replace_original: replaces && i === 0,
    })
    if (images.length === 0) {
      const [first, ...more] = draw(NO_FILES).map(payload)
      const done = inAck && gate.isOpen() && (await gate.ack(first))
      if (!done) await gate.ack()
      return sendAll(way, done || !first ? more : [first, ...more], left)
    }
    // Whether Slack takes a picture shows only where it answers, and that is not in an ack.
    await gate.ack()
    const files = await pictures.ready(workspace, images)
    const [first, ...more] = draw(files).map(payload)
    const inWords = draw(NO_FILES).map(payload)
    let problem = first && (await send(way, first, left))
    // The response_url is used up at some point: what remains of it must carry the whole answer in words.
    for (const wait of files.size > 0 ? FILE_WAITS.slice(0, Math.max(0, RESPONSES - 1 - inWords.length)) : []) {
      if (!first || problem !== INVALID) break
      await delay(wait)
      problem = await send(way, first, left)
    }
    if (problem !== INVALID || files.size === 0) return sendAll(way, more, left)
    await pictures.forget(files)
    return sendAll(way, inWords, left)
  }

  async function sendAll(way: Way, payloads: readonly Payload[], left: Left): Promise<void> {
    for (const each of payloads) await send(way, each, left)
  }

  /** Sends one message; tells what was wrong with it. What the response_url does not take any more goes to the person's messages. */
  async function send(
    { id, responseUrl, workspace, user }: Way,
    payload: Payload,
    left: Left,
  ): Promise<string | undefined> {
    const problem =
      responseUrl === undefined || left.uses-- <= 0
        ? await toPerson(workspace, user, payload)
        : await respond(responseUrl, payload)
    if (problem !== undefined) log.warn({ problem, id }, 'an answer did not reach its person')
    // A picture that Slack cannot show is left out, and the answer sent again.
    if (problem !== undefined && problem !== INVALID) metrics?.answerLost('slack')
    return problem
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
