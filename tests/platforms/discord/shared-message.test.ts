// A message that everybody sees, and what one person presses on it.

import { expect, it } from 'vitest'
import { present } from '../../support/builders.ts'
import { startDiscordBot } from './bot.ts'

it('a press on the weekly board shows that person a board, and leaves the post as it is', async () => {
  const { chat } = await startDiscordBot()
  const admin = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true } as const
  await chat.command(admin, 'study-admin post-now', { kind: 'leaderboard', channel: chat.channel })
  const post = present((await chat.posts()).at(-1))
  const member = { id: '300000000000000001', name: '김민지', locale: 'ko' } as const
  const shown = await chat.press(member, post, present(post.buttons[0]))
  expect(shown.isPrivate).toBe(true)
  expect(present((await chat.posts()).at(-1)).text).toBe(post.text)
})
