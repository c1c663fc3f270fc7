// Kills at random: several schedules due at once, answers pressed meanwhile, and a process that dies wherever it happens to be.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STAGES, type Verdict } from '../support/crossing.ts'
import type { Ground } from '../support/ground.ts'
import { DAY, HOUR, MINUTE, openRig, type Rig, SECOND } from '../support/rig.ts'
import type { Member } from './chat.ts'

/** How many rounds, and where chance begins: the same seed makes the same choices. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 15)
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Milliseconds for one round on a busy machine. */
const A_ROUND = 30_000

/** How long it takes until somebody starts the process again: inside a lease, just past it, past Discord's memory of a nonce. */
const ABSENCES = [5 * SECOND, 30 * SECOND, 61 * SECOND, 10 * MINUTE, 2 * HOUR] as const
/** A tick of three schedules has no more commits than this. */
const COMMITS = 16
/** Such a tick takes about this long, in milliseconds. */
const TICK = 150

const members: readonly Member[] = Array.from({ length: 4 }, (_, i) => ({
  id: `30000000000000001${i}`,
  name: `참가자 ${i + 1}`,
  locale: 'ko',
}))

export function describeRandomKills(name: string, open: () => Promise<Ground>): void {
  describe(`a process on ${name} that is killed at random`, () => {
    let ground: Ground
    let rig: Rig
    const due = new Map<string, number>()
    const quizzes: string[] = []

    beforeAll(async () => {
      ground = await open()
      rig = await openRig(ground)
      await rig.boot()
      for (const kind of ['quiz', 'concept', 'quiz'] as const) {
        const channel = ground.addChannel(`${kind}-${due.size}`)
        due.set(channel, 0)
        if (kind === 'quiz') quizzes.push(channel)
        await rig.schedule(kind, channel)
      }
    }, 120_000)
    afterAll(async () => {
      await rig?.close()
    })

    /** Somebody presses a choice of the newest question of a channel, which may be over by now. */
    async function pressOne(chance: Chance): Promise<void> {
      const channel = chance.of(quizzes)
      const newest = ground.history(channel).at(-1)
      const label = newest && chance.of(newest.buttons.filter((each) => /^[A-EOX]$/.test(each)))
      if (newest && label !== undefined) await rig.press(chance.of(members), channel, newest, label)
    }

    /** Arranges a death; what was arranged in words. */
    async function arrange(chance: Chance): Promise<string> {
      const how = chance.of(['commit', 'request', 'time', 'time'] as const)
      if (how === 'commit') {
        const moment = { nth: 1 + chance.below(COMMITS), when: chance.of(['before', 'after'] as const) }
        await rig.bot().dieAt(moment)
        return `${moment.when} commit ${moment.nth}`
      }
      if (how === 'request') {
        const stage = chance.of(STAGES)
        const which = chance.of(['isSend', 'isEdit'] as const)
        const victim = rig.bot()
        void ground.crossing.once(ground[which], stage, async (): Promise<Verdict> => {
          await victim.kill()
          return 'cut'
        })
        return `${which} ${stage}`
      }
      const after = chance.below(TICK)
      setTimeout(rig.bot().shoot, after)
      return `${after} ms`
    }

    it(`${ROUNDS} times (seed ${SEED}): every slot is posted once, every answer that was shown is kept`, {
      timeout: 60_000 + ROUNDS * A_ROUND,
    }, async () => {
      const pressed: Promise<void>[] = []
      let died = 0
      for (let round = 1; round <= ROUNDS; round++) {
        const chance = chanceOf(SEED + round)
        await rig.to(ground.start + round * DAY + HOUR - SECOND)
        for (let i = chance.below(3); i > 0; i--) pressed.push(pressOne(chance))
        await rig.to(ground.start + round * DAY + HOUR)
        for (const [channel, count] of due) due.set(channel, count + 1)
        const story = [await arrange(chance)]
        for (let i = chance.below(3); i > 0; i--) pressed.push(pressOne(chance))
        if ((await rig.tick()) === 'died') died += 1
        const absence = chance.of(ABSENCES)
        story.push(`back after ${absence / SECOND} s`)
        await rig.revive(absence)
        ground.crossing.clear()
        // Sometimes it dies again while it puts things right.
        if (chance.below(3) === 0) {
          await rig.by(61 * SECOND)
          story.push(await arrange(chance))
          if ((await rig.tick()) === 'died') died += 1
          await rig.revive(chance.of(ABSENCES))
          ground.crossing.clear()
        }
        await rig.settle()
        await rig.judge(due).catch((error) => {
          throw new Error(`seed ${SEED}, round ${round} (${story.join(', ')}): ${error.message}`)
        })
      }
      await Promise.all(pressed)
      await rig.judge(due)
      console.log(
        `${name}: seed ${SEED}, ${ROUNDS} rounds, ${died} deaths in a tick, ${rig.seen()} results shown and kept`,
      )
      expect(died).toBeGreaterThan(ROUNDS / 3)
      expect(rig.seen()).toBeGreaterThan(0)
    })
  })
}

type Chance = {
  below(limit: number): number
  of<T>(choices: readonly T[]): T
}

/** mulberry32: small, and the same everywhere. */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, of: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T }
}
