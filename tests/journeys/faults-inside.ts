// What the daily post must survive on its own machine: a store that is locked, slow or full, a clock that is set, an absence.

import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import type { Verdict } from '../support/crossing.ts'
import type { Ground } from '../support/ground.ts'
import { admin, DAY, HOUR, MINUTE, type Rig, SECOND } from '../support/rig.ts'
import { openScene, type Scene } from '../support/scene.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }
const firstMark = (buttons: readonly string[]): string => (buttons.includes('O') ? 'O' : 'A')

export function describeInside(name: string, open: () => Promise<Ground>): void {
  describe(`the daily post on ${name} goes on`, { timeout: 120_000 }, () => {
    const opened: Rig[] = []
    afterEach(async () => {
      for (const rig of opened.splice(0)) await rig.close()
    })

    async function scene(kind: 'quiz' | 'concept' = 'quiz'): Promise<Scene> {
      const made = await openScene(open, kind)
      opened.push(made.rig)
      return made
    }

    describe('with a store', () => {
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
        await tickAt(slot(0))
        await rig.bot().trouble({ kind: 'full' })
        // What is free in the pages that it has may take another post or two.
        let day = 0
        while (rig.posts().length > day && day < 12) await tickAt(slot(++day))
        expect(rig.posts()).toHaveLength(day)
        // What it logs comes another way than its word that the tick is done.
        await expect.poll(() => rig.bot().logged()).toContain('is full')
        await rig.bot().trouble({ kind: 'none' })
        await tickAt(slot(day) + MINUTE)
        await rig.settle()
        await judge(day + 1)
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

    describe('with a clock', () => {
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

    describe('after an absence', () => {
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
