// When a person practised each question last, and the practice question that they did not answer: read from the index alone.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.dropIndex('practice_recent').execute()
  await schema
    .createIndex('practice_question')
    .on('practice')
    .columns(['person_id', 'community_id', 'question_id', 'created_at'])
    .execute()
}
