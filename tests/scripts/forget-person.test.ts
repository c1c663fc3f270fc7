// The command of whoever runs the bot for somebody who cannot use /study forget-me.

import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { clockAt, memberOf } from '../support/world.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/forget-person.ts', import.meta.url))
const now = clockAt('2026-11-18T09:00:00+09:00').now()

let folder: string
let url: string
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-forget-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  url = `sqlite:${folder}/study.db`
  const store = await openStore(url)
  for (const id of ['1', '2']) await memberOf(store, id, now, { platform: 'discord' })
  await memberOf(store, '1', now, { platform: 'slack' })
  await store.close()
})

function run(database: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database }
  return new Promise((resolve) =>
    execFile(process.execPath, [SCRIPT, ...args], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    ),
  )
}

async function accounts(): Promise<string[]> {
  const store = await openStore(url)
  const rows = await store.db.selectFrom('account').select(['platform', 'external_id']).execute()
  await store.close()
  return rows.map(({ platform, external_id }) => `${platform} ${external_id}`).sort()
}

it('erases one account of one platform, and says when there is none', async () => {
  const first = await run(url, '--platform', 'discord', '--account', '1')
  expect([first.code, first.out]).toEqual([0, 'Everything about 1 is erased.\n'])
  expect(await accounts()).toEqual(['discord 2', 'slack 1'])
  const again = await run(url, '--platform', 'discord', '--account', '1')
  expect([again.code, again.out]).toEqual([1, 'Nothing is kept about 1 on discord.\n'])
})

it('tells what is missing or wrong, and makes no database where there is none', async () => {
  expect(await run(url, '--platform', 'irc', '--account', '1')).toMatchObject({ code: 64, out: '' })
  expect((await run(url, '--platform', 'slack')).err).toContain('--account is missing')
  const nowhere = await run(`sqlite:${folder}/nothing.db`, '--platform', 'slack', '--account', '1')
  expect([nowhere.code, fs.existsSync(`${folder}/nothing.db`)]).toEqual([1, false])
  expect(nowhere.err).toContain('There is no database at')
})
