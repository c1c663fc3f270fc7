// The playground's channel: its messages, kept in the store, and the pages that watch it.

import { EventEmitter } from 'node:events'
import { nanoid } from 'nanoid'
import type { Card } from '../../chat/card.ts'
import type { Clock } from '../../clock.ts'
import type { Store } from '../../store/open.ts'
import {
  addMessage,
  editMessage,
  findMessageOfPost,
  latestMessages,
  type PlaygroundMessage,
} from '../../store/playground.ts'

/** How many messages the page shows. */
const HISTORY = 100

export type ChannelMessage = {
  readonly id: string
  readonly card: Card
  readonly at: number
  readonly edited: boolean
}

export type Channel = {
  /** The newest messages, oldest first. */
  history(): Promise<readonly ChannelMessage[]>
  /** Calls back with each message that is posted or edited, until the returned function is called. */
  watch(listener: (message: ChannelMessage) => void): () => void
  /** Adds a message; of a post that is already there (`postId`), the one that is there comes back. */
  say(card: Card, postId?: string): Promise<ChannelMessage>
  /** The message of a post. */
  find(postId: string): Promise<string | undefined>
  /** Replaces a message's card; false when there is no such message. */
  edit(id: string, card: Card): Promise<boolean>
}

export function createChannel(store: Store, clock: Clock): Channel {
  const events = new EventEmitter<{ message: [ChannelMessage] }>()
  // One listener for each open page.
  events.setMaxListeners(0)
  const announce = (row: PlaygroundMessage): ChannelMessage => {
    const message = toMessage(row)
    events.emit('message', message)
    return message
  }
  return {
    history: async () => (await latestMessages(store.db, HISTORY)).map(toMessage),
    watch(listener) {
      events.on('message', listener)
      return () => events.off('message', listener)
    },
    async say(card, postId) {
      const row = { id: nanoid(), post_id: postId ?? null, card: JSON.stringify(card), created_at: clock.now() }
      return announce(await store.write((tx) => addMessage(tx, row)))
    },
    find: async (postId) => (await findMessageOfPost(store.db, postId))?.id,
    async edit(id, card) {
      const row = await store.write((tx) => editMessage(tx, id, JSON.stringify(card), clock.now()))
      if (row) announce(row)
      return row !== undefined
    },
  }
}

function toMessage(row: PlaygroundMessage): ChannelMessage {
  return { id: row.id, card: JSON.parse(row.card) as Card, at: row.created_at, edited: row.edited_at !== null }
}
