// The one test that waits for the real clock: a minute begins, node-cron ticks, and what is due is posted.

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDiscordChat } from '../support/discord-chat.ts'
import { startProcess } from '../support/process.ts'
import { admin } from '../support/rig.ts'

it('the bot as it is started for real posts when the minute of a schedule begins', { timeout: 180_000 }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'))
  const chat = await openDiscordChat()
  const bot = await startProcess({ ...chat.env, PLAYGROUND: '1', DATABASE_URL: `sqlite:${folder}/study.db` })
  onTestFinished(async () => {
    await bot.kill()
    await chat.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  await chat.ready()
  // The next minute, or the one after it when that is too close to be told of.
  const due = Temporal.Now.zonedDateTimeISO('Asia/Seoul').add({ seconds: 75 }).toPlainTime().toString().slice(0, 5)
  await chat.command(admin, 'study-admin schedule add', {
    kind: 'quiz',
    channel: chat.channel,
    time: due,
    days: '매일',
  })
  expect(await chat.posts()).toEqual([])
  await expect.poll(() => chat.posts(), { timeout: 150_000, interval: 250 }).toHaveLength(1)
  // Posted at its minute, not before.
  const posted = Temporal.Now.zonedDateTimeISO('Asia/Seoul').toPlainTime().toString().slice(0, 5)
  expect(posted).toBe(due)
})
