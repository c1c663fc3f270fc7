// What the daily post must survive, on a simulated Slack.

import { openSlackGround } from '../support/slack-ground.ts'
import { describeFaults } from './faults.ts'
import { describeRandomKills } from './faults-random.ts'
import { describeTrouble } from './faults-trouble.ts'

describeFaults('Slack', openSlackGround)
describeTrouble('Slack', openSlackGround)
describeRandomKills('Slack', openSlackGround)
