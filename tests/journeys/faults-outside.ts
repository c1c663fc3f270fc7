// What the daily post must survive from outside: a platform that fails in many ways, and channels that are no more.

import { afterEach, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import type { Ground } from '../support/ground.ts'
import { admin, MINUTE, type Rig, SECOND } from '../support/rig.ts'
import { openScene, type Scene } from '../support/scene.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }
const UNAVAILABLE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' }
const firstMark = (buttons: readonly string[]): string => (buttons.includes('O') ? 'O' : 'A')

/** @param obstacles the names of the platform's obstacles, to name the tests by */
export function describeOutside(name: string, obstacles: readonly string[], open: () => Promise<Ground>): void {
  describe(`the daily post on ${name} survives`, { timeout: 120_000 }, () => {
    const opened: Rig[] = []
    afterEach(async () => {
      for (const rig of opened.splice(0)) await rig.close()
    })

    async function scene(kind: 'quiz' | 'concept' = 'quiz'): Promise<Scene> {
      const made = await openScene(open, kind)
      opened.push(made.rig)
      return made
    }

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
        const { rig, ground, slot, tickAt, sends, judge } = await scene()
        ground.crossing.refuse(ground.isSend, ground.tooMany(30))
        for (let minute = 0; minute < 10; minute++) await tickAt(slot(0) + minute * MINUTE)
        // It is asked when it said, not at every tick of ours.
        expect(sends()).toBeLessThanOrEqual(10)
        ground.crossing.clear()
        await judge(0)
        // The platform's library keeps its own time, which did not move.
        await rig.revive(MINUTE)
        await rig.settle()
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
    })

    describe('a channel', () => {
      it.each(obstacles)('%s: its schedule stops with the reason, its maker is told, others go on', async (name) => {
        const { rig, ground, channel: other, slot, tickAt } = await scene()
        const obstacle = present(ground.obstacles.find((each) => each.name === name))
        const channel = (obstacle.addChannel ?? ground.addChannel)('troubled')
        await rig.schedule('quiz', channel)
        await tickAt(slot(0))
        await rig.judge(
          new Map([
            [channel, 1],
            [other, 1],
          ]),
        )
        await obstacle.happen(channel)
        await tickAt(slot(1))
        const [fine, troubled] = rig.schedules()
        expect([fine?.state, troubled?.state, troubled?.paused_because]).toEqual(['active', 'paused', obstacle.reason])
        await expect.poll(() => ground.told(admin).join()).toContain('troubled')
        await rig.judge(new Map([[other, 2]]))
        if (!obstacle.undo) return
        obstacle.undo(channel)
        await ground.chat.command(admin, 'study-admin schedule resume', { number: '2' })
        await tickAt(slot(2))
        await rig.settle()
        expect(ground.history(channel)).toHaveLength(2)
        await rig.judge(new Map([[other, 3]]))
      })
    })
  })
}
