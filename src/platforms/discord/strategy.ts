// How discord.js keeps a shard connected, with an end that is one.

import { SimpleShardingStrategy } from 'discord.js'

/** That of discord.js is of the same name, and another. */
type WebSocketManager = ConstructorParameters<typeof SimpleShardingStrategy>[0]

/**
 * Shards that stay away once they are destroyed. Left to itself, discord.js connects again, for as long as the process runs, when it
 * is destroyed while it asks where to connect, while it waits for a word of the gateway, or in the half second between two connections:
 * after each refused handshake, each cut and each request to reconnect. Besides, it drops the listener of a handshake that is still
 * under way, and the error of that then ends the process.
 *
 * What a shard connects with, and what it is connected by, are private to it and have no other handle; the compiler tells when they are
 * gone, and the tests when they do something else.
 */
export class FinalStrategy extends SimpleShardingStrategy {
  readonly #isClosed: () => boolean

  constructor(manager: WebSocketManager, isClosed: () => boolean) {
    super(manager)
    this.#isClosed = isClosed
  }

  override async connect(): Promise<void> {
    if (this.#isClosed()) throw new Error('the connection was closed before it was made')
    await super.connect()
  }

  override async destroy(options?: Parameters<SimpleShardingStrategy['destroy']>[0]): Promise<void> {
    const sockets: WebSocket[] = []
    for (const shard of this['shards'].values()) {
      shard['internalConnect'] = async () => undefined
      if (shard['connection']) sockets.push(shard['connection'])
    }
    for (const socket of sockets) socket.addEventListener('error', () => undefined)
    await super.destroy(options)
    // Of those that are open by now it took leave; a handshake it would let go on.
    for (const socket of sockets) socket.close()
  }
}
