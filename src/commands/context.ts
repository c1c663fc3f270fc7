// Context: what handlers are given.

import type { Logger } from 'pino'
import type { Command } from '../chat/command.ts'
import type { Clock, Random } from '../clock.ts'
import type { Library } from '../content/library.ts'
import type { SearchIndex } from '../content/search.ts'
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
}

export type StudyCommand = Command<Context>
