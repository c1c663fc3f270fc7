// Queries: the messages of the playground's channel. What Discord and Slack keep on their servers, the playground keeps here.

import type { Selectable } from 'kysely'
import { holdTable } from './dialects.ts'
import type { Db, PlaygroundMessageTable } from './tables.ts'

export type PlaygroundMessage = Selectable<PlaygroundMessageTable>

/** Adds a message at the end of the channel. A second one of the same post is refused: the first comes back. */
export async function addMessage(
  tx: Db,
  row: Pick<PlaygroundMessage, 'id' | 'post_id' | 'card' | 'created_at'>,
): Promise<PlaygroundMessage> {
  await holdTable(tx, 'playground_message')
  if (row.post_id !== null) {
    const known = await findMessageOfPost(tx, row.post_id)
    if (known) return known
  }
  const last = await tx
    .selectFrom('playground_message')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst()
  const message = { ...row, seq: Number(last?.seq ?? 0) + 1, edited_at: null }
  await tx.insertInto('playground_message').values(message).execute()
  return message
}

export async function findMessageOfPost(db: Db, post: string): Promise<PlaygroundMessage | undefined> {
  return db.selectFrom('playground_message').selectAll().where('post_id', '=', post).executeTakeFirst()
}

/** Replaces a message's card; undefined when there is no such message. */
export async function editMessage(
  tx: Db,
  id: string,
  card: string,
  now: number,
): Promise<PlaygroundMessage | undefined> {
  return tx
    .updateTable('playground_message')
    .set({ card, edited_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** The newest messages, oldest first. */
export async function latestMessages(db: Db, limit: number): Promise<PlaygroundMessage[]> {
  const rows = await db.selectFrom('playground_message').selectAll().orderBy('seq', 'desc').limit(limit).execute()
  return rows.reverse()
}

/** The newest instant that the store remembers of what happened in the playground, in epoch milliseconds; 0 for none. */
export async function newestMoment(db: Db): Promise<number> {
  const { said, edited } = await db
    .selectFrom('playground_message')
    .select(({ fn }) => [fn.max('created_at').as('said'), fn.max('edited_at').as('edited')])
    .executeTakeFirstOrThrow()
  const { made } = await db
    .selectFrom('schedule')
    .select(({ fn }) => fn.max('created_at').as('made'))
    .executeTakeFirstOrThrow()
  return Math.max(Number(said ?? 0), Number(edited ?? 0), Number(made ?? 0))
}
