// The smallest scene for a fault: one group, one schedule, and a way through its days.

import type { Ground } from './ground.ts'
import { DAY, HOUR, openRig, type Rig } from './rig.ts'

/** One group with one schedule: the bot, its channel, and a way through its days. */
export type Scene = {
  readonly rig: Rig
  readonly ground: Ground
  readonly channel: string
  /** The nth day's slot, counted from 0. */
  readonly slot: (day: number) => number
  /** Goes to a moment and ticks. */
  readonly tickAt: (moment: number) => Promise<void>
  /** How many requests that post a message were made. */
  readonly sends: () => number
  /** Exactly so many messages in the channel, and all the rest in order. */
  readonly judge: (count: number) => Promise<void>
}

/** A group with one schedule at nine, an hour from now. */
export async function openScene(open: () => Promise<Ground>, kind: 'quiz' | 'concept' = 'quiz'): Promise<Scene> {
  const ground = await open()
  const rig = await openRig(ground)
  try {
    await rig.boot()
    const channel = ground.addChannel('daily')
    await rig.schedule(kind, channel)
    return {
      rig,
      ground,
      channel,
      slot: (day) => ground.start + day * DAY + HOUR,
      tickAt: async (moment) => {
        await rig.to(moment)
        await rig.tick()
      },
      sends: () => ground.crossing.calls.filter(ground.isSend).length,
      judge: (count) => rig.judge(new Map([[channel, count]])),
    }
  } catch (error) {
    await rig.close()
    throw error
  }
}
