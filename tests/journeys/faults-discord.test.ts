// What the daily post must survive, on a simulated Discord.

import { openDiscordGround } from '../support/discord-ground.ts'
import { describeFaults } from './faults.ts'

describeFaults('Discord', openDiscordGround)
