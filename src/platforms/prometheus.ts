// The bot's metrics as Prometheus reads them. Loaded only where they are served; one registry for each run.
// https://prometheus.io/docs/practices/naming/

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from '../metrics.ts'
import type { PostCount } from '../store/gauges.ts'

/** What is read when Prometheus asks. */
export type Readings = {
  readonly platforms: readonly { readonly name: string; readonly isUp: boolean }[]
  /** Undefined when the store did not answer in time. */
  readonly store: { readonly posts: readonly PostCount[]; readonly slots: { due: number; overdue: number } } | undefined
}

export type Prometheus = {
  readonly metrics: Metrics
  readonly contentType: string
  /** The text of a scrape. */
  render(readings: Readings): Promise<string>
}

/** In seconds. Platforms give a command three for its first answer; what is not done by ACKNOWLEDGED_BY is acknowledged first. */
const ANSWERING = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 5, 10]
/** A slot is taken at its minute, so lag is seconds; after an absence up to the longest catch-up window. */
const LAGGING = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 21_600]
const STORING = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const WAITING = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

const yes = (is: boolean): string => (is ? 'yes' : 'no')

export function createPrometheus(): Prometheus {
  const registry = new Registry()
  const registers = [registry]
  // Of the process: CPU, memory, event loop, garbage collection.
  collectDefaultMetrics({ register: registry })
  const interactions = new Counter({
    name: 'studybot_interactions_total',
    help: 'Commands and presses, by how they ended.',
    labelNames: ['platform', 'command', 'result'],
    registers,
  })
  const interactionSeconds = new Histogram({
    name: 'studybot_interaction_seconds',
    help: 'From the receipt of a command or press until there was an answer.',
    labelNames: ['platform', 'command'],
    buckets: ANSWERING,
    registers,
  })
  const lost = new Counter({
    name: 'studybot_answers_lost_total',
    help: 'Answers that did not reach their person, or came too late.',
    labelNames: ['platform'],
    registers,
  })
  const outcomes = new Counter({
    name: 'studybot_post_outcomes_total',
    help: 'What became of posts, as this process saw it.',
    labelNames: ['kind', 'state'],
    registers,
  })
  const lag = new Histogram({
    name: 'studybot_delivery_lag_seconds',
    help: "From a post's slot to the moment it was sent.",
    labelNames: ['kind'],
    buckets: LAGGING,
    registers,
  })
  const answers = new Counter({
    name: 'studybot_answers_total',
    help: 'Questions answered; those that score were posted, and answered in time.',
    labelNames: ['right', 'scored'],
    registers,
  })
  const waits = new Histogram({
    name: 'studybot_rate_limit_wait_seconds',
    help: 'How long platforms asked to wait.',
    labelNames: ['platform'],
    buckets: WAITING,
    registers,
  })
  const stored = new Histogram({
    name: 'studybot_store_seconds',
    help: 'Write transactions with their repetitions, and queries outside of them.',
    labelNames: ['operation'],
    buckets: STORING,
    registers,
  })
  const up = new Gauge({
    name: 'studybot_platform_up',
    help: '1 when the platform is connected, or stands by on purpose.',
    labelNames: ['platform'],
    registers,
  })
  const storeUp = new Gauge({ name: 'studybot_store_up', help: '1 when the store answered in time.', registers })
  const posts = new Gauge({
    name: 'studybot_posts',
    help: 'Posts of the store whose time is not over, or was within the last day.',
    labelNames: ['kind', 'state'],
    registers,
  })
  const due = new Gauge({
    name: 'studybot_slots_due',
    help: 'Slots of the store that are due and not claimed, up to 10,000.',
    registers,
  })
  const overdue = new Gauge({
    name: 'studybot_slots_overdue',
    help: 'Those of the due slots that are due for more than two minutes.',
    registers,
  })

  return {
    metrics: {
      interaction(platform, command, result, duration) {
        interactions.inc({ platform, command, result })
        interactionSeconds.observe({ platform, command }, duration / 1000)
      },
      answerLost: (platform) => lost.inc({ platform }),
      post: (kind, state) => outcomes.inc({ kind, state }),
      lag: (kind, duration) => lag.observe({ kind }, duration / 1000),
      answer: (isRight, isScored) => answers.inc({ right: yes(isRight), scored: yes(isScored) }),
      rateLimited: (platform, duration) => waits.observe({ platform }, duration / 1000),
      store: (operation, duration) => stored.observe({ operation }, duration / 1000),
    },
    contentType: registry.contentType,
    async render({ platforms, store }) {
      for (const { name, isUp } of platforms) up.set({ platform: name }, isUp ? 1 : 0)
      storeUp.set(store ? 1 : 0)
      // What is not known is left out: an old number would look like today's.
      posts.reset()
      due.remove()
      overdue.remove()
      if (store) {
        for (const { kind, state, count } of store.posts) posts.set({ kind, state }, count)
        due.set(store.slots.due)
        overdue.set(store.slots.overdue)
      }
      return registry.metrics()
    },
  }
}
