// The least that a Discord bot can be: discord.js with the same options, and a constant for every interaction.
// With KEEP it keeps what was pressed first, and still answers the same.

import { Client, ComponentType, Events, GatewayIntentBits, MessageFlags } from 'discord.js'
import { keepOfEnv } from './keep.ts'

const keep = await keepOfEnv()

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  allowedMentions: { parse: [], repliedUser: false },
  rest: { api: process.env['DISCORD_API_URL'] ?? '' },
})

const answer = {
  flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral,
  components: [
    { type: ComponentType.Container, components: [{ type: ComponentType.TextDisplay, content: '## AWS Lambda' }] },
  ],
} as const
const choices = [{ name: 'AWS Lambda', value: 'lambda' }]

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isButton()) await keep?.(interaction.message.id, interaction.user.id)
  if (interaction.isAutocomplete()) await interaction.respond(choices)
  else if (interaction.isRepliable()) await interaction.reply(answer)
})
client.on(Events.Error, (error) => process.stderr.write(`${error.stack}\n`))
process.once('SIGTERM', async () => {
  await client.destroy()
  process.exit(0)
})
await client.login(process.env['DISCORD_TOKEN'])
