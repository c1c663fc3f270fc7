// npm run standings:rebuild [-- --write]: compares the boards with the answers, and makes them anew where they differ.

import { communitiesToExport } from '../src/store/export.ts'
import { openReader, openStore } from '../src/store/open.ts'
import { type Difference, differences, rebuildStandings } from '../src/study/recount.ts'
import { print, runCommand, storeUrl } from './command-line.ts'

const USAGE = `Usage: npm run standings:rebuild [-- [--write] [--from URL]]

Adds up the answers of every community and compares the sums with what the boards show. Ends with 1 when something differs.
--write makes the boards what the answers say; with a SQLite file, stop the bot first.`

/** How many differences of a community are named; the rest are counted. */
const SHOWN = 20

await runCommand(USAGE, { write: { type: 'boolean' }, from: { type: 'string' } }, async (values) => {
  const url = storeUrl(values)
  return values['write'] === true ? write(url) : compare(url)
})

async function compare(url: string): Promise<number> {
  const store = await openReader(url)
  try {
    return await store.read(async (db) => {
      let found = 0
      for (const { id, platform, connection, name } of await communitiesToExport(db)) {
        let here = 0
        for await (const difference of differences(db, id)) {
          here += 1
          if (here <= SHOWN) print(`  ${lineOf(difference)}`)
        }
        if (here > SHOWN) print(`  … and ${here - SHOWN} more`)
        print(`${platform} ${connection} (${name}): ${here === 0 ? 'as the answers say' : `${here} standings differ`}`)
        found += here
      }
      if (found > 0) print('\nTo put them right: npm run standings:rebuild -- --write')
      return found === 0 ? 0 : 1
    })
  } finally {
    await store.close()
  }
}

async function write(url: string): Promise<number> {
  // A wrong path must not become an empty database.
  await (await openReader(url)).close()
  const store = await openStore(url, { pool: 2, unhurried: true })
  try {
    for (const { id, platform, connection, name } of await communitiesToExport(store.db)) {
      const people = await store.write((tx) => rebuildStandings(tx, id))
      print(
        `${platform} ${connection} (${name}): ${people === 0 ? 'as the answers say' : `put right for ${people} people`}`,
      )
    }
    return 0
  } finally {
    await store.close()
  }
}

function lineOf({ person, period, team, kept, counted }: Difference): string {
  const whose = team === undefined ? person : `${person} for team ${team}`
  return `${whose}, ${period}: ${kept ?? 'no'} points on the board, ${counted ?? 'no'} by the answers`
}
