// The least that a Discord bot can be: discord.js with the same options, and a constant for every interaction.

import { Client, ComponentType, Events, GatewayIntentBits, MessageFlags } from 'discord.js'

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
  if (interaction.isAutocomplete()) await interaction.respond(choices)
  else if (interaction.isRepliable()) await interaction.reply(answer)
})
client.on(Events.Error, (error) => process.stderr.write(`${error.stack}\n`))
process.once('SIGTERM', async () => {
  await client.destroy()
  process.exit(0)
})
await client.login(process.env['DISCORD_TOKEN'])
