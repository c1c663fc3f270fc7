// Indexes for erasing a community or a team: what refers to it is found without reading everybody's answers.

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.createIndex('answer_community').on('answer').column('community_id').execute()
  await schema.createIndex('practice_community').on('practice').column('community_id').execute()
  // Of a team that is deleted the database itself asks whether anything refers to it still, once for each team. Most answers are
  // for none.
  await schema.createIndex('answer_team').on('answer').column('team_id').where('team_id', 'is not', null).execute()
  await schema.createIndex('team_standing_team').on('team_standing').column('team_id').execute()
}
