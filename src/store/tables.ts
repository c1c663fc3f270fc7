// The tables as types. Ids are text, instants are epoch milliseconds, local dates are YYYY-MM-DD in the community's zone.

import type { Generated, Kysely } from 'kysely'

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
  admin: AdminTable
  upload: UploadTable
  schedule: ScheduleTable
  playground_message: PlaygroundMessageTable
  shard_lease: ShardLeaseTable
  shard_process: { id: string; lease_until: number }
}

export type ConnectionTable = {
  id: string
  platform: string
  external_id: string
  name: string
  created_at: number
  /** When the bot was removed from it; null while it is there. */
  closed_at: Generated<number | null>
  /** What its platform must keep to reach it, encrypted by that platform. */
  secret: Generated<string | null>
}

export type CommunityTable = {
  id: string
  connection_id: string
  locale: string
  time_zone: string
  /** The one sample quiz of a new playground. */
  sample_post_id: string | null
  created_at: number
  /** When an admin was shown the way to the first daily quiz. */
  guided_at: Generated<number | null>
  /** How late a slot may still be posted, in minutes. */
  catch_up_minutes: Generated<number>
  /** The categories that posts are chosen from: JSON of ids; null for all. */
  focus: Generated<string | null>
}

export type AccountTable = {
  id: string
  person_id: string
  platform: string
  external_id: string
}

export type MemberTable = {
  community_id: string
  person_id: string
  /** What the person is called in this community. */
  name: string
  team_id: string | null
  joined_at: number
}

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

export const POST_KINDS = ['quiz', 'concept', 'leaderboard'] as const
export type PostKind = (typeof POST_KINDS)[number]

export type PostTable = {
  id: string
  community_id: string
  /** Null for a post that no schedule asked for, or whose schedule was removed; together with `slot_date` unique. */
  schedule_id: string | null
  kind: PostKind
  state: PostState
  /** Where it goes: the channel on the community's platform. */
  channel: string
  /** What is posted, frozen at the claim: JSON of a snapshot of its kind. */
  snapshot: string
  /** Of a quiz. */
  question_id: string | null
  /** Of a concept: `aws/lambda`. */
  topic_id: string | null
  category: string | null
  /** The slot's date in the community's zone at the claim: the day it counts for in streaks. */
  local_date: string
  /** The slot's date in the schedule's own zone, which names the slot; null for a post without a slot. */
  slot_date: string | null
  slot_at: number
  /** The end of the post's turn: a quiz stops counting. */
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

/** A member who may use the admin commands without being an admin of the platform. */
export type AdminTable = { community_id: string; person_id: string; granted_at: number }

/** A picture that was uploaded to a connection once and is shown again from there. */
export type UploadTable = {
  connection_id: string
  /** Path below the content folder. */
  image: string
  /** SHA-256 of what was uploaded. */
  digest: string
  file_id: string
}

export type ScheduleTable = {
  id: string
  community_id: string
  kind: PostKind
  channel: string
  /** What the channel was called when the schedule was made: `#study`. */
  channel_name: string
  /** Local time, `HH:MM`. */
  time: string
  /** ISO weekdays in order: `12345` for Monday to Friday. */
  days: string
  /** IANA name, fixed when the schedule is made. */
  time_zone: string
  /** Local dates without a post: JSON of `YYYY-MM-DD`. */
  skip_dates: string
  state: 'active' | 'paused'
  /** Why it is paused: `admin`, `connection-closed`, or the kind of the platform's error. */
  paused_because: string | null
  /** The person to tell when it stops; null when that person was forgotten. */
  created_by: string | null
  created_at: number
  /** The next slot; null while paused. */
  next_slot_at: number | null
  next_date: string | null
}

/** Who holds a connection to Discord's gateway. There is a row for each shard, held or not. */
export type ShardLeaseTable = {
  shard: number
  /** The process; empty when nobody holds it. */
  owner: string
  lease_until: number
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
