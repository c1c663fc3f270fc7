// What the daily post must survive, on a simulated Discord.

import { openDiscordGround } from '../support/discord-ground.ts'
import { describeFaults } from './faults.ts'
import { describeRandomKills } from './faults-random.ts'
import { describeTrouble } from './faults-trouble.ts'

describeFaults('Discord', openDiscordGround)
describeTrouble('Discord', openDiscordGround)
describeRandomKills('Discord', openDiscordGround)
