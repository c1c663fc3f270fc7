// Discord, Slack and schedules: connections that close, admins, schedules, and posts that are more than quizzes.

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db

  await schema.alterTable('connection').addColumn('closed_at', 'bigint').execute()
  await schema.alterTable('connection').addColumn('secret', 'text').execute()
  await schema.alterTable('community').addColumn('guided_at', 'bigint').execute()
  await schema
    .alterTable('community')
    // Six hours: a morning's question still comes at noon, and not in the night.
    .addColumn('catch_up_minutes', 'integer', (c) => c.notNull().defaultTo(360))
    .execute()
  await schema.alterTable('community').addColumn('focus', 'text').execute()

  await schema
    .createTable('admin')
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('granted_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('admin_key', ['community_id', 'person_id'])
    .execute()
  await schema.createIndex('admin_person').on('admin').column('person_id').execute()

  await schema
    .createTable('upload')
    .addColumn('connection_id', 'text', (c) => c.notNull().references('connection.id'))
    .addColumn('image', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('file_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('upload_key', ['connection_id', 'image'])
    .execute()

  await schema
    .createTable('schedule')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('quiz', 'concept', 'leaderboard')`))
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('channel_name', 'text', (c) => c.notNull())
    .addColumn('time', 'text', (c) => c.notNull())
    .addColumn('days', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text', (c) => c.notNull())
    .addColumn('skip_dates', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('active', 'paused')`))
    .addColumn('paused_because', 'text')
    .addColumn('created_by', 'text', (c) => c.references('person.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('next_slot_at', 'bigint')
    .addColumn('next_date', 'text')
    .execute()
  // What the tick reads: only what is due, however many schedules there are.
  await schema.createIndex('schedule_due').on('schedule').column('next_slot_at').execute()
  await schema.createIndex('schedule_community').on('schedule').column('community_id').execute()
  await schema.createIndex('schedule_creator').on('schedule').column('created_by').execute()

  await rebuildPosts(db)
}

/**
 * A check cannot be changed in place on SQLite, so `post` is copied into a wider table, and `answer`, which points to it, moves along.
 * The new tables get their names at the end, when the old ones are gone.
 */
async function rebuildPosts(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('post_new')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('schedule_id', 'text', (c) => c.references('schedule.id'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('quiz', 'concept', 'leaderboard')`))
    .addColumn('state', 'text', (c) =>
      c
        .notNull()
        .check(sql`state in ('pending', 'sending', 'ambiguous', 'posted', 'closing', 'closed', 'failed', 'skipped')`),
    )
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text')
    .addColumn('topic_id', 'text')
    .addColumn('category', 'text')
    .addColumn('local_date', 'text', (c) => c.notNull())
    .addColumn('slot_date', 'text')
    .addColumn('slot_at', 'bigint', (c) => c.notNull())
    .addColumn('closes_at', 'bigint', (c) => c.notNull())
    .addColumn('lease_until', 'bigint', (c) => c.notNull())
    .addColumn('lease_owner', 'text', (c) => c.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('message_ref', 'text')
    .addColumn('failure', 'text')
    // One post a slot, whoever claims it: the rule itself.
    .addUniqueConstraint('post_of_slot', ['schedule_id', 'slot_date'])
    .execute()
  const kept = [
    ...['id', 'community_id', 'kind', 'state', 'channel', 'snapshot', 'question_id', 'category', 'local_date'],
    ...['slot_at', 'closes_at', 'lease_until', 'lease_owner', 'sent_at', 'attempts', 'message_ref', 'failure'],
  ]
  await copyRows(db, 'post', 'post_new', kept)

  await schema
    .createTable('answer_new')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('post_id', 'text', (c) => c.references('post_new.id'))
    .addColumn('practice_id', 'text', (c) => c.references('practice.id'))
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'text', (c) => c.notNull())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('category', 'text', (c) => c.notNull())
    .addColumn('level', 'integer', (c) => c.notNull())
    .addColumn('choice', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .addColumn('scored', 'integer', (c) => c.notNull())
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('team_id', 'text', (c) => c.references('team.id'))
    .addColumn('local_date', 'text', (c) => c.notNull())
    .addColumn('post_date', 'text')
    .addColumn('answered_at', 'bigint', (c) => c.notNull())
    .addCheckConstraint('answer_of_one_question', sql`(post_id is null) <> (practice_id is null)`)
    // One answer a person and post, and one a practice question: the rule itself, not a check before it.
    .addUniqueConstraint('answer_once_a_post', ['post_id', 'person_id'])
    .addUniqueConstraint('answer_once_a_practice', ['practice_id'])
    .execute()
  await copyRows(db, 'answer', 'answer_new', [
    ...['id', 'community_id', 'person_id', 'post_id', 'practice_id', 'question_id', 'revision', 'topic', 'category'],
    ...['level', 'choice', 'correct', 'scored', 'points', 'team_id', 'local_date', 'post_date', 'answered_at'],
  ])

  await schema.dropTable('answer').execute()
  await schema.dropTable('post').execute()
  await schema.alterTable('post_new').renameTo('post').execute()
  await schema.alterTable('answer_new').renameTo('answer').execute()
  await schema.createIndex('post_state').on('post').columns(['state', 'lease_until']).execute()
  // What is to be closed, among all that was ever posted.
  await schema.createIndex('post_closing').on('post').columns(['kind', 'state', 'closes_at']).execute()
  await schema.createIndex('post_day').on('post').columns(['community_id', 'kind', 'local_date']).execute()
  await schema.createIndex('answer_days').on('answer').columns(['person_id', 'community_id', 'post_date']).execute()
}

async function copyRows(db: Kysely<unknown>, from: string, to: string, columns: readonly string[]): Promise<void> {
  const list = sql.join(columns.map((column) => sql.ref(column)))
  await sql`insert into ${sql.table(to)} (${list}) select ${list} from ${sql.table(from)}`.execute(db)
}
