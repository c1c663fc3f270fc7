// A command with more text than anybody could type, which a request that was made by hand may have.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LONGEST_LINE } from '../../../src/commands/dispatch.ts'
import * as grammar from '../../../src/commands/reading/grammar.ts'
import type { Member } from '../../journeys/chat.ts'
import { type SlackBot, startSlackBot } from './bot.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

vi.mock(import('../../../src/commands/reading/grammar.ts'), { spy: true })

const junho: Member = { id: '2', name: '이준호', locale: 'ko' }

let chat: SlackChat
let bot: SlackBot
beforeEach(async () => {
  chat = await openSlackChat()
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace })
  await chat.ready()
  vi.mocked(grammar.parseText).mockClear()
})
afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

const ask = async (length: number): Promise<string> => {
  const { messages } = await chat.sim.command(chat.person(junho), '/aws', 's'.repeat(length))
  return messages[0]?.text ?? ''
}

it('is answered for its length, and not taken apart', async () => {
  expect(await ask(LONGEST_LINE + 1)).toContain(`${LONGEST_LINE}자`)
  expect(grammar.parseText).not.toHaveBeenCalled()
  expect(await ask(LONGEST_LINE)).not.toContain(`${LONGEST_LINE}자`)
  expect(grammar.parseText).toHaveBeenCalledOnce()
})
