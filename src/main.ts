// Puts the bot together: config → store → content → platforms → schedule, and takes it apart again.

import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import type { Platform } from './chat/platform.ts'
import { type Clock, systemClock } from './clock.ts'
import { createBot } from './commands/dispatch.ts'
import { type Config, ConfigError, EX_CONFIG, environmentWithFile, readConfig } from './config.ts'
import { ContentError, loadLibrary } from './content/load.ts'
import { createIndex } from './content/search.ts'
import { CHANNEL, CONNECTION, createPlayground, PLAYGROUND } from './platforms/playground/platform.ts'
import { ListenError } from './platforms/playground/server.ts'
import { createDelivery } from './schedule/delivery.ts'
import { everyMinute, type Ticks } from './schedule/ticker.ts'
import { StoreError } from './store/errors.ts'
import { openStore } from './store/open.ts'
import { communityOf } from './study/membership.ts'

const CONTENT = fileURLToPath(new URL('../content', import.meta.url))

/** A running bot. */
export type Running = {
  /** Where the playground is, such as `http://127.0.0.1:3000`; undefined when it is off. */
  readonly url: string | undefined
  /** Takes nothing new, finishes what runs, closes the store. */
  stop(): Promise<void>
}

/** What a run depends on besides its configuration. */
export type Surroundings = { readonly clock: Clock; readonly ticks: Ticks; readonly log: Logger }

/**
 * Starts everything.
 *
 * @throws {StoreError | ContentError | ListenError} when something essential is wrong; nothing is left running then.
 */
export async function run(config: Config, { clock, ticks, log }: Surroundings): Promise<Running> {
  const library = await loadLibrary(CONTENT, { questions: true })
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  const store = await openStore(config.databaseUrl)
  const { random } = Math
  const { defaults } = config
  // Filled below: commands and delivery reach the platforms, which take their invocations to the commands.
  const platforms: Platform[] = []
  const delivery = createDelivery({ store, library, platforms, clock, random, log })
  const bot = createBot({ store, library, indexes, clock, random, defaults, log, platforms, delivery })

  let url: string | undefined
  if (config.playground) {
    const options = { ...config.playground, defaultLocale: defaults.locale }
    const onListening = (at: string): void => {
      url = at
    }
    platforms.push(await createPlayground({ store, clock, bot, library, log, options, onListening }))
  }
  const stopAll = async (): Promise<void> => {
    for (const platform of platforms) await platform.stop()
    await store.close()
  }
  try {
    for (const platform of platforms) await platform.start()
    if (config.playground) {
      const connection = { platform: PLAYGROUND, id: CONNECTION, name: 'Playground' }
      await delivery.postSample(await communityOf(store, connection, defaults, clock.now()), CHANNEL)
    }
    await delivery.tick()
  } catch (error) {
    await stopAll()
    throw error
  }
  let ticking = Promise.resolve()
  const ticker = ticks(() => {
    ticking = delivery.tick().catch((error) => log.error({ err: error }, 'a tick failed; the next one tries again'))
    return ticking
  })
  return {
    url,
    stop: async () => {
      await ticker.stop()
      await ticking
      await stopAll()
    },
  }
}

/** How long a stop may take before the process ends anyway. In milliseconds. */
const STOP_LIMIT = 10_000

async function main(): Promise<void> {
  const config = readConfig(environmentWithFile())
  const log = pino({ level: config.logLevel, redact: ['*.token', '*.secret', '*.authorization'] }, pino.destination(2))
  const running = await run(config, { clock: systemClock, ticks: everyMinute, log })
  if (running.url) process.stdout.write(`\n  AWS study bot: ${running.url}\n  Ctrl+C stops it.\n\n`)
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_LIMIT).unref()
    running.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'the bot did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    // What a person can mend gets its sentence; anything else is a fault of ours and gets its stack.
    const isKnown = [ConfigError, ContentError, StoreError, ListenError].some((type) => error instanceof type)
    process.stderr.write(
      `${isKnown && error instanceof Error ? error.message : error instanceof Error ? error.stack : error}\n`,
    )
    process.exit(error instanceof ConfigError ? EX_CONFIG : 1)
  }
}
