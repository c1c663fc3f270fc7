// Context: what handlers are given.

import type { Logger } from 'pino'
import type { Command } from '../chat/command.ts'
import type { Platform } from '../chat/platform.ts'
import type { Clock, Random } from '../clock.ts'
import type { Library } from '../content/library.ts'
import type { SearchIndex } from '../content/search.ts'
import type { Metrics } from '../metrics.ts'
import type { Delivery } from '../schedule/delivery.ts'
import type { Store } from '../store/open.ts'
import type { Defaults } from '../study/membership.ts'

export type Context = {
  readonly store: Store
  readonly library: Library
  /** One index for each subject, by its id. */
  readonly indexes: ReadonlyMap<string, SearchIndex>
  readonly clock: Clock
  readonly random: Random
  readonly defaults: Defaults
  readonly log: Logger
  /** The platforms that are connected: for commands that look at channels. */
  readonly platforms: readonly Platform[]
  readonly delivery: Delivery
  readonly metrics?: Metrics
}

export type StudyCommand = Command<Context>
