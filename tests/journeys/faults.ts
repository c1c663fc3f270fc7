// What the daily post must survive: one set of faults, run on each platform by its own test file. The process is real and dies for
// real; what was due is compared with what the platform shows in the end.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STAGES, type Stage, type Verdict } from '../support/crossing.ts'
import type { Ground } from '../support/ground.ts'
import { DAY, HOUR, MINUTE, openRig, type Rig, SECOND } from '../support/rig.ts'

/** More commits than any tick of one schedule has: to see that a loop over them ends. */
const MOST_COMMITS = 30
/** A test with a dozen starts of the process, on a busy machine. */
const PATIENT = 300_000

export function describeFaults(name: string, open: () => Promise<Ground>): void {
  describe(`a process on ${name} that is killed`, () => {
    let ground: Ground
    let rig: Rig
    let concepts: string
    let quizzes: string
    /** How many messages each channel must show by now. */
    const due = new Map<string, number>()

    beforeAll(async () => {
      ground = await open()
      rig = await openRig(ground)
      concepts = ground.addChannel('concepts')
      quizzes = ground.addChannel('quizzes')
      await rig.boot()
      await rig.schedule('concept', concepts, '09:00')
      await rig.schedule('quiz', quizzes, '21:00')
    }, PATIENT)
    afterAll(async () => {
      await rig?.close()
    })

    /** Goes to the next slot of a channel; the one of the other channel that lies between is let pass in peace. */
    async function nextSlot(channel: string): Promise<void> {
      for (;;) {
        const isMorning = (rig.now() - ground.start) % DAY < HOUR
        const begun = Math.floor((rig.now() - ground.start) / DAY) * DAY + ground.start
        await rig.to(isMorning ? begun + HOUR : rig.now() - begun < 13 * HOUR ? begun + 13 * HOUR : begun + DAY + HOUR)
        const now = (rig.now() - ground.start) % DAY === HOUR ? concepts : quizzes
        due.set(now, (due.get(now) ?? 0) + 1)
        if (now === channel) return
        await rig.tick()
      }
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
          if ((await rig.tick()) === 'done') {
            await rig.bot().dieAt(undefined)
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

    /** Dies while a request of its tick is at a stage. */
    async function atRequest(channel: string, which: 'isSend' | 'isEdit', stage: Stage): Promise<void> {
      await nextSlot(channel)
      let isHit = false
      const killed = ground.crossing.once(ground[which], stage, async (): Promise<Verdict> => {
        isHit = true
        await rig.bot().kill()
        return 'cut'
      })
      await rig.tick()
      await expect.poll(() => isHit, { message: 'no such request was made' }).toBe(true)
      await killed
    }

    it('at any commit of claiming, sending and posting: the slot is posted once', { timeout: PATIENT }, async () => {
      // Claim, sending, posted: before and after each.
      expect(await atEveryCommit(concepts)).toBeGreaterThanOrEqual(6)
    })

    it('at any commit of closing and asking the next question: both happen once', { timeout: PATIENT }, async () => {
      await nextSlot(quizzes)
      await rig.tick()
      // The three of posting, and closing and closed.
      expect(await atEveryCommit(quizzes)).toBeGreaterThanOrEqual(10)
    })

    it.each(STAGES)(
      'when its post is a request on its way (%s): it is posted once',
      { timeout: PATIENT },
      async (stage) => {
        for (const after of [5 * SECOND, 61 * SECOND, 10 * MINUTE, 5 * HOUR]) {
          await atRequest(concepts, 'isSend', stage)
          await recover(after)
        }
      },
    )

    it.each(STAGES)(
      'when its closing edit is a request on its way (%s): the next question comes once',
      { timeout: PATIENT },
      async (stage) => {
        await nextSlot(quizzes)
        await rig.tick()
        await atRequest(quizzes, 'isEdit', stage)
        await recover()
      },
    )

    // Back soon, within the lease; or with a clock that was set back, so that no lease means anything.
    it.each([
      ['20 seconds later', 20 * SECOND],
      ['with the clock set an hour back', -HOUR],
    ])(
      'while its request is held up on its way, and is back %s: it waits, finds the post and does not ask again',
      {
        timeout: PATIENT,
      },
      async (_, after) => {
        await nextSlot(concepts)
        const onItsWay = Promise.withResolvers<Verdict>()
        const before = ground.crossing.calls.filter(ground.isSend).length
        const arrived = Promise.withResolvers<void>()
        const passed = ground.crossing.once(ground.isSend, 'request', () => {
          arrived.resolve()
          return onItsWay.promise
        })
        const ticking = rig.tick()
        await arrived.promise
        await rig.bot().kill()
        await ticking
        await rig.revive(after)
        await rig.by(5 * SECOND)
        await rig.tick()
        expect(ground.crossing.calls.filter(ground.isSend)).toHaveLength(before + 1)
        onItsWay.resolve('go on')
        await passed
        await recover(MINUTE - after)
        expect(ground.crossing.calls.filter(ground.isSend)).toHaveLength(before + 1)
      },
    )
  })
}
