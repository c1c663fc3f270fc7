// npm run store:move -- --from URL --to URL: every row of one database into another, empty one.

import { moveStore } from '../src/store/move.ts'
import { checkedUrl, print, progress, required, runCommand } from './command-line.ts'

const USAGE = `Usage: npm run store:move -- --from sqlite:data/study.db --to postgres://user@host:5432/study
       and the other way round.

Copies everything in one transaction, reads it back and compares every table. Stop the bot first. The target must be empty; the
source stays as it is. A password comes from ~/.pgpass or PGPASSWORD: other users can read a command. Afterwards set DATABASE_URL
to the new one and start the bot.`

await runCommand(USAGE, { from: { type: 'string' }, to: { type: 'string' } }, async (values) => {
  const from = checkedUrl('from', required(values, 'from'))
  const to = checkedUrl('to', required(values, 'to'))
  const began = performance.now()
  const moved = await moveStore(from, to, (table, rows, total) =>
    progress(`${table}: ${rows.toLocaleString('en')} of ${total.toLocaleString('en')}`),
  )
  progress('')
  for (const { table, rows, checksum } of moved) {
    print(`${table.padEnd(20)}${rows.toLocaleString('en').padStart(12)} rows   ${checksum}`)
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  print(`\nMoved and compared in ${seconds} s. Now set DATABASE_URL to the new database and start the bot.`)
  return 0
})
