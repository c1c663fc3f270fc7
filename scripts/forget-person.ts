// npm run person:forget -- --platform discord --account ID: what /study forget-me does, for somebody who
// cannot use it.

import { PLATFORMS } from '../src/chat/invocation.ts'
import { openReader, openStore } from '../src/store/open.ts'
import { findAccount } from '../src/store/people.ts'
import { forget } from '../src/study/privacy.ts'
import { print, required, runCommand, storeUrl, UsageError } from './command-line.ts'

const USAGE = `Usage: npm run person:forget -- --platform discord --account 123456789012345678
       Slack: --platform slack --account T0123456-U0123456 (workspace and user)

Erases everything about one person, as /study forget-me does. With SQLite stop the bot first. The bot makes the messages that name the
person anew within a minute. Ends with 1 when nothing is kept about such an account.`

await runCommand(USAGE, { platform: { type: 'string' }, account: { type: 'string' } }, async (values) => {
  const platform = required(values, 'platform')
  const account = required(values, 'account')
  if (!PLATFORMS.some((name) => name === platform)) throw new UsageError(`--platform: one of ${PLATFORMS.join(', ')}`)
  const url = storeUrl({})
  // A wrong path must not become an empty database.
  await (await openReader(url)).close()
  const store = await openStore(url)
  try {
    const found = await findAccount(store.db, platform, account)
    if (found) await forget(store, { person: found.person_id })
    print(found ? `Everything about ${account} is erased.` : `Nothing is kept about ${account} on ${platform}.`)
    return found ? 0 : 1
  } finally {
    await store.close()
  }
})
