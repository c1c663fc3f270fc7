// Queries: what a community was shown and asked, and what it is being asked now.

import type { Expression, ExpressionBuilder, NotNull, SqlBool } from 'kysely'
import { VISIBLE } from './posts.ts'
import type { Db, PostState, Tables } from './tables.ts'

/**
 * Whether what a post is about had its turn. What nobody was shown comes next; but what may be there is not shown twice, and what
 * the platform refuses must not be chosen again and again.
 */
function wasTaken(eb: ExpressionBuilder<Tables, 'post'>): Expression<SqlBool> {
  return eb.or([
    eb('state', 'not in', ['failed', 'skipped']),
    eb('failure', 'like', 'unknown:%'),
    eb('failure', 'like', 'fatal:%'),
  ])
}

/** The longest that a slot may still be posted after its time, in milliseconds: slots claimed later may be this much older. */
const LONGEST_CATCH_UP = 12 * 60 * 60 * 1000

/**
 * The concepts that the community was shown last, such as `aws/lambda`, the newest slot first: as many as may have come in another
 * order than their slots, since what was missed is made up for after what is newer. At the end those whose slot is still to come:
 * the clock was set back since.
 */
export async function lastConcepts(db: Db, community: string, now: number): Promise<string[]> {
  const shown = db
    .selectFrom('post')
    .where('community_id', '=', community)
    .where('kind', '=', 'concept')
    .where('topic_id', 'is not', null)
    .where(wasTaken)
    .orderBy('slot_at', 'desc')
  const newest = await shown.select('slot_at').where('slot_at', '<=', now).limit(1).executeTakeFirst()
  const since = (newest?.slot_at ?? now) - LONGEST_CATCH_UP
  const rows = await shown.select(['topic_id', 'slot_at']).where('slot_at', '>=', since).execute()
  const { past = [], ahead = [] } = Object.groupBy(rows, ({ slot_at }) => (slot_at > now ? 'ahead' : 'past'))
  return [...past, ...ahead].map(({ topic_id }) => topic_id ?? '')
}

/** How long ago the date of an open quiz can have begun, in milliseconds: it is open for a day at most, and no zone is over 12 h behind UTC. */
const LONGEST_OPEN = 36 * 60 * 60 * 1000

/** Quizzes of these communities, of a local date and later. Exported for its plan: it reads no others. */
export function latestQuizzesQuery(db: Db, communities: readonly string[], since: string) {
  return db
    .selectFrom('post')
    .select(['question_id', 'state', 'closes_at', 'failure'])
    .where('community_id', 'in', communities)
    .where('kind', '=', 'quiz')
    .where('local_date', '>=', since)
}

/** States of a quiz that can be answered, or is about to be asked. So can one of which nobody knows whether it is there. */
const TO_ANSWER: ReadonlySet<string> = new Set<PostState>(['pending', 'sending', 'ambiguous', 'posted'])

/** The questions that a person is being asked now, wherever they are a member. */
export async function openQuestions(db: Db, person: string, now: number): Promise<ReadonlySet<string>> {
  const memberships = await db.selectFrom('member').select('community_id').where('person_id', '=', person).execute()
  if (memberships.length === 0) return new Set()
  const communities = memberships.map(({ community_id }) => community_id)
  const since = new Date(now - LONGEST_OPEN).toISOString().slice(0, 10)
  const rows = await latestQuizzesQuery(db, communities, since).execute()
  const open = rows.filter(
    ({ state, closes_at, failure }) =>
      closes_at > now && (TO_ANSWER.has(state) || (failure ?? '').startsWith('unknown:')),
  )
  return new Set(open.flatMap(({ question_id }) => question_id ?? []))
}

/** The local dates on which the community had a posted quiz, newest first, and whether one of the day is still open. */
export async function quizDays(
  db: Db,
  community: string,
  now: number,
  before: string | undefined,
  limit: number,
): Promise<{ date: string; open: boolean }[]> {
  const rows = await db
    .selectFrom('post')
    .select(({ fn }) => ['local_date', fn.max('closes_at').as('last_close')])
    .where('community_id', '=', community)
    .where('kind', '=', 'quiz')
    .where('state', 'in', VISIBLE)
    .$if(before !== undefined, (query) => query.where('local_date', '<', before ?? ''))
    .groupBy('local_date')
    .orderBy('local_date', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ date: row.local_date, open: Number(row.last_close) > now }))
}

/** When each question was last posted in the community, in whatever category it was then. */
export async function lastPosted(db: Db, community: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('post')
    .select(({ fn }) => ['question_id', fn.max('slot_at').as('at')])
    .where('community_id', '=', community)
    .where('question_id', 'is not', null)
    .where(wasTaken)
    .$narrowType<{ question_id: NotNull }>()
    .groupBy('question_id')
    .execute()
  return new Map(rows.map((row) => [row.question_id, Number(row.at)]))
}
