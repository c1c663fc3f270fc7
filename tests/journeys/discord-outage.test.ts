// Discord takes no answers for a whole minute, while its gateway goes on handing out what people press.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { present } from '../support/builders.ts'
import { openDiscordChat } from '../support/discord-chat.ts'
import { startProcess } from '../support/process.ts'
import type { Member } from './chat.ts'

const OUTAGE = 60_000
const PEOPLE = 12

const admin: Member = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true }
const member = (i: number): Member => ({
  id: String(310_000_000_000_000_000n + BigInt(i)),
  name: `참가자 ${i}`,
  locale: 'ko',
})

it('keeps every answer of a minute without REST, counts each once, and answers again after it', {
  timeout: OUTAGE + 60_000,
}, async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  const chat = await openDiscordChat()
  const bot = await startProcess({ ...chat.env, PLAYGROUND: '1', DATABASE_URL: `sqlite:${folder}/study.db` })
  onTestFinished(async () => {
    await bot.kill()
    await chat.close()
    await fs.rm(folder, { recursive: true, force: true })
  })
  await chat.ready()
  await chat.command(admin, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
  const post = present((await chat.posts()).at(-1))
  const mark = post.buttons.includes('O') ? 'O' : 'A'

  await chat.discord.fault.down()
  const people = Array.from({ length: PEOPLE }, (_, i) => member(i))
  const pressed = people.map(async (who, i) => {
    await delay((i * OUTAGE) / PEOPLE)
    // Twice: an impatient finger.
    await Promise.all([1, 2].map(() => expect(chat.press(who, post, mark)).rejects.toThrow('no answer')))
  })
  await Promise.all([delay(OUTAGE), ...pressed])
  chat.discord.fault.up()

  for (const who of people) {
    expect((await chat.press(who, post, mark)).text).toContain('처음 고른 답')
    // All three presses of this person together.
    expect((await chat.command(who, 'study score')).text).toContain('(1문제 중')
  }
  const late = (await chat.press(member(PEOPLE), post, mark)).text
  expect(late).toMatch(/정답|아쉬워/)
  expect(late).not.toContain('처음 고른 답')
})
