// What the daily post must survive, on a simulated Slack.

import { afterEach, describe, expect, it } from 'vitest'
import type { Verdict } from '../support/crossing.ts'
import { admin, MINUTE } from '../support/rig.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { openSlackGround, SLACK_OBSTACLES } from '../support/slack-ground.ts'
import { describeFaults } from './faults.ts'
import { describeInside } from './faults-inside.ts'
import { describeOutside } from './faults-outside.ts'
import { describeRandomKills } from './faults-random.ts'

const open = () => openSlackGround()

describeFaults('Slack', open)
describeOutside('Slack', SLACK_OBSTACLES, open)
describeInside('Slack', open)
describeRandomKills('Slack', open)

describe('a Slack where the bot may not look into channels', { timeout: 120_000 }, () => {
  let scene: Scene | undefined
  afterEach(async () => {
    await scene?.rig.close()
  })

  it.each([
    ['lost its answer', 'effect', false, 1],
    ['lost its answer and was killed', 'effect', true, 1],
    ['was killed before it arrived', 'request', true, 0],
  ] as const)(
    'a post that %s is there at most once, its maker is told, and the next day is as ever',
    async (_, stage, dies, shown) => {
      scene = await openScene(() => openSlackGround({ history: false }))
      const { rig, ground, channel, slot, tickAt, sends } = scene
      void ground.crossing.once(ground.isSend, stage, async (): Promise<Verdict> => {
        if (dies) await rig.bot().kill()
        return 'cut'
      })
      await tickAt(slot(0))
      if (dies) await rig.revive(10 * MINUTE)
      await rig.settle()
      expect(ground.history(channel)).toHaveLength(shown)
      // It asks for one message a day in the channel, and tells one person.
      const posts = ground.crossing.calls.filter((call) => ground.isSend(call) && call.body.includes(channel))
      expect(posts).toHaveLength(1)
      expect(sends()).toBe(2)
      expect(rig.posts().map(({ state, failure }) => `${state} ${failure?.split(':')[0]}`)).toEqual(['failed unknown'])
      await expect.poll(() => ground.told(admin).join()).toContain('daily')
      await tickAt(slot(1))
      expect(ground.history(channel)).toHaveLength(shown + 1)
      expect(rig.posts().map(({ state }) => state)).toEqual(['failed', 'posted'])
    },
  )
})
