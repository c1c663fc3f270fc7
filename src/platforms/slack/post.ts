// Posting, looking for a lost post, and editing: what the port asks of a platform.

import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Card } from '../../chat/card.ts'
import { type Destination, type MessageRef, PlatformError, type Sighting } from '../../chat/platform.ts'
import { codeOf, isOfBlocks, isOfPictures, NO_FILES_HERE, toPlatformError } from './errors.ts'
import type { Pictures } from './files.ts'
import { fromRef, toRef, userOf } from './ids.ts'
import { MESSAGE_LIMITS } from './limits.ts'
import { type Files, hasPicture, imagesOf, type Message, NO_FILES, plainer, render, withinBytes } from './render.ts'
import type { Workspaces } from './workspaces.ts'

/** What a post carries so that it can be found again. https://docs.slack.dev/messaging/message-metadata */
const EVENT_TYPE = 'study_post'

/** Sources are not shown as previews; the text is for notifications, and a star in it is a star. */
const PLAIN = { unfurl_links: false, unfurl_media: false, mrkdwn: false } as const

/** Messages that one page of history has at most; some apps get 15, whatever they ask for. */
const PAGE = 200
/** Pages that are read in search of one post. */
const PAGES = 5
/** How far Slack's clock may be from ours. In milliseconds. */
const CLOCK_SLACK = 5 * 60 * 1000

/** Answers after which nobody can look into a channel's history. https://docs.slack.dev/reference/methods/conversations.history */
const BLIND: ReadonlySet<string> = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'not_allowed_token_type',
])

export type Posts = {
  post(destination: Destination, card: Card, postId: string): Promise<MessageRef>
  find(destination: Destination, postId: string, since: number): Promise<Sighting>
  edit(ref: MessageRef, card: Card): Promise<void>
}

/**
 * How long after a post was asked for its last request may begin: the sender has 15 seconds of its lease left, and a request may take
 * ten. In milliseconds.
 */
const BEGIN_WITHIN = 4500
/** How long of that is for uploading pictures. */
const PATIENCE = 3000
/** An uploaded file is looked through before it can be shown; that takes a moment. Waits in milliseconds. */
const FILE_WAITS = [700, 1500] as const
/** How long after a post was asked for something may still be added to it: whoever waits for it has a minute. In milliseconds. */
const ADD_WITHIN = 20_000

/**
 * @param spoken puts the names that the commands have in Slack into a card
 * @param steady milliseconds from any moment, by a clock that nobody sets
 */
export function createPosts(
  workspaces: Workspaces,
  pictures: Pictures,
  spoken: (card: Card) => Card,
  log: Logger,
  steady: () => number = () => performance.now(),
): Posts {
  /**
   * Makes the request with the message: again where its picture may be shown in a moment, and in plainer forms for as long as Slack
   * refuses what is in it. It refuses before it does anything, so nothing comes twice.
   *
   * @param since `steady()` of when it was asked for
   */
  async function inSomeForm<T>(
    message: Message,
    files: Files,
    since: number,
    request: (form: Message) => Promise<T>,
  ): Promise<T> {
    const isLate = (wait = 0): boolean => steady() + wait - since > BEGIN_WITHIN
    let refusal: unknown
    let ofPicture: string | undefined
    for (const { form, wait } of triesOf(message)) {
      // Only a picture is shown later, and not where no file is.
      if (wait > 0 && (isLate(wait) || ofPicture === undefined || ofPicture === NO_FILES_HERE)) continue
      await delay(wait)
      if (isLate()) throw new PlatformError('retry-after', 'Slack answered too slowly to post in time')
      try {
        const done = await request(form)
        if (ofPicture !== undefined && ofPicture !== NO_FILES_HERE && !hasPicture(form)) await pictures.refused(files)
        return done
      } catch (error) {
        const code = codeOf(error)
        if (hasPicture(form) && isOfPictures(code)) ofPicture = code
        else if (!isOfBlocks(code)) throw error
        log.warn({ reason: code }, 'Slack refused what is in a message')
        refusal = error
      }
    }
    throw refusal
  }

  async function post(destination: Destination, card: Card, postId: string): Promise<MessageRef> {
    const since = steady()
    const workspace = await workspaces.of(destination.connection)
    const { chat } = workspace.clients.post
    // A user's id stands for the messages with the app. https://docs.slack.dev/reference/methods/chat.postMessage#app_home
    const channel = 'channel' in destination ? destination.channel : userOf(destination.user)
    try {
      const shown = spoken(card)
      const files = await pictures.ready(workspace, imagesOf(shown), PATIENCE)
      const [first, ...more] = render(shown, files)
      if (!first) throw new PlatformError('fatal', 'a card without anything to show')
      const metadata = { event_type: EVENT_TYPE, event_payload: { post_id: postId } }
      const sent = await inSomeForm(first, files, since, (form) =>
        chat.postMessage({ channel, ...form, metadata, ...PLAIN }),
      )
      if (!sent.ts || !sent.channel) throw new PlatformError('ambiguous', 'Slack did not say where the post is')
      // What does not fit stands below it. The post is there whatever becomes of the rest.
      const thread = { channel: sent.channel, thread_ts: sent.ts, ...PLAIN }
      for (const each of more) {
        if (steady() - since > ADD_WITHIN) {
          log.warn({ post: postId }, 'a post lacks its end: Slack answered too slowly')
          break
        }
        await inSomeForm(each, files, steady(), (form) => chat.postMessage({ ...thread, ...form })).catch((error) =>
          log.warn({ err: error }, 'a post lacks its end'),
        )
      }
      return toRef({ team: workspace.team, channel: sent.channel, ts: sent.ts })
    } catch (error) {
      throw toPlatformError(error)
    }
  }

  async function find(destination: Destination, postId: string, since: number): Promise<Sighting> {
    // Messages with a person would need a scope of their own.
    if (!('channel' in destination)) return { kind: 'unknown' }
    const { team, clients } = await workspaces.of(destination.connection)
    const { channel } = destination
    let cursor = ''
    try {
      for (let page = 0; page < PAGES; page++) {
        const { messages = [], response_metadata } = await clients.read.conversations.history({
          channel,
          oldest: String(Math.max(0, since - CLOCK_SLACK) / 1000),
          include_all_metadata: true,
          limit: PAGE,
          ...(cursor === '' ? {} : { cursor }),
        })
        // The id stands in the buttons too, where it is seen whatever becomes of the metadata.
        const found = messages.find(({ metadata, blocks }) => postOf(metadata) === postId || carries(blocks, postId))
        if (found?.ts) return { kind: 'found', ref: toRef({ team, channel, ts: found.ts }) }
        cursor = response_metadata?.next_cursor ?? ''
        if (cursor === '') return { kind: 'absent' }
      }
      return { kind: 'unknown' }
    } catch (error) {
      if (BLIND.has(codeOf(error) ?? '')) return { kind: 'unknown' }
      throw toPlatformError(error)
    }
  }

  async function edit(ref: MessageRef, card: Card): Promise<void> {
    const at = fromRef(ref)
    if (!at) throw new PlatformError('message-gone', `${ref} is not a message of Slack`)
    const since = steady()
    const workspace = await workspaces.of(at.team)
    const { channel, ts } = at
    const { chat } = workspace.clients.post
    try {
      const [first, ...more] = render(spoken(card))
      if (!first || more.length > 0) throw new PlatformError('fatal', 'an edited card must fit one message')
      // The blocks hold everything; the text is for notifications.
      const update = (bytes: number) =>
        inSomeForm({ ...first, text: withinBytes(first.text, bytes) }, NO_FILES, since, (form) =>
          chat.update({ channel, ts, ...form }),
        )
      await update(MESSAGE_LIMITS.editBytes).catch((error) => {
        if (codeOf(error) !== 'msg_too_long') throw error
        return update(MESSAGE_LIMITS.editBytes / 4)
      })
    } catch (error) {
      throw toPlatformError(error)
    }
  }

  return { post, find, edit }
}

/** The forms in which a message is tried, each after so many milliseconds. */
function triesOf(message: Message): { readonly form: Message; readonly wait: number }[] {
  const again = hasPicture(message) ? FILE_WAITS : []
  return [
    ...[0, ...again].map((wait) => ({ form: message, wait })),
    ...plainer(message).map((form) => ({ form, wait: 0 })),
  ]
}

function postOf(metadata: { event_type?: string; event_payload?: object } | undefined): unknown {
  if (metadata?.event_type !== EVENT_TYPE || !metadata.event_payload) return undefined
  return 'post_id' in metadata.event_payload ? metadata.event_payload.post_id : undefined
}

/** Whether a button among blocks carries the post's id. */
function carries(blocks: readonly object[] | undefined, postId: string): boolean {
  return JSON.stringify(blocks ?? []).includes(`:${postId}`)
}
