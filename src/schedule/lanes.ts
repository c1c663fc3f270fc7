// Lanes: what is sent to one channel goes one after the other, what goes to several channels goes side by side.

import type { Clock } from '../clock.ts'

/** How many requests a platform has under way at once: enough for 50 a second at 400 ms each, few enough that none waits long. */
const AT_ONCE = 20

export type Lanes = {
  /**
   * Runs `work` when everything before it on its lane is done. Resolves then, or when it is known not to run any more. Work that
   * waits already under the same key is not taken twice.
   */
  run(
    place: { readonly platform: string; readonly channel: string },
    key: string,
    work: () => Promise<void>,
  ): Promise<void>
  /** Lets go of work that has been under way for longer than `patience` milliseconds: others need not wait behind it. */
  letGo(patience: number): void
  /** Begins nothing more; resolves when what is under way is done. */
  stop(): Promise<void>
}

type Job = {
  readonly key: string
  readonly work: () => Promise<void>
  readonly done: () => void
  promise: Promise<void>
}
type Lane = { readonly name: string; readonly platform: string; readonly waiting: Job[]; running: Run | undefined }
type Run = { readonly lane: Lane; readonly since: number; readonly job: Job; ended: Promise<void> }

/** @param onError for work that rejects; the lane goes on */
export function createLanes(clock: Clock, onError: (error: unknown, key: string) => void): Lanes {
  const lanes = new Map<string, Lane>()
  const running = new Map<string, Set<Run>>()
  /** Lanes that could begin their next job, in the order they became so. */
  const ready = new Map<string, Set<Lane>>()
  let stopped = false

  function pump(platform: string): void {
    const active = of(running, platform)
    const able = of(ready, platform)
    for (const lane of able) {
      if (stopped || active.size >= AT_ONCE) return
      able.delete(lane)
      const job = lane.waiting.shift()
      if (job) begin(lane, job, active)
    }
  }

  function begin(lane: Lane, job: Job, active: Set<Run>): void {
    const run: Run = { lane, since: clock.now(), job, ended: Promise.resolve() }
    lane.running = run
    active.add(run)
    run.ended = job
      .work()
      .catch((error) => onError(error, job.key))
      .finally(() => free(run))
  }

  function free(run: Run): void {
    const { lane, job } = run
    job.done()
    // Work that was let go of has left its place already.
    if (!of(running, lane.platform).delete(run)) return
    lane.running = undefined
    if (lane.waiting.length > 0) of(ready, lane.platform).add(lane)
    else lanes.delete(lane.name)
    pump(lane.platform)
  }

  return {
    run(place, key, work) {
      if (stopped) return Promise.resolve()
      const name = JSON.stringify([place.platform, place.channel])
      const lane = lanes.get(name) ?? { name, platform: place.platform, waiting: [], running: undefined }
      lanes.set(name, lane)
      const known = [lane.running?.job, ...lane.waiting].find((job) => job?.key === key)
      if (known) return known.promise
      const { promise, resolve } = Promise.withResolvers<void>()
      lane.waiting.push({ key, work, done: resolve, promise })
      if (!lane.running) of(ready, lane.platform).add(lane)
      pump(lane.platform)
      return promise
    },
    letGo(patience) {
      for (const run of [...running.values()].flatMap((runs) => [...runs])) {
        if (Math.abs(clock.now() - run.since) > patience) free(run)
      }
    },
    async stop() {
      stopped = true
      for (const lane of lanes.values()) for (const job of lane.waiting.splice(0)) job.done()
      await Promise.all([...running.values()].flatMap((runs) => [...runs].map(({ ended }) => ended)))
    },
  }
}

function of<T>(sets: Map<string, Set<T>>, platform: string): Set<T> {
  const known = sets.get(platform)
  if (known) return known
  const made = new Set<T>()
  sets.set(platform, made)
  return made
}
