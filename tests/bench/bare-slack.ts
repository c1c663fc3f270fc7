// The least that a Slack app can be: Bolt with a constant for every command, press and typed letter.
// With KEEP it keeps what was pressed first, and still answers the same.

import { App } from '@slack/bolt'
import { keepOfEnv } from './keep.ts'

const keep = await keepOfEnv()
const socket = process.env['SLACK_APP_TOKEN']
const app = new App({
  token: process.env['SLACK_BOT_TOKEN'] ?? '',
  ...(socket === undefined
    ? { signingSecret: process.env['SLACK_SIGNING_SECRET'] ?? '' }
    : { appToken: socket, socketMode: true }),
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '' },
})

const answer = {
  response_type: 'ephemeral',
  text: 'AWS Lambda',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*AWS Lambda*' } }],
} as const
const options = [{ text: { type: 'plain_text', text: 'AWS Lambda' }, value: 'lambda' }] as const

app.command(/.*/, async ({ ack }) => ack({ ...answer, blocks: [...answer.blocks] }))
app.action(/.*/, async ({ ack, body, respond }) => {
  await keep?.('message' in body ? String(body.message?.ts) : '', body.user.id)
  await ack()
  await respond({ ...answer, blocks: [...answer.blocks], replace_original: false })
})
app.options(/.*/, async ({ ack }) => ack({ options: [...options] }))
process.once('SIGTERM', () => process.exit(0))
await app.start(Number(process.env['PORT'] ?? 0))
