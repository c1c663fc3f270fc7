// npm run bench -- replicas [--quick]: one, two and three processes of this bot on one PostgreSQL under 100 and 300 interactions a second, in
// turn; then what people were shown is looked for in the store. Times are until the answer is shown, the simulators' own included.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import { translator } from '../../src/locales/locale.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { rebuildStandings } from '../../src/study/recount.ts'
import { startPostgres } from '../support/postgres.ts'
import { type Bot, MAIN, startBot } from './bots.ts'
import { allTimes, type Fire, type Round, runLoad } from './load.ts'
import { pickKind, sameRandom } from './mix.ts'
import { openDiscordPlace, openSlackPlace, type Place } from './replica-places.ts'
import { print, printTable, quantile, spread } from './report.ts'

const isQuick = process.argv.includes('--quick')
const REPLICAS = [1, 2, 3] as const
const ROUNDS = isQuick ? 1 : 3
const SECONDS = isQuick ? 1 : 10
/** Interactions a second. */
const RATES = [100, 300] as const
/** Before what is measured: by then what is used often is compiled. */
const WARM_UP = { perSecond: 100, seconds: isQuick ? 1 : 3 }

const t = translator('ko')
const RESULTS = [t('result.titleRight'), t('result.titleWrong')]

const folder = await fs.mkdtemp(`${os.tmpdir()}/bench-replicas-`)

type Measured = {
  readonly perSecond: number
  readonly replicas: number
  readonly round: Round
  readonly processor: number
  readonly memory: number
}

/** What people did, and were shown, since the store was made. */
type Story = { presses: number; readonly results: Set<string>; unanswered: number }

function requests(place: Place, story: Story): Fire {
  const random = sameRandom(1)
  const timed = async (shown: Promise<string | undefined>, onShown?: (text: string) => void): Promise<number> => {
    const sent = performance.now()
    const text = await shown
    const took = performance.now() - sent
    if (text !== undefined) onShown?.(text)
    else story.unanswered += 1
    return text === undefined ? Number.POSITIVE_INFINITY : took
  }
  return () => {
    const kind = pickKind(random())
    if (kind !== 'press') return { kind, took: timed(place.ask(kind, random)) }
    const { key, shown } = place.press(story.presses++)
    const onShown = (text: string): void => {
      if (RESULTS.some((title) => text.includes(title))) story.results.add(key)
    }
    return { kind, took: timed(shown, onShown) }
  }
}

/** One bot of so many processes, at each rate in turn. */
async function measure(place: Place, url: string, replicas: number, fire: Fire): Promise<Measured[]> {
  const bots: Bot[] = []
  for (let i = 0; i < replicas; i++) {
    bots.push(await startBot(MAIN, folder, { ...place.env, DATABASE_URL: url, LOG_LEVEL: 'error', PORT: '0' }))
  }
  await place.ready(replicas)
  await runLoad(WARM_UP, fire)
  const sum = async (of: (bot: Bot) => Promise<number>): Promise<number> =>
    (await Promise.all(bots.map(of))).reduce((all, each) => all + each, 0)
  const measured: Measured[] = []
  for (const perSecond of RATES) {
    globalThis.gc?.()
    const before = await sum((bot) => bot.processor())
    const round = await runLoad({ perSecond, seconds: SECONDS }, fire)
    const processor = ((await sum((bot) => bot.processor())) - before) / round.late.length
    measured.push({ perSecond, replicas, round, processor, memory: await sum((bot) => bot.memory()) })
  }
  for (const bot of bots) await bot.stop()
  return measured
}

/** What was shown against what is stored. */
async function compareWithStore(store: Store, { presses, results, unanswered }: Story, refused: number): Promise<void> {
  const rows = await store.db
    .selectFrom('answer')
    .innerJoin('account', 'account.person_id', 'answer.person_id')
    .select(['answer.post_id', 'account.external_id'])
    .where('answer.scored', '=', 1)
    .execute()
  const stored = rows.map(({ post_id, external_id }) => `${post_id} ${external_id}`)
  const kept = new Set(stored)
  const communities = await store.db.selectFrom('community').select('id').execute()
  let wrong = 0
  for (const { id } of communities) wrong += await store.write((tx) => rebuildStandings(tx, id))
  print(
    `Presses: ${presses}; results shown: ${results.size}; of these not stored: ${[...results].filter((key) => !kept.has(key)).length}; ` +
      `stored: ${kept.size}, twice: ${stored.length - kept.size}; people whose standings are not the sum of their answers: ${wrong}. ` +
      `Of everything asked, without an answer: ${unanswered}; answers that were refused: ${refused}.`,
  )
}

function figures(rounds: readonly Measured[]): string[] {
  // What had no answer is counted beside, and in no quantile.
  const answered = rounds.map(({ round }) => allTimes(round).filter(Number.isFinite))
  const at = (q: number): string =>
    spread(
      answered.map((times) => quantile(times, q)),
      'ms',
      1,
    )
  const every = answered.flat()
  const asked = rounds.reduce((sum, { round }) => sum + round.late.length, 0)
  return [
    ...[at(0.5), at(0.99), `${Math.max(...every).toFixed(0)} ms`],
    ...[String(every.filter((time) => time > 1000).length), `${asked - every.length} of ${asked}`],
    spread(
      rounds.map(({ processor }) => processor),
      'ms',
    ),
    spread(
      rounds.map(({ memory }) => memory),
      'MiB',
      0,
    ),
    `${quantile(
      rounds.flatMap(({ round }) => round.late),
      0.99,
    ).toFixed(0)} ms`,
  ]
}

async function run(open: (store: Store) => Promise<Place>, url: string): Promise<void> {
  const store = await openStore(url, { pool: 2 })
  const place = await open(store)
  const story: Story = { presses: 0, results: new Set(), unanswered: 0 }
  const fire = requests(place, story)
  const measured: Measured[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const replicas of REPLICAS) measured.push(...(await measure(place, url, replicas, fire)))
  }
  print(`\n${place.name}: ${ROUNDS} rounds of ${SECONDS} s each, in turn: median (least–most)`)
  printTable(
    [
      'a second',
      'processes',
      'p50',
      'p99',
      'slowest',
      'over 1 s',
      'no answer',
      'processor each',
      'memory of all',
      'late',
    ],
    RATES.flatMap((perSecond) =>
      REPLICAS.map((replicas) => {
        const own = measured.filter((each) => each.perSecond === perSecond && each.replicas === replicas)
        return [String(perSecond), String(replicas), ...figures(own)]
      }),
    ),
  )
  print(
    'Late: by how much the requests themselves were behind at p99; where it is not small, the machine was too busy to tell.',
  )
  await compareWithStore(store, story, place.refused())
  await place.close()
  await store.close()
}

// Its commits wait for the disk, as a server's do.
const cluster = await startPostgres([], { durable: true })
try {
  print(
    `All processes, PostgreSQL and the simulators share this machine's ${os.availableParallelism()} processors: what is shown is that ` +
      'several processes neither lose nor double anything, and what they cost, not how much more several machines would do.',
  )
  for (const open of [openSlackPlace, openDiscordPlace]) await run(open, cluster.url(await cluster.emptyDatabase()))
} finally {
  await cluster.remove()
  await fs.rm(folder, { recursive: true })
}
