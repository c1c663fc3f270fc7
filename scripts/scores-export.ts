// npm run scores:export -- --to folder: the scores of every community as CSV and JSON, while the bot runs.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { communitiesToExport, exportAnswers, exportStandings, exportTeams } from '../src/store/export.ts'
import { openReader } from '../src/store/open.ts'
import { teamAverage } from '../src/study/rules.ts'
import { print, required, runCommand, storeUrl, UsageError } from './command-line.ts'
import { BYTE_ORDER_MARK, csvLine } from './csv.ts'

const USAGE = `Usage: npm run scores:export -- --to FOLDER [--from URL]

Writes a folder for each community: standings, teams and answers, each as .csv (for a spreadsheet) and .json. They hold names and
scores: give them to nobody who may not see those. The bot may run meanwhile; every file shows the same moment.`

type Row = Readonly<Record<string, string | number | null>>

await runCommand(USAGE, { to: { type: 'string' }, from: { type: 'string' } }, async (values) => {
  const to = required(values, 'to')
  const url = storeUrl(values)
  await makeEmpty(to)
  const store = await openReader(url)
  try {
    await store.read(async (db) => {
      const communities = await communitiesToExport(db)
      if (communities.length === 0) print('There is no community yet: nothing to export.')
      for (const community of communities) {
        const folder = path.join(to, folderName(community.platform, community.connection))
        await fs.mkdir(folder)
        const standings = await write(folder, 'standings', exportStandings(db, community))
        await write(folder, 'teams', each(exportTeams(db, community), withPoints))
        const { time_zone: timeZone } = community
        const answers = await write(
          folder,
          'answers',
          each(exportAnswers(db, community), (row) => ({ ...row, answered_at: localTime(row.answered_at, timeZone) })),
        )
        const about = { ...community, exported_at: new Date().toISOString() }
        await fs.writeFile(path.join(folder, 'community.json'), `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 })
        print(`${folder}: ${community.name}, ${standings} standings, ${answers} answers`)
      }
    })
  } finally {
    await store.close()
  }
  return 0
})

async function* each<T>(rows: AsyncIterable<T>, change: (row: T) => Row): AsyncIterable<Row> {
  for await (const row of rows) yield change(row)
}

/** Beside the sum what a board shows as the points of the team: its average. */
function withPoints<T extends { readonly total: number; readonly scorers: number }>(row: T): T & { points: number } {
  const [total, scorers] = [Number(row.total), Number(row.scorers)]
  return { ...row, total, scorers, points: teamAverage(total, scorers) }
}

/** `2026-11-18T09:00:05+09:00`: the clock of the community, and no doubt about the moment. */
function localTime(instant: number, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone)
  return local.toString({ timeZoneName: 'never', fractionalSecondDigits: 0 })
}

/** Files of an earlier export would pass for ones of this. */
async function makeEmpty(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await fs.readdir(folder)).length > 0) throw new UsageError(`${folder} is not empty. Name a new folder.`)
}

/** Ids are letters and digits; whatever else one may hold has no place in a path. */
function folderName(platform: string, connection: string): string {
  return `${platform}-${connection}`.replace(/[^A-Za-z0-9-]/g, '_')
}

/** Writes rows as they come to both files; tells how many there were. */
async function write(folder: string, name: string, rows: AsyncIterable<Row>): Promise<number> {
  const csv = await fs.open(path.join(folder, `${name}.csv`), 'wx', 0o600)
  const json = await fs.open(path.join(folder, `${name}.json`), 'wx', 0o600)
  let count = 0
  let [lines, items] = [BYTE_ORDER_MARK, '[']
  const flush = async (): Promise<void> => {
    await csv.write(lines)
    await json.write(items)
    lines = items = ''
  }
  try {
    for await (const row of rows) {
      if (count === 0) lines += csvLine(Object.keys(row))
      lines += csvLine(Object.values(row))
      items += `${count === 0 ? '' : ','}\n${JSON.stringify(row)}`
      count += 1
      if (count % 1000 === 0) await flush()
    }
    items += '\n]\n'
    await flush()
  } finally {
    await csv.close()
    await json.close()
  }
  return count
}
