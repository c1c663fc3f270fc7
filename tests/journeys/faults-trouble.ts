// What the daily post must survive besides a kill: a platform, a store, a clock and an absence, each going wrong in its way.

import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import type { Verdict } from '../support/crossing.ts'
import { admin, DAY, type Ground, HOUR, MINUTE, openRig, type Rig, SECOND } from '../support/rig.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }

const UNAVAILABLE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' }

export function describeTrouble(name: string, open: () => Promise<Ground>): void {
  describe(`the daily post on ${name} survives`, { timeout: 120_000 }, () => {
    const opened: Rig[] = []
    afterEach(async () => {
      for (const rig of opened.splice(0)) await rig.close()
    })

    type Scene = {
      readonly rig: Rig
      readonly ground: Ground
      readonly channel: string
      /** The nth day's slot, counted from 0. */
      readonly slot: (day: number) => number
      /** Goes to a moment and ticks. */
      readonly tickAt: (moment: number) => Promise<void>
      /** How many requests that post a channel's message were made. */
      readonly sends: () => number
      /** Exactly so many messages in the channel, and all the rest in order. */
      readonly judge: (count: number) => Promise<void>
    }

    /** A group with one schedule at nine, an hour from now. */
    async function scene(kind: 'quiz' | 'concept' = 'quiz'): Promise<Scene> {
      const ground = await open()
      const rig = await openRig(ground)
      opened.push(rig)
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
    }

    const firstMark = (buttons: readonly string[]): string => (buttons.includes('O') ? 'O' : 'A')

    describe('a platform', () => {
      it('whose answer is lost after it stored the message: found, and not sent again', async () => {
        const { rig, ground, slot, tickAt, sends, judge } = await scene()
        void ground.crossing.once(ground.isSend, 'effect', () => 'cut')
        await tickAt(slot(0))
        expect(rig.posts().map(({ state }) => state)).toEqual(['ambiguous'])
        await tickAt(slot(0) + 30 * SECOND)
        await tickAt(slot(0) + 61 * SECOND)
        await judge(1)
        expect(sends()).toBe(1)
      })

      it('whose answer is lost: whoever presses meanwhile gets a result, and proves that it is there', async () => {
        const { rig, ground, channel, slot, tickAt, judge } = await scene()
        void ground.crossing.once(ground.isSend, 'effect', () => 'cut')
        await tickAt(slot(0))
        const quiz = present(ground.history(channel)[0])
        await rig.press(minji, channel, quiz, firstMark(quiz.buttons))
        expect(rig.seen()).toBe(1)
        expect(rig.posts().map(({ state }) => state)).toEqual(['posted'])
        expect(ground.crossing.calls.filter(ground.isFind)).toEqual([])
        await tickAt(slot(0) + 2 * MINUTE)
        await judge(1)
      })

      it('that asks for patience again and again', async () => {
        const { ground, slot, tickAt, sends, judge } = await scene()
        ground.crossing.refuse(ground.isSend, ground.tooMany(30))
        for (let minute = 0; minute < 10; minute++) await tickAt(slot(0) + minute * MINUTE)
        // It is asked when it said, not at every tick of ours.
        expect(sends()).toBeLessThanOrEqual(10)
        ground.crossing.clear()
        await judge(0)
        // The platform's library keeps its own time, which did not move.
        await reviveAndSettle(ground)
        await judge(1)
      })

      it('that fails for ten minutes', async () => {
        const { rig, ground, slot, tickAt, judge } = await scene()
        ground.crossing.refuse(() => true, UNAVAILABLE)
        for (let minute = 0; minute < 10; minute++) await tickAt(slot(0) + minute * MINUTE)
        expect(ground.crossing.calls.length).toBeLessThan(60)
        ground.crossing.clear()
        await rig.settle()
        await judge(1)
      })

      it('that cannot be reached at the slot', async () => {
        const { rig, ground, slot, tickAt, judge } = await scene()
        await ground.crossing.down()
        await tickAt(slot(0))
        await tickAt(slot(0) + MINUTE)
        await ground.crossing.up()
        await rig.settle()
        await judge(1)
      })

      it('whose events break off at the slot', async () => {
        const { rig, ground, slot, judge } = await scene()
        await rig.to(slot(0))
        const ticking = rig.tick()
        ground.dropEvents()
        await ticking
        await ground.chat.ready()
        await rig.settle()
        await judge(1)
      })

      it('that closes yesterday’s question only after a while: the next one is not late', async () => {
        const { rig, ground, slot, tickAt, judge } = await scene()
        await tickAt(slot(0))
        ground.crossing.refuse(ground.isEdit, UNAVAILABLE)
        await tickAt(slot(1))
        expect(rig.posts().map(({ state }) => state)).toEqual(['closing', 'posted'])
        await tickAt(slot(1) + 10 * MINUTE)
        ground.crossing.clear()
        await rig.settle()
        await judge(2)
      })

      async function reviveAndSettle(ground: Ground): Promise<void> {
        const rig = present(opened.find((each) => each.ground === ground))
        await rig.revive(MINUTE)
        await rig.settle()
      }
    })

    describe('a store', () => {
      function lock(rig: Rig): () => void {
        const other = new DatabaseSync(rig.file)
        other.exec('begin immediate')
        return () => {
          other.exec('rollback')
          other.close()
        }
      }

      it('that another program holds at the slot', async () => {
        const { rig, slot, tickAt, judge } = await scene()
        const release = lock(rig)
        await tickAt(slot(0))
        release()
        await judge(0)
        await tickAt(slot(0) + MINUTE)
        await judge(1)
      })

      it('that another program holds when the platform has confirmed', async () => {
        const { rig, ground, slot, tickAt, sends, judge } = await scene()
        let release = (): void => {}
        void ground.crossing.once(ground.isSend, 'effect', () => {
          release = lock(rig)
          return 'go on'
        })
        await tickAt(slot(0))
        release()
        expect(rig.posts().map(({ state }) => state)).toEqual(['sending'])
        await rig.settle()
        await judge(1)
        expect(sends()).toBe(1)
      })

      it('that is slow', async () => {
        const { rig, ground, channel, slot, tickAt, judge } = await scene()
        await rig.bot().trouble({ kind: 'slow', ms: 400 })
        await tickAt(slot(0))
        const quiz = present(ground.history(channel)[0])
        await rig.press(minji, channel, quiz, firstMark(quiz.buttons))
        expect(rig.seen()).toBe(1)
        await judge(1)
      })

      it('that is full at the slot', async () => {
        const { rig, slot, tickAt, judge } = await scene()
        await rig.bot().trouble({ kind: 'full' })
        await tickAt(slot(0))
        expect(rig.bot().logged()).toContain('is full')
        await judge(0)
        await rig.bot().trouble({ kind: 'none' })
        await tickAt(slot(0) + MINUTE)
        await judge(1)
      })

      it('that is full when somebody answers: nothing is shown that was not kept', async () => {
        const { rig, ground, channel, slot, tickAt, judge } = await scene()
        await tickAt(slot(0))
        const quiz = present(ground.history(channel)[0])
        await rig.bot().trouble({ kind: 'full' })
        for (let i = 0; i < 5; i++) {
          const member = { ...minji, id: `30000000000000002${i}`, name: '가'.repeat(30 + i) }
          await rig.press(member, channel, quiz, firstMark(quiz.buttons))
        }
        await rig.bot().trouble({ kind: 'none' })
        await rig.press(minji, channel, quiz, firstMark(quiz.buttons))
        expect(rig.seen()).toBeGreaterThan(0)
        await judge(1)
      })
    })

    describe('a clock', () => {
      it('that is set an hour forward and back before the slot', async () => {
        const { slot, tickAt, judge } = await scene()
        await tickAt(slot(0) - 30 * MINUTE)
        await tickAt(slot(0) + 30 * MINUTE)
        await tickAt(slot(0) - 30 * MINUTE)
        await tickAt(slot(0))
        await judge(1)
        await tickAt(slot(1))
        await judge(2)
      })

      it('that is set an hour back after the slot, and a process that starts again then', async () => {
        const { rig, slot, tickAt, judge } = await scene()
        await tickAt(slot(0))
        await rig.revive(-HOUR)
        await tickAt(slot(0))
        await judge(1)
        await tickAt(slot(1))
        await judge(2)
      })

      it('that is set an hour back, and a schedule that is stopped and started again then', async () => {
        const { rig, ground, slot, tickAt, judge } = await scene()
        await tickAt(slot(0))
        await rig.to(slot(0) - HOUR)
        await ground.chat.command(admin, 'study-admin schedule pause', { number: '1' })
        await ground.chat.command(admin, 'study-admin schedule resume', { number: '1' })
        await tickAt(slot(0))
        await judge(1)
        await tickAt(slot(1))
        await judge(2)
      })

      it.each([
        ['forward', HOUR],
        ['back', -HOUR],
      ])('that is set an hour %s while a post is on its way', async (_, step) => {
        const { rig, ground, slot, judge } = await scene('concept')
        const arrived = Promise.withResolvers<void>()
        const onItsWay = Promise.withResolvers<Verdict>()
        const passed = ground.crossing.once(ground.isSend, 'request', () => {
          arrived.resolve()
          return onItsWay.promise
        })
        await rig.to(slot(0))
        const first = rig.tick()
        await arrived.promise
        await rig.to(slot(0) + step)
        const second = rig.tick()
        const third = rig.by(MINUTE).then(() => rig.tick())
        // What the later ticks ask of the platform, they ask before the first post is let through.
        await Promise.race([Promise.all([second, third]), moment(2 * SECOND)])
        onItsWay.resolve('go on')
        await passed
        await Promise.all([first, second, third])
        await rig.settle()
        await judge(1)
      })

      it('that runs on while the process is held up: it sends nothing on a lease that is nearly over', async () => {
        const { rig, slot, tickAt, sends, judge } = await scene()
        await rig.to(slot(0))
        await rig.bot().holdUpAt({ nth: 2, when: 'after' }, 50 * SECOND)
        await rig.tick()
        expect(sends()).toBe(0)
        await tickAt(slot(0) + 2 * MINUTE)
        await judge(1)
      })
    })

    describe('an absence', () => {
      it.each([1, 3, 30])('over %i slots: the newest is posted, the others are written down', async (slots) => {
        const { rig, ground, channel, slot, tickAt, judge } = await scene()
        await tickAt(slot(0))
        const quiz = present(ground.history(channel)[0])
        await rig.press(minji, channel, quiz, firstMark(quiz.buttons))
        await rig.revive(slots * DAY + 30 * MINUTE)
        await rig.settle()
        await judge(2)
        const states = rig.posts().map(({ state }) => state)
        expect(states).toEqual(['closed', ...Array(slots - 1).fill('skipped'), 'posted'])
        await tickAt(slot(slots + 1))
        await judge(3)
      })

      it('past the window in which a post still makes sense: it is left out', async () => {
        const { rig, slot, tickAt, judge } = await scene()
        await rig.revive(8 * HOUR)
        await rig.settle()
        await judge(0)
        expect(rig.posts().map(({ state }) => state)).toEqual(['skipped'])
        await tickAt(slot(1))
        await judge(1)
      })
    })
  })
}

/** For requests that may or may not come: nothing says that they will not. */
function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
