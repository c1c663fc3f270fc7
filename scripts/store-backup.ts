// npm run store:backup [-- --to file]: a consistent copy of the store, while the bot runs.

import * as fs from 'node:fs'
import * as path from 'node:path'
import { backUp } from '../src/store/backup.ts'
import { isServerUrl } from '../src/store/open.ts'
import { print, runCommand, storeUrl, UsageError } from './command-line.ts'

const USAGE = `Usage: npm run store:backup [-- [--to FILE] [--from sqlite:FILE]]

Copies the SQLite file of DATABASE_URL to FILE, by default backups/study-<time>.db beside it. The bot may run meanwhile. To restore:
stop the bot, remove the -wal and -shm of the file, copy the backup over the file with cp (so that it keeps its owner), start the bot.
PostgreSQL has its own: pg_dump --format=custom --file=study.dump postgres://…, and pg_restore (docs/data.md, "Backup").`

await runCommand(USAGE, { to: { type: 'string' }, from: { type: 'string' } }, async (values) => {
  const url = storeUrl(values)
  if (isServerUrl(url)) {
    throw new UsageError(
      'This copies SQLite files. For PostgreSQL: pg_dump --format=custom --file=study.dump postgres://…',
    )
  }
  const file = url.replace(/^sqlite:/, '')
  if (file === ':memory:') throw new UsageError('A store in memory ends with its bot: there is nothing to copy.')
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  const to =
    typeof values['to'] === 'string' ? values['to'] : path.join(path.dirname(file), 'backups', `study-${time}.db`)
  if (fs.existsSync(to)) throw new UsageError(`${to} is there already. Name another file.`)
  fs.mkdirSync(path.dirname(path.resolve(to)), { recursive: true })
  const { answers, bytes } = await backUp(url, to)
  print(`${to}: ${answers.toLocaleString('en')} answers, ${(bytes / 1e6).toFixed(1)} MB, checked.`)
  return 0
})
