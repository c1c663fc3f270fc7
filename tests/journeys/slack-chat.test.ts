// The shared journeys on a simulated Slack.

import { startSlackBot } from '../platforms/slack/bot.ts'
import { openSlackChat } from '../platforms/slack/chat.ts'
import { memoryStore } from '../support/world.ts'
import { describeChat } from './chat.ts'

describeChat('Slack', async () => {
  const chat = await openSlackChat()
  const store = await memoryStore()
  return { chat, start: (now) => startSlackBot(chat.sim, { workspace: chat.workspace, store, now }) }
})
