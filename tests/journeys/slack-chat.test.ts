// The shared journeys on a simulated Slack.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { openSlackChat } from '../platforms/slack/chat.ts'
import { startControlled } from '../support/controlled.ts'
import { describeChat } from './chat.ts'

describeChat('Slack', async () => {
  const chat = await openSlackChat()
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  const env = { ...chat.env, DATABASE_URL: `sqlite:${folder}/study.db` }
  return {
    chat,
    start: async (now) => {
      const bot = await startControlled(env, now)
      await bot.connected()
      return bot
    },
  }
})
