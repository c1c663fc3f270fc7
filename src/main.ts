// Puts the bot together: config → store → content → platforms → schedule, and takes it apart again.

import * as path from 'node:path'
import type { Logger } from 'pino'
import type { Platform } from './chat/platform.ts'
import { type Clock, systemClock } from './clock.ts'
import { createBot } from './commands/dispatch.ts'
import { type Config, ConfigError, EX_CONFIG, environmentWithFile, misspeltNames, readConfig } from './config.ts'
import { openLibrary } from './content/open.ts'
import { ContentError } from './content/problem.ts'
import { createIndex } from './content/search.ts'
import { createLog } from './log.ts'
import { NO_METRICS } from './metrics.ts'
import { healthRoutes, metricsRoutes } from './platforms/health.ts'
import { createWeb, ListenError } from './platforms/web.ts'
import { createDelivery } from './schedule/delivery.ts'
import { everyMinute, type Ticks } from './schedule/ticker.ts'
import { ROOT } from './state.ts'
import { StoreError } from './store/errors.ts'
import { openStore } from './store/open.ts'
import { timed } from './store/timed.ts'
import { communityOf } from './study/membership.ts'

const CONTENT = path.join(ROOT, 'content')

/** A running bot. */
export type Running = {
  /** Where the web server is, such as `http://127.0.0.1:3000`; undefined when nothing is served. */
  readonly url: string | undefined
  /** Where the metrics are when they have a server of their own. */
  readonly metricsUrl: string | undefined
  /** Resolves when every chat platform is connected. It never rejects, and stays open while one of them keeps trying. */
  readonly connected: Promise<void>
  /** The chat platforms of the configuration. */
  readonly platforms: readonly Pick<Platform, 'name' | 'status'>[]
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
  const library = await openLibrary(CONTENT, { questions: true })
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  const opened = await openStore(config.databaseUrl, {
    pool: config.databasePool,
    onLate: (error) => log.warn({ err: error }, 'the database is not there yet; it is tried again'),
    onTrouble: (error, what) => log.warn({ err: error }, what),
  })
  const prometheus = servesMetrics(config) ? (await import('./platforms/prometheus.ts')).createPrometheus() : undefined
  const metrics = prometheus?.metrics ?? NO_METRICS
  const store = prometheus ? timed(opened, metrics) : opened
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
  const delivery = createDelivery({ store, library, platforms, clock, steady, random, log, metrics })
  const bot = createBot({ store, library, indexes, clock, random, defaults, log, platforms, delivery, metrics })

  const remote: Platform[] = []
  /** Those, and the playground. */
  const all: Platform[] = []
  if (config.discord) {
    const { discord } = config
    const { createDiscord } = await import('./platforms/discord/client.ts')
    const defaultLocale = defaults.locale
    const onFatal = failure.resolve
    const { root } = library
    remote.push(createDiscord({ store, clock, bot, log, metrics, root, config: discord, defaultLocale, onFatal }))
  }

  const web = createWeb(config.http, log)
  const watched = { store: opened, clock, platforms: all }
  // Before the playground's, which asks for its own name and secret.
  web.routes.route('/', healthRoutes(watched))
  let isServing = false
  if (config.slack) {
    const { slack } = config
    const { createSlack } = await import('./platforms/slack/platform.ts')
    const onFatal = failure.resolve
    const onChannelGone = (team: string, channel: string) => delivery.channelGone('slack', team, channel)
    const parts = { store, clock, bot, library, log, metrics, config: slack, defaults, onFatal, onChannelGone }
    const made = createSlack(parts)
    remote.push(made.platform)
    if (made.routes) web.routes.route('/', made.routes)
    isServing = made.routes !== undefined
  }
  if (playground && config.playground) {
    const options = { ...config.playground, host: config.http.host, defaultLocale: defaults.locale }
    const skip = ownClock && ((hours: number) => ownClock.skip(hours, () => delivery.tick()))
    const made = await playground.createPlayground({ store, clock, bot, library, log, options, skip })
    platforms.push(made.platform)
    all.push(made.platform)
    web.routes.route('/', made.routes)
    // After the playground's: what it asks of others, its name and secret, it asks of Prometheus too.
    if (prometheus && !config.metrics) web.routes.route('/', metricsRoutes(watched, prometheus))
    isServing = true
  }
  all.push(...remote)
  const metricsWeb = config.metrics && prometheus && createWeb(config.metrics, log, 'METRICS_')
  metricsWeb?.routes.route('/', healthRoutes(watched))
  if (prometheus) metricsWeb?.routes.route('/', metricsRoutes(watched, prometheus))
  let url: string | undefined
  let metricsUrl: string | undefined
  const stopAll = async (): Promise<void> => {
    await Promise.all(all.map((platform) => platform.stop()))
    if (url !== undefined) await web.stop()
    if (metricsUrl !== undefined) await metricsWeb?.stop()
    await store.close()
  }
  try {
    metricsUrl = await metricsWeb?.start()
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
  const connecting = remote.map(async (platform) => {
    await platform.start()
    // What fell due while the platform was not there need not wait for the next minute.
    await tick()
  })
  for (const each of connecting) each.catch(failure.resolve)
  const ticker = ticks(tick)
  return {
    url,
    metricsUrl,
    connected: Promise.all(connecting).then(
      () => undefined,
      () => new Promise(() => undefined),
    ),
    platforms: remote,
    failed: failure.promise,
    stop: async () => {
      await ticker.stop()
      await delivery.stop()
      await stopAll()
    },
  }
}

/**
 * Metrics are served where METRICS_PORT says, else beside the playground; but never where Slack's requests come in, which everybody
 * can reach.
 */
function servesMetrics({ metrics, playground, slack }: Config): boolean {
  const isPublic = slack?.transport.kind === 'http' || slack?.installation.kind === 'many'
  return metrics !== undefined || (playground !== undefined && !isPublic)
}

/** How long a stop may take before the process ends anyway. In milliseconds. */
const STOP_LIMIT = 10_000

async function main(): Promise<void> {
  const env = environmentWithFile()
  for (const { name, meant } of misspeltNames()) {
    process.stderr.write(`.env: the bot does not read ${name}; did you mean ${meant}?\n`)
  }
  const config = readConfig(env)
  const log = createLog(config.logLevel)
  // Until something runs there is nothing to finish. As the first process of a container Node would not even hear the signal.
  let stop = (code: number): void => process.exit(code)
  process.once('SIGINT', () => stop(0))
  process.once('SIGTERM', () => stop(0))
  // A terminal that is closed.
  process.once('SIGHUP', () => stop(0))
  const running = await run(config, { clock: systemClock, ticks: everyMinute, log })
  let isStopping = false
  stop = (code) => {
    isStopping = true
    setTimeout(() => process.exit(code || 1), STOP_LIMIT).unref()
    running.stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'the bot did not stop cleanly')
        process.exit(code || 1)
      },
    )
  }
  running.failed.then((error) => {
    process.stderr.write(`${sentence(error)}\n`)
    stop(error instanceof ConfigError ? EX_CONFIG : 1)
  })
  if (running.url) process.stdout.write(`\n  AWS study bot: ${running.url}\n  Ctrl+C stops it.\n\n`)
  if (running.metricsUrl) log.info({ url: `${running.metricsUrl}/metrics` }, 'metrics are served')
  running.connected.then(() => {
    for (const line of isStopping ? [] : connections(running.platforms))
      process.stdout.write(`  AWS study bot: ${line}\n`)
  })
}

/** What became of connecting, for whoever sits at the terminal. */
export function connections(platforms: Running['platforms']): string[] {
  const named = (isStandby: boolean): string =>
    platforms
      .filter(({ status }) => (status() === 'standby') === isStandby)
      .map(({ name }) => name.replace(/^./, (letter) => letter.toUpperCase()))
      .join(' and ')
  const connected = named(false)
  const waiting = named(true)
  return [
    ...(connected ? [`connected to ${connected}.`] : []),
    ...(waiting
      ? [`stands by for ${waiting}; another process is connected, and this one takes over when that one ends.`]
      : []),
  ]
}

/** What a person can mend gets its sentence; anything else is a fault of ours and gets its stack. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isKnown = [ConfigError, ContentError, StoreError, ListenError].some((type) => error instanceof type)
  return isKnown ? error.message : (error.stack ?? error.message)
}

/** The bot of this environment, until it is stopped. What keeps it from starting ends the process with a sentence. */
export async function start(): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    process.exit(error instanceof ConfigError ? EX_CONFIG : 1)
  }
}

if (import.meta.main) await start()
