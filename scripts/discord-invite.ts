// npm run discord:invite — prints the link that adds the bot to a server. Needs DISCORD_TOKEN; sends nothing.

import { ConfigError, EX_CONFIG, environmentWithFile, readConfig } from '../src/config.ts'
import { applicationOf, inviteLink } from '../src/platforms/discord/invite.ts'

try {
  const { discord } = readConfig(environmentWithFile())
  if (!discord) throw new ConfigError(['DISCORD_TOKEN: is not set; put the bot token into .env first'])
  process.stdout.write(`${inviteLink(applicationOf(discord.token))}\n`)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EX_CONFIG
}
