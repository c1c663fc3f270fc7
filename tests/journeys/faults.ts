// What the daily post must survive: one set of faults, run on each platform by its own test file. The process is real and dies for
// real; what was due is compared with what the platform shows in the end.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import { STAGES, type Stage } from '../support/crossing.ts'
import { DAY, type Ground, HOUR, MINUTE, openRig, type Rig, SECOND } from '../support/rig.ts'
import type { Moment } from '../support/store-faults.ts'

/** More commits than any tick of one schedule has: to see that a loop over them ends. */
const MOST_COMMITS = 30
/** A test with a dozen starts of the process, on a busy machine. */
const PATIENT = 300_000

export function describeFaults(name: string, open: () => Promise<Ground>): void {
  describe(`a process on ${name} that is killed`, () => {
    let ground: Ground
    let rig: Rig
    /** How many messages each channel must show by now. */
    const due = new Map<string, number>()

    beforeAll(async () => {
      ground = await open()
      rig = await openRig(ground)
      await rig.boot()
    }, PATIENT)
    afterAll(async () => {
      await rig?.close()
    })

    /** The next day's slot is due in this many channels. */
    async function nextSlot(...channels: readonly string[]): Promise<void> {
      const days = Math.floor((rig.now() - ground.start) / DAY) + 1
      await rig.to(ground.start + days * DAY + HOUR)
      for (const channel of channels) due.set(channel, (due.get(channel) ?? 0) + 1)
    }

    /** What is left behind is picked up long after every lease, and after Discord has forgotten the nonce. */
    async function recover(after = 10 * MINUTE): Promise<void> {
      await rig.revive(after)
      await rig.settle()
      await rig.judge(due)
    }

    /** Dies at the first commit boundary, the second, and so on, until a tick has no more of them; tells how many it died at. */
    async function atEveryCommit(channel: string): Promise<number> {
      let died = 0
      for (let nth = 1; nth <= MOST_COMMITS; nth++) {
        for (const when of ['before', 'after'] as const) {
          await nextSlot(channel)
          await rig.bot().dieAt({ nth, when })
          const end = await rig.tick()
          if (end === 'done') {
            await rig.settle()
            await rig.judge(due)
            return died
          }
          died += 1
          await recover()
        }
      }
      throw new Error('the tick never ended')
    }

    async function atRequest(channel: string, which: 'isSend' | 'isEdit', stage: Stage): Promise<void> {
      await nextSlot(channel)
      const killed = ground.crossing.once(ground[which], stage, async () => {
        await rig.bot().kill()
        return 'cut'
      })
      await rig.tick()
      await killed
    }

    it('at any commit of claiming, sending and posting: the slot is posted once', { timeout: PATIENT }, async () => {
      const concepts = ground.addChannel('concepts')
      await rig.schedule('concept', concepts)
      // Claim, sending, posted: before and after each.
      expect(await atEveryCommit(concepts)).toBeGreaterThanOrEqual(6)
    })

    it('at any commit of closing and asking the next question: both happen once', { timeout: PATIENT }, async () => {
      const quizzes = ground.addChannel('quizzes')
      await rig.schedule('quiz', quizzes)
      await nextSlot(quizzes)
      await rig.tick()
      // The three of posting, and closing and closed.
      expect(await atEveryCommit(quizzes)).toBeGreaterThanOrEqual(10)
    })
  })
}
