// Posts: sent once, found again by the id that their buttons carry, edited in place.

import {
  type APIMessage,
  DiscordAPIError,
  type REST,
  RESTEvents,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js'
import { decodeAction } from '../../chat/action.ts'
import type { Action, Card } from '../../chat/card.ts'
import { type Destination, type MessageRef, PlatformError, type Sighting } from '../../chat/platform.ts'
import { toPlatformError } from './errors.ts'
import { HISTORY_PAGE } from './limits.ts'
import { type Files, type Message, messagesOf, toBody } from './payload.ts'
import { withoutPictures } from './render.ts'

/** A post has an answer within this time, waits for limits included, or none: well within the lease of who sends it. */
export const POST_TIMEOUT = 10_000

/** `channel/message`. */
export function messageRef(channel: string, message: string): MessageRef {
  return `${channel}/${message}`
}

/**
 * Sends a card as one message. The post id goes along as the nonce, which makes Discord refuse a second one for some minutes; after
 * that, and when the answer is lost, the message is found by the id in its buttons.
 *
 * @param signal ends the attempt: when Discord only asked to wait until then, nothing was sent
 * @throws {PlatformError}
 */
export async function sendPost(
  rest: REST,
  destination: Destination,
  card: Card,
  postId: string,
  files: Files,
  signal = AbortSignal.timeout(POST_TIMEOUT),
): Promise<MessageRef> {
  // A message to one person is a notice: nobody looks for it in a history.
  if (!('user' in destination) && !card.rows.flat().some((action) => carries(action, postId))) {
    throw new PlatformError('fatal', 'the card has no button with the post id: it could never be found again')
  }
  const send = async (shown: Card): Promise<MessageRef> =>
    sendOnce(rest, destination, await onlyMessage(shown, files), postId, signal)
  try {
    return await send(card)
  } catch (error) {
    // It may be the pictures alone that the bot has no permission for. What was refused was surely not sent.
    const isForbidden = error instanceof PlatformError && error.kind === 'forbidden'
    if (!isForbidden || !card.blocks.some(({ type }) => type === 'image')) throw error
    return await send(withoutPictures(card))
  }
}

async function sendOnce(
  rest: REST,
  destination: Destination,
  message: Message,
  postId: string,
  signal: AbortSignal,
): Promise<MessageRef> {
  const body: RESTPostAPIChannelMessageJSONBody = { ...toBody(message), nonce: postId, enforce_nonce: true }
  const refusals = refusalsOf(rest)
  try {
    const channel = 'user' in destination ? await directChannel(rest, destination.user, signal) : destination.channel
    const sending = rest.post(Routes.channelMessages(channel), { body, files: [...message.pictures], signal })
    return messageRef(channel, idOf(await within(signal, sending)))
  } catch (error) {
    const wait = (refusals.get(body) ?? 0) - performance.now()
    // It was told to wait and still does: nothing of it is on its way, and nothing will be.
    if (signal.aborted && wait > 0) {
      throw new PlatformError('retry-after', 'Discord asked to wait again and again', {
        cause: error,
        retryAfter: wait,
      })
    }
    throw toPlatformError(error)
  }
}

/**
 * The result, or the signal's end, whichever comes first: discord.js looks at the signal before each request, but not while it waits
 * for a limit, and short waits may follow one another without end.
 *
 * @throws {PlatformError} `ambiguous`, when it ended
 */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = (): void =>
    reject(new PlatformError('ambiguous', 'no answer from Discord in time', { cause: signal.reason }))
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([work, ended])
  } finally {
    signal.removeEventListener('abort', end)
    work.catch(() => {})
  }
}

/** Until when (`performance.now()`) Discord asked whoever sent this body to wait, if that was its last word. */
type Refusals = WeakMap<object, number>

const watched = new WeakMap<REST, Refusals>()

function refusalsOf(rest: REST): Refusals {
  const known = watched.get(rest)
  if (known) return known
  const refusals: Refusals = new WeakMap()
  watched.set(rest, refusals)
  rest.on(RESTEvents.Response, ({ data: { body } }, { status, headers }) => {
    if (typeof body !== 'object' || body === null) return
    // discord.js waits for the shorter of the two at least.
    const waits = ['retry-after', 'x-ratelimit-reset-after'].flatMap((name) => headers.get(name) ?? []).map(Number)
    const wait = waits.length === 0 ? 0 : Math.min(...waits)
    if (status === 429) refusals.set(body, performance.now() + wait * 1000)
    else refusals.delete(body)
  })
  return refusals
}

async function onlyMessage(card: Card, files: Files): Promise<Message> {
  const [message, ...more] = await messagesOf(card, files)
  if (!message || more.length > 0) throw new PlatformError('fatal', 'the card does not fit one message')
  return message
}

/** Thread is archived. A new message opens it again by itself, an edit does not. */
const ARCHIVED = 50_083

/**
 * Replaces a message. In a thread that went quiet and was archived, the thread is opened again first.
 *
 * @throws {PlatformError}
 */
export async function editPost(rest: REST, ref: MessageRef, card: Card, files: Files): Promise<void> {
  const [channel = '', id = ''] = ref.split('/')
  const message = await onlyMessage(card, files)
  const edit = (): Promise<unknown> =>
    rest.patch(Routes.channelMessage(channel, id), { body: toBody(message), files: [...message.pictures] })
  try {
    await edit().catch(async (error) => {
      if (!(error instanceof DiscordAPIError) || error.code !== ARCHIVED) throw error
      await rest.patch(Routes.channel(channel), { body: { archived: false } })
      await edit()
    })
  } catch (error) {
    throw toPlatformError(error)
  }
}

/**
 * Looks through the history since a moment, newest first.
 *
 * @throws {PlatformError} when Discord does not answer: then nothing is known yet, and it is worth asking again
 */
export async function findPost(
  rest: REST,
  channel: string,
  author: string,
  postId: string,
  since: number,
): Promise<Sighting> {
  let before: string | undefined
  for (;;) {
    const page = await historyPage(rest, channel, before)
    const found = page.find(({ author: by, components }) => by.id === author && holds(components ?? [], postId))
    if (found) return { kind: 'found', ref: messageRef(channel, found.id) }
    const oldest = page.at(-1)
    // A minute of tolerance: the message's time is Discord's, `since` is ours.
    if (!oldest || page.length < HISTORY_PAGE || Date.parse(oldest.timestamp) < since - 60_000)
      return { kind: 'absent' }
    before = oldest.id
  }
}

async function historyPage(rest: REST, channel: string, before: string | undefined): Promise<APIMessage[]> {
  const query = new URLSearchParams({ limit: String(HISTORY_PAGE), ...(before === undefined ? {} : { before }) })
  try {
    return (await rest.get(Routes.channelMessages(channel), { query })) as APIMessage[]
  } catch (error) {
    throw toPlatformError(error)
  }
}

async function directChannel(rest: REST, user: string, signal: AbortSignal): Promise<string> {
  const opening = rest.post(Routes.userChannels(), { body: { recipient_id: user }, signal })
  return idOf(await within(signal, opening))
}

/**
 * The id of what Discord says it made.
 *
 * @throws {PlatformError} `ambiguous`, when it is no answer of Discord's: a page of something on the way
 */
function idOf(made: unknown): string {
  const id = typeof made === 'object' && made !== null && 'id' in made ? made.id : undefined
  if (typeof id !== 'string') throw new PlatformError('ambiguous', 'what came back is no answer of Discord')
  return id
}

function carries(action: Action, postId: string): boolean {
  return 'id' in action && isOf(action.id, postId)
}

function isOf(customId: string, postId: string): boolean {
  return decodeAction(customId)?.args.includes(postId) ?? false
}

/** Whether a component among these, at any depth, carries the post's id. */
function holds(components: readonly object[], postId: string): boolean {
  return components.some((component) => {
    if ('custom_id' in component && typeof component.custom_id === 'string' && isOf(component.custom_id, postId))
      return true
    return 'components' in component && Array.isArray(component.components) && holds(component.components, postId)
  })
}
