// The tables as types. Ids are text, instants are epoch milliseconds, local dates are YYYY-MM-DD in the community's zone.

import type { Kysely } from 'kysely'

/** A connection, or a transaction on one: every query takes it first, and inside a transaction nothing else is used. */
export type Db = Kysely<Tables>

export type Tables = {
  connection: ConnectionTable
  community: CommunityTable
  person: { id: string; created_at: number }
  account: AccountTable
  member: MemberTable
  team: TeamTable
  post: PostTable
  practice: PracticeTable
  answer: AnswerTable
  standing: StandingTable
  team_standing: TeamStandingTable
  missed_query: MissedQueryTable
  playground_message: PlaygroundMessageTable
}

export type ConnectionTable = {
  id: string
  platform: string
  external_id: string
  name: string
  created_at: number
}

export type CommunityTable = {
  id: string
  connection_id: string
  locale: string
  time_zone: string
  /** The one sample quiz of a new playground. */
  sample_post_id: string | null
  created_at: number
}

export type AccountTable = {
  id: string
  person_id: string
  platform: string
  external_id: string
  name: string
}

export type MemberTable = { community_id: string; person_id: string; team_id: string | null; joined_at: number }

export type TeamTable = {
  id: string
  community_id: string
  name: string
  /** The name without case, spaces and punctuation: unique in the community. */
  name_key: string
  created_at: number
}

export const POST_STATES = [
  'pending',
  'sending',
  'ambiguous',
  'posted',
  'closing',
  'closed',
  'failed',
  'skipped',
] as const
export type PostState = (typeof POST_STATES)[number]

export type PostTable = {
  id: string
  community_id: string
  kind: string
  state: string
  /** Where it goes: the channel on the community's platform. */
  channel: string
  /** What is posted, frozen at the claim: JSON of a QuizSnapshot. */
  snapshot: string
  question_id: string
  category: string
  /** The slot's date in the community's zone at the claim: the day it counts for in streaks. */
  local_date: string
  slot_at: number
  closes_at: number
  /** Until when one process alone may work on it. */
  lease_until: number
  lease_owner: string
  /** When the last attempt to send began. */
  sent_at: number | null
  attempts: number
  message_ref: string | null
  failure: string | null
}

export type PracticeTable = {
  id: string
  community_id: string
  person_id: string
  snapshot: string
  question_id: string
  created_at: number
}

export type AnswerTable = {
  id: string
  community_id: string
  person_id: string
  /** Exactly one of these two is set. */
  post_id: string | null
  practice_id: string | null
  question_id: string
  revision: string
  topic: string
  category: string
  level: number
  /** Index in the snapshot's order. */
  choice: number
  correct: number
  /** 1: on an open post, so it scores; 0: practice, or late. */
  scored: number
  points: number
  team_id: string | null
  local_date: string
  /** The local date of the post answered: the day it counts for in the streak. Null when it does not score. */
  post_date: string | null
  answered_at: number
}

export type StandingTable = {
  community_id: string
  /** `all`, `2026-11` or `2026-W47`. */
  period: string
  person_id: string
  points: number
  answered: number
  correct: number
}

export type TeamStandingTable = {
  community_id: string
  period: string
  team_id: string
  person_id: string
  points: number
}

/** What people of a community looked up in vain. Names nobody. */
export type MissedQueryTable = {
  community_id: string
  /** Small letters, spaces folded, shortened. */
  query: string
  count: number
  last_at: number
}

export type PlaygroundMessageTable = {
  id: string
  /** Counts up: the order in the channel. */
  seq: number
  post_id: string | null
  /** JSON of a Card. */
  card: string
  created_at: number
  edited_at: number | null
}
