// Connections over their life: the bot is added, removed, and 30 days later nothing of it is left.

import { nanoid } from 'nanoid'
import type { PlatformName } from '../chat/invocation.ts'
import { closeConnection, closedBefore, pauseSchedules, purgeConnection, putConnection } from '../store/connections.ts'
import type { Store } from '../store/open.ts'

/** How long the data of a connection is kept after the bot was removed from it: long enough to undo a mistake. In milliseconds. */
export const KEPT_AFTER_REMOVAL = 30 * 24 * 60 * 60 * 1000

export type ConnectionKey = { readonly platform: PlatformName; readonly id: string }

/** The bot is in this connection: added, or back. `secret` is what its platform must keep to reach it. */
export async function connectionOpened(
  store: Store,
  connection: ConnectionKey & { readonly name: string; readonly secret?: string },
  now: number,
): Promise<void> {
  const { platform, id: external, name, secret } = connection
  await store.write((tx) =>
    putConnection(tx, { id: nanoid(), platform, external, name, now, ...(secret === undefined ? {} : { secret }) }),
  )
}

/** The bot was removed: its schedules stop, its data waits. False when that was known. */
export async function connectionClosed(store: Store, connection: ConnectionKey, now: number): Promise<boolean> {
  return store.write(async (tx) => {
    await pauseSchedules(tx, { platform: connection.platform, external: connection.id }, 'connection-closed')
    return closeConnection(tx, connection.platform, connection.id, now)
  })
}

/** Deletes what was closed more than 30 days ago; tells how many connections that were. */
export async function purgeClosed(store: Store, now: number): Promise<number> {
  const ids = await closedBefore(store.db, now - KEPT_AFTER_REMOVAL)
  // One transaction each: a large one must not keep presses waiting behind all of them.
  let purged = 0
  for (const id of ids) {
    if (await store.write((tx) => purgeConnection(tx, id, now - KEPT_AFTER_REMOVAL))) purged += 1
  }
  return purged
}
