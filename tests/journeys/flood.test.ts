// One person sends hundreds of commands a second at the real process; what the others get, and what it costs.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { EACH } from '../../src/commands/fair-use.ts'
import { translator } from '../../src/locales/locale.ts'
import { openReader } from '../../src/store/open.ts'
import { startControlled } from '../support/controlled.ts'
import { openDiscordChat } from '../support/discord-chat.ts'
import { type Member, NOW } from './chat.ts'

const flooder: Member = { id: '300000000000000001', name: '김홍수', locale: 'ko' }
const others: readonly Member[] = Array.from({ length: 5 }, (_, i) => ({
  id: `30000000000000001${i}`,
  name: `회원${i}`,
  locale: 'ko',
}))
/** How many commands of the flooder are under way at a time, and how many each of the others sends one after the other. */
const AT_ONCE = 40
const ASKED = 10

it('answers everybody while one person floods, who is told politely and costs the store next to nothing', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  const url = `sqlite:${folder}/study.db`
  const chat = await openDiscordChat()
  const bot = await startControlled({ ...chat.env, DATABASE_URL: url, LOG_LEVEL: 'info' }, NOW)
  onTestFinished(async () => {
    await chat.close()
    await fs.rm(folder, { recursive: true, force: true })
  })
  await bot.connected()
  await chat.ready()

  const began = performance.now()
  let isOver = false
  const answers: string[] = []
  const flood = Array.from({ length: AT_ONCE }, async () => {
    while (!isOver) answers.push((await chat.command(flooder, 'study quiz')).text)
  })
  // Each of these fails the test when Discord's three seconds pass without an answer, or something else comes.
  const asking = others.map(async (member) => {
    for (let i = 0; i < ASKED; i++) {
      expect((await chat.command(member, 'aws', { query: 'lambda' })).text).toContain('Lambda')
      if (i % 5 === 0) expect((await chat.command(member, 'study quiz')).text).not.toContain('천천히')
    }
  })
  await Promise.all(asking).finally(() => {
    isOver = true
  })
  await Promise.all(flood)
  const seconds = (performance.now() - began) / 1000
  await bot.stop()

  const polite = answers.filter((text) => text.includes(translator('ko')('error.tooFast.title')))
  const allowed = EACH.burst + Math.ceil(seconds * EACH.perSecond)
  // Without a flood this would show nothing.
  expect(answers.length).toBeGreaterThan(3 * allowed)
  expect(answers.length - polite.length).toBeLessThanOrEqual(allowed)
  const reader = await openReader(url)
  const asked = await reader.db
    .selectFrom('practice')
    .innerJoin('account', 'account.person_id', 'practice.person_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account.external_id', '=', flooder.id)
    .executeTakeFirstOrThrow()
  await reader.close()
  expect(Number(asked.count)).toBe(answers.length - polite.length)
  const lines = bot
    .logged()
    .split('\n')
    .filter((line) => line.includes('"study quiz"'))
  expect(lines.length).toBeLessThanOrEqual(allowed + others.length * ASKED + 2)
  expect(bot.logged()).toContain('held back')
  expect(bot.logged()).not.toContain(flooder.name)
})
