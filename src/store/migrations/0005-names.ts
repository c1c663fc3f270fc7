// The name of a person belongs to the community where they go by it: who is 김철수 at work may be somebody else among friends.

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('member')
    .addColumn('name', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await sql`
    update member set name = coalesce((select max(account.name) from account where account.person_id = member.person_id), '')
  `.execute(db)
  await schema.alterTable('account').dropColumn('name').execute()
}
