// Puts the bot together: config → store → content → platforms → schedule, and takes it apart again.

import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import type { Platform } from './chat/platform.ts'
import { type Clock, systemClock } from './clock.ts'
import { createBot } from './commands/dispatch.ts'
import { type Config, ConfigError, EX_CONFIG, environmentWithFile, readConfig } from './config.ts'
import { ContentError, loadLibrary } from './content/load.ts'
import { createIndex } from './content/search.ts'
import { createWeb, ListenError } from './platforms/web.ts'
import { createDelivery } from './schedule/delivery.ts'
import { everyMinute, type Ticks } from './schedule/ticker.ts'
import { StoreError } from './store/errors.ts'
import { openStore } from './store/open.ts'
import { communityOf } from './study/membership.ts'

const CONTENT = fileURLToPath(new URL('../content', import.meta.url))

/** A running bot. */
export type Running = {
  /** Where the web server is, such as `http://127.0.0.1:3000`; undefined when nothing is served. */
  readonly url: string | undefined
  /** Resolves when every chat platform is connected. It never rejects, and stays open while one of them keeps trying. */
  readonly connected: Promise<void>
  /** Resolves when something happened that the bot cannot go on after; the error says what to do. */
  readonly failed: Promise<Error>
  /** Takes nothing new, finishes what runs, closes the store. */
  stop(): Promise<void>
}

/** What a run depends on besides its configuration. */
export type Surroundings = { readonly clock: Clock; readonly ticks: Ticks; readonly log: Logger }

/**
 * Starts everything. Chat platforms connect in the background: one that is late keeps neither the others nor the playground waiting.
 *
 * @throws {StoreError | ContentError | ListenError} when something essential is wrong; nothing is left running then.
 */
export async function run(config: Config, { clock: real, ticks, log }: Surroundings): Promise<Running> {
  const library = await loadLibrary(CONTENT, { questions: true })
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  const store = await openStore(config.databaseUrl, {
    pool: config.databasePool,
    onLate: (error) => log.warn({ err: error }, 'the database is not there yet; it is tried again'),
  })
  const { random } = Math
  const { defaults } = config
  // Platforms are loaded where they are used only: the library of one takes as long to load as all of the notes.
  const playground = config.playground && (await import('./platforms/playground/platform.ts'))
  // Alone, the playground may set its clock forward; a chat platform's clock is everybody's.
  const ownClock = config.discord || config.slack ? undefined : await playground?.playgroundClock(store, real)
  const clock = ownClock ?? real
  const failure = Promise.withResolvers<Error>()
  // Filled below: commands and delivery reach the platforms, which take their invocations to the commands.
  const platforms: Platform[] = []
  const steady: Clock = { now: () => performance.now() }
  const delivery = createDelivery({ store, library, platforms, clock, steady, random, log })
  const bot = createBot({ store, library, indexes, clock, random, defaults, log, platforms, delivery })

  const remote: Platform[] = []
  if (config.discord) {
    const { discord } = config
    const { createDiscord } = await import('./platforms/discord/client.ts')
    const defaultLocale = defaults.locale
    const onFatal = failure.resolve
    remote.push(createDiscord({ store, clock, bot, log, root: library.root, config: discord, defaultLocale, onFatal }))
  }

  const web = createWeb(config.http)
  let isServing = false
  if (config.slack) {
    const { slack } = config
    const { createSlack } = await import('./platforms/slack/platform.ts')
    const onFatal = failure.resolve
    const onChannelGone = (team: string, channel: string) => delivery.channelGone('slack', team, channel)
    const parts = { store, clock, bot, library, log, config: slack, defaults, onFatal, onChannelGone }
    const made = await createSlack(parts)
    remote.push(made.platform)
    // Before the playground's, which asks for its own name and secret.
    if (made.routes) web.routes.route('/', made.routes)
    isServing = made.routes !== undefined
  }
  if (playground && config.playground) {
    const options = { ...config.playground, host: config.http.host, defaultLocale: defaults.locale }
    const skip = ownClock && ((hours: number) => ownClock.skip(hours, () => delivery.tick()))
    const made = await playground.createPlayground({ store, clock, bot, library, log, options, skip })
    platforms.push(made.platform)
    web.routes.route('/', made.routes)
    isServing = true
  }
  let url: string | undefined
  const stopAll = async (): Promise<void> => {
    await Promise.all([...new Set([...platforms, ...remote])].map((platform) => platform.stop()))
    if (url !== undefined) await web.stop()
    await store.close()
  }
  try {
    if (isServing) url = await web.start()
    if (playground) {
      const connection = { platform: playground.PLAYGROUND, id: playground.CONNECTION, name: 'Playground' }
      await delivery.postSample(await communityOf(store, connection, defaults, clock.now()), playground.CHANNEL)
    }
    await delivery.tick()
  } catch (error) {
    await stopAll()
    throw error
  }

  // Not before: the first tick would try what cannot be reached yet, and wait for it.
  platforms.push(...remote)
  const tick = (): Promise<void> =>
    delivery.tick().catch((error) => log.error({ err: error }, 'a tick failed; the next one tries again'))
  const ticker = ticks(tick)
  const connecting = remote.map(async (platform) => {
    await platform.start()
    // What fell due while the platform was not there need not wait for the next minute.
    await tick()
  })
  for (const each of connecting) each.catch(failure.resolve)
  return {
    url,
    connected: Promise.all(connecting).then(
      () => undefined,
      () => new Promise(() => undefined),
    ),
    failed: failure.promise,
    stop: async () => {
      await ticker.stop()
      await delivery.stop()
      await stopAll()
    },
  }
}

/** How long a stop may take before the process ends anyway. In milliseconds. */
const STOP_LIMIT = 10_000

/** Errors of a platform's library carry the whole request: its token, what it said, its pictures byte by byte. */
const REDACTED = ['*.token', '*.secret', '*.authorization', 'err.url', 'err.requestBody']

async function main(): Promise<void> {
  const config = readConfig(environmentWithFile())
  const log = pino({ level: config.logLevel, redact: REDACTED }, pino.destination(2))
  const running = await run(config, { clock: systemClock, ticks: everyMinute, log })
  const stop = (code: number): void => {
    setTimeout(() => process.exit(code || 1), STOP_LIMIT).unref()
    running.stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'the bot did not stop cleanly')
        process.exit(code || 1)
      },
    )
  }
  process.once('SIGINT', () => stop(0))
  process.once('SIGTERM', () => stop(0))
  running.failed.then((error) => {
    process.stderr.write(`${sentence(error)}\n`)
    stop(error instanceof ConfigError ? EX_CONFIG : 1)
  })
  if (running.url) process.stdout.write(`\n  AWS study bot: ${running.url}\n  Ctrl+C stops it.\n\n`)
  const names = [config.discord && 'Discord', config.slack && 'Slack'].filter(Boolean)
  if (names.length > 0) {
    running.connected.then(() => process.stdout.write(`  AWS study bot: connected to ${names.join(' and ')}.\n`))
  }
}

/** What a person can mend gets its sentence; anything else is a fault of ours and gets its stack. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isKnown = [ConfigError, ContentError, StoreError, ListenError].some((type) => error instanceof type)
  return isKnown ? error.message : (error.stack ?? error.message)
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    process.exit(error instanceof ConfigError ? EX_CONFIG : 1)
  }
}
