// The first tables: connections and people, posts and answers, standings.

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db

  await schema
    .createTable('connection')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('connection_external', ['platform', 'external_id'])
    .execute()

  await schema
    .createTable('community')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('connection_id', 'text', (c) => c.notNull().references('connection.id'))
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text', (c) => c.notNull())
    .addColumn('sample_post_id', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  // Today one community for each connection; dropping this index is all that several would need here.
  await schema.createIndex('community_connection').on('community').column('connection_id').unique().execute()

  await schema
    .createTable('person')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()

  await schema
    .createTable('account')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('platform', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addUniqueConstraint('account_external', ['platform', 'external_id'])
    .execute()
  await schema.createIndex('account_person').on('account').column('person_id').execute()

  await schema
    .createTable('team')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('team_name', ['community_id', 'name_key'])
    .execute()

  await schema
    .createTable('member')
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('team_id', 'text', (c) => c.references('team.id'))
    .addColumn('joined_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('member_key', ['community_id', 'person_id'])
    .execute()
  await schema.createIndex('member_person').on('member').column('person_id').execute()
  await schema.createIndex('member_team').on('member').column('team_id').execute()

  await schema
    .createTable('post')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('kind', 'text', (c) => c.notNull().check(sql`kind in ('quiz')`))
    .addColumn('state', 'text', (c) =>
      c
        .notNull()
        .check(sql`state in ('pending', 'sending', 'ambiguous', 'posted', 'closing', 'closed', 'failed', 'skipped')`),
    )
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('category', 'text', (c) => c.notNull())
    .addColumn('local_date', 'text', (c) => c.notNull())
    .addColumn('slot_at', 'bigint', (c) => c.notNull())
    .addColumn('closes_at', 'bigint', (c) => c.notNull())
    .addColumn('lease_until', 'bigint', (c) => c.notNull())
    .addColumn('lease_owner', 'text', (c) => c.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('message_ref', 'text')
    .addColumn('failure', 'text')
    .execute()
  // What the tick looks for, and the days of a streak.
  await schema.createIndex('post_state').on('post').columns(['state', 'lease_until']).execute()
  await schema.createIndex('post_day').on('post').columns(['community_id', 'kind', 'local_date']).execute()

  await schema
    .createTable('practice')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('snapshot', 'text', (c) => c.notNull())
    .addColumn('question_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema
    .createIndex('practice_recent')
    .on('practice')
    .columns(['person_id', 'community_id', 'created_at'])
    .execute()

  await schema
    .createTable('answer')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('post_id', 'text', (c) => c.references('post.id'))
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
    .addCheckConstraint('answer_of_one', sql`(post_id is null) <> (practice_id is null)`)
    // One answer a person and post, and one a practice question: the rule itself, not a check before it.
    .addUniqueConstraint('answer_once', ['post_id', 'person_id'])
    .addUniqueConstraint('answer_practice_once', ['practice_id'])
    .execute()
  await schema.createIndex('answer_days').on('answer').columns(['person_id', 'community_id', 'post_date']).execute()

  await schema
    .createTable('standing')
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('period', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('answered', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('standing_key', ['community_id', 'period', 'person_id'])
    .execute()
  await schema.createIndex('standing_person').on('standing').column('person_id').execute()
  await schema.createIndex('standing_rank').on('standing').columns(['community_id', 'period', 'points']).execute()

  await schema
    .createTable('team_standing')
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('period', 'text', (c) => c.notNull())
    .addColumn('team_id', 'text', (c) => c.notNull().references('team.id'))
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id'))
    .addColumn('points', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('team_standing_key', ['community_id', 'period', 'team_id', 'person_id'])
    .execute()
  await schema.createIndex('team_standing_person').on('team_standing').column('person_id').execute()

  await schema
    .createTable('missed_query')
    .addColumn('community_id', 'text', (c) => c.notNull().references('community.id'))
    .addColumn('query', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('missed_query_key', ['community_id', 'query'])
    .execute()

  await schema
    .createTable('playground_message')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'integer', (c) => c.notNull().unique())
    .addColumn('post_id', 'text', (c) => c.unique())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('edited_at', 'bigint')
    .execute()
}
