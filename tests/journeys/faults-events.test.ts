// The connection over which a platform tells what people do is gone for minutes, over the slot: what is due is posted once all the same.

import { afterEach, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import { openDiscordGround } from '../support/discord-ground.ts'
import type { Ground } from '../support/ground.ts'
import { MINUTE, type Rig } from '../support/rig.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { openSlackGround } from '../support/slack-ground.ts'
import type { Member } from './chat.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }
/** By the bot's clock, on both sides of the slot. */
const MINUTES = 5
/** Between two breaks of a connection that the bot opens again and again. In milliseconds. */
const EVERY = 20

const PLATFORMS: readonly (readonly [string, () => Promise<Ground>])[] = [
  ['Discord', openDiscordGround],
  ['Slack', () => openSlackGround()],
]

describe.each(PLATFORMS)('a bot whose events from %s stay away for minutes', { timeout: 120_000 }, (_, open) => {
  let rig: Rig | undefined
  let breaking: NodeJS.Timeout | undefined
  afterEach(async () => {
    clearInterval(breaking)
    await rig?.close()
  })

  async function scene(): Promise<Scene> {
    const made = await openScene(open)
    rig = made.rig
    return made
  }

  /** Whatever connection the bot opens breaks at once, until `restore`. */
  function breakEvents(ground: Ground): { restore(): Promise<void> } {
    ground.dropEvents()
    breaking = setInterval(() => ground.dropEvents(), EVERY)
    return {
      restore: async () => {
        clearInterval(breaking)
        await ground.chat.ready()
      },
    }
  }

  /** Every minute from before the slot until after it. */
  async function tickOver({ tickAt, slot }: Scene): Promise<void> {
    for (let minute = -MINUTES; minute <= MINUTES; minute++) await tickAt(slot(0) + minute * MINUTE)
  }

  async function isAnswered({ rig, ground, channel }: Scene): Promise<void> {
    const quiz = present(ground.history(channel)[0])
    await rig.press(minji, channel, quiz, quiz.buttons.includes('O') ? 'O' : 'A')
    expect(rig.seen()).toBe(1)
  }

  it('posts what is due while requests get through, and is there for the answers afterwards', async () => {
    const all = await scene()
    const events = breakEvents(all.ground)
    await tickOver(all)
    await events.restore()
    await all.rig.settle()
    await all.judge(1)
    expect(all.sends()).toBe(1)
    await isAnswered(all)
    await all.tickAt(all.slot(1))
    await all.judge(2)
  })

  it('posts once what was due while nothing got through, and not what was due too long ago', async () => {
    const all = await scene()
    const { ground, rig, slot, tickAt } = all
    const events = breakEvents(ground)
    await ground.crossing.down()
    await tickOver(all)
    expect(ground.history(all.channel)).toEqual([])
    await ground.crossing.up()
    await events.restore()
    await rig.settle()
    await all.judge(1)
    await isAnswered(all)

    const again = breakEvents(ground)
    await ground.crossing.down()
    // Its catch-up window is six hours.
    for (const hours of [0, 3, 7]) await tickAt(slot(1) + hours * 60 * MINUTE)
    await ground.crossing.up()
    await again.restore()
    await rig.settle()
    expect(ground.history(all.channel)).toHaveLength(1)
    expect(rig.posts().map(({ state }) => state)).toEqual(['closed', 'failed'])
    await tickAt(slot(2))
    expect(ground.history(all.channel)).toHaveLength(2)
  })
})
