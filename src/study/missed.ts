// What people look up in vain: counted without the person, so that whoever writes content knows what to write next.

import { shorten } from '../chat/markdown.ts'
import { tidy } from '../content/normalize.ts'
import { isJoining } from '../content/pairs.ts'
import { isEmptyQuestion } from '../content/readings.ts'
import { countMissed, listMissed } from '../store/missed.ts'
import type { Store } from '../store/open.ts'
import type { Community } from './membership.ts'

/** A name of a topic is shorter; what is longer was no lookup but a sentence, and might tell about a person. */
const LONGEST = 40

/** What may be about a person and not about a topic: an address, a telephone or account number. */
const PERSONAL = /@|\d[\d\s().-]{5,}\d/

/** Counts one query that found nothing. A sentence, what may be personal, or a query that names nothing ("알려줘", "vs") is not kept. */
export async function noteMissed(store: Store, community: Community, query: string, now: number): Promise<void> {
  const text = tidy(query)
  if (isEmptyQuestion(text) || isJoining(text) || Array.from(text).length > LONGEST || PERSONAL.test(text)) return
  await store.write((tx) => countMissed(tx, community.id, text, now), { durable: false })
}

export type Missed = { readonly query: string; readonly count: number; readonly lastAt: number }

export async function missedQueries(store: Store, community: Community, limit: number): Promise<readonly Missed[]> {
  const rows = await listMissed(store.db, community.id, limit)
  return rows.map(({ query, count, last_at }) => ({ query: shorten(query, LONGEST), count, lastAt: last_at }))
}
