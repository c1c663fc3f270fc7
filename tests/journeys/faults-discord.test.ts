// What the daily post must survive, on a simulated Discord.

import { afterEach, describe, expect, it } from 'vitest'
import { present } from '../support/builders.ts'
import { DISCORD_OBSTACLES, type DiscordGround, openDiscordGround } from '../support/discord-ground.ts'
import { admin } from '../support/rig.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { describeFaults } from './faults.ts'
import { describeInside } from './faults-inside.ts'
import { describeOutside } from './faults-outside.ts'
import { describeRandomKills } from './faults-random.ts'

describeFaults('Discord', openDiscordGround)
describeOutside('Discord', DISCORD_OBSTACLES, openDiscordGround)
describeInside('Discord', openDiscordGround)
describeRandomKills('Discord', openDiscordGround)

describe('a server on Discord', { timeout: 120_000 }, () => {
  let scene: Scene | undefined
  afterEach(async () => {
    await scene?.rig.close()
  })

  it.each(['while it runs', 'while it is away'])(
    'that removes the bot and takes it back, %s: nothing is lost',
    async (how) => {
      let ground: DiscordGround | undefined
      scene = await openScene(async () => {
        ground = await openDiscordGround()
        return ground
      }, 'concept')
      const { rig, slot, tickAt, judge } = scene
      const { chat } = present(ground)
      await tickAt(slot(0))
      if (how === 'while it is away') await rig.bot().kill()
      chat.discord.removeGuild(chat.guild)
      if (how === 'while it is away') await rig.revive(0)
      await expect.poll(() => rig.schedules()[0]?.paused_because).toBe('connection-closed')
      await tickAt(slot(1))
      await rig.to(slot(1) + 60_000)
      present(chat.discord.world.guilds.get(chat.guild)).botIsMember = true
      chat.discord.recover(chat.guild)
      await chat.ready()
      await chat.command(admin, 'study-admin schedule resume', { number: '1' })
      await tickAt(slot(2))
      await rig.settle()
      await judge(2)
    },
  )
})
