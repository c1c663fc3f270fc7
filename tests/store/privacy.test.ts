import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { noteMissed } from '../../src/study/missed.ts'
import { forget } from '../../src/study/privacy.ts'
import { describePrivacy } from '../contracts/privacy.ts'
import { type Cluster, describePostgres, startPostgres } from '../support/postgres.ts'
import { clockAt, memberOf, memoryStore } from '../support/world.ts'

describePrivacy('SQLite', memoryStore)

describePostgres('PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(() => cluster.remove())
  describePrivacy('PostgreSQL', async () => openStore(await cluster.freshUrl()))
})

it('leaves no trace of a person who was forgotten in the file of SQLite, once the bot has stopped', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const now = clockAt('2026-11-18T09:00:00+09:00').now()
  const store = await openStore(`sqlite:${folder}/study.db`)
  const bytes = () => Buffer.concat(fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name))))
  const account = { id: '987654321987654321', name: 'Gildong the Unforgettable' }
  // Enough of them that pages are split, moved and given back.
  for (let i = 0; i < 300; i++) await memberOf(store, `filler ${i}`, now)
  const member = await memberOf(store, account.id, now, { account })
  for (let i = 0; i < 300; i++) await memberOf(store, `filler ${300 + i}`, now)
  await noteMissed(store, member.community, account.name, now)
  expect(bytes().includes(account.name)).toBe(true)
  await forget(store, member)
  await store.close()
  for (const trace of [account.name, account.name.toLowerCase(), account.id, member.person]) {
    expect(bytes().includes(trace), trace).toBe(false)
  }
})
