// The simulator against the real discord.js: getting ready, and commands.

import {
  type Client,
  type ClientOptions,
  MessageFlags,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Discord, Person } from './discord.ts'
import { answer, card, connect, newClient, type TestClient } from './test-client.ts'

const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const mina: Person = { id: '1400000000000000010', name: 'mina', locale: 'ko', guild: GUILD, channel: CHANNEL }

const COMMANDS: RESTPutAPIApplicationCommandsJSONBody = [
  {
    name: 'aws',
    description: 'Look a topic up',
    description_localizations: { ko: '주제 찾기' },
    options: [{ type: 3, name: 'query', description: 'A word', autocomplete: true }],
    contexts: [0, 1],
  },
  {
    name: 'study',
    description: 'Study together',
    options: [
      {
        type: 1,
        name: 'score',
        description: 'Points',
        options: [{ type: 6, name: 'member', description: 'Who', required: true }],
      },
      {
        type: 2,
        name: 'team',
        description: 'Teams',
        options: [
          {
            type: 1,
            name: 'list',
            description: 'All teams',
            options: [{ type: 3, name: 'period', description: 'When', choices: [{ name: 'week', value: 'week' }] }],
          },
        ],
      },
    ],
  },
  { name: 'study-admin', description: 'For admins', default_member_permissions: '32', contexts: [0] },
]

let bot: TestClient
let sim: Discord
let client: Client<true>
beforeAll(async () => {
  bot = await connect({ ackDeadline: 400, answerLimit: 5000 }, (fresh) => {
    fresh.addGuild({ id: GUILD, name: 'study group', locale: 'ko', channels: [{ id: CHANNEL, name: 'quiz' }] })
  })
  sim = bot.sim
  client = bot.client
  await client.rest.put(Routes.applicationCommands(sim.applicationId), { body: COMMANDS })
})
afterAll(() => bot.stop())

describe('getting ready', () => {
  test('login brings the guild, its channels and what the bot may do there', () => {
    const guild = client.guilds.cache.get(GUILD)
    expect(guild).toMatchObject({ name: 'study group', preferredLocale: 'ko', available: true })
    expect(guild?.members.me?.permissionsIn(CHANNEL).has('SendMessages')).toBe(true)
    expect(guild?.members.me?.permissionsIn(CHANNEL).has('ManageGuild')).toBe(false)
  })

  test('the session asked for the Guilds intent only', () => {
    expect(sim.sessions.started).toMatchObject([{ intents: 1, shard: [0, 1] }])
  })

  test('each of two shards gets its own guilds', async () => {
    const other = sim.addGuild({ id: String(BigInt(GUILD) + (1n << 22n)) })
    const options: Partial<ClientOptions> = { shards: [1], shardCount: 2 }
    const shard = newClient(sim, options)
    const ready = new Promise<void>((resolve) => shard.once('clientReady', () => resolve()))
    await shard.login(sim.token)
    await ready
    const odd = [GUILD, other.id].filter((id) => (BigInt(id) >> 22n) % 2n === 1n)
    expect([...shard.guilds.cache.keys()]).toEqual(odd)
    await shard.destroy()
    sim.removeGuild(other.id)
  })
})

describe('commands', () => {
  test('what was put is what is got, with defaults filled in', async () => {
    const url = Routes.applicationCommands(sim.applicationId)
    const put = await client.rest.put(url, { body: COMMANDS })
    const got = await client.rest.get(url, { query: new URLSearchParams({ with_localizations: 'true' }) })
    expect(got).toEqual(put)
    expect(got).toMatchObject([
      {
        name: 'aws',
        description_localizations: { ko: '주제 찾기' },
        name_localizations: null,
        nsfw: false,
        integration_types: [0],
      },
      { name: 'study', dm_permission: true, contexts: null, default_member_permissions: null },
      { name: 'study-admin', default_member_permissions: '32', contexts: [0] },
    ])
    expect(JSON.stringify(await client.rest.get(url))).not.toContain('localizations')
  })

  test('a slash command is answered with components, and the text is in the reply', async () => {
    answer(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return
      const { locale, guildLocale, options, appPermissions, memberPermissions } = interaction
      const may = `${appPermissions.has('SendMessages')} ${memberPermissions?.has('ManageGuild')}`
      await interaction.reply(card(`${options.getString('query')} ${locale} ${guildLocale} ${may}`))
    })
    const outcome = await sim.command(mina, 'aws', { query: 'lambda' })
    expect(outcome.status).toBe('answered')
    expect(outcome.callbackMs).toBeGreaterThan(0)
    expect(outcome.reply?.components[0]?.components?.[0]?.content).toBe('lambda ko ko true false')
    expect(sim.history(CHANNEL).at(-1)?.id).toBe(outcome.reply?.id)
  })

  test('a private answer after deferring is the edited reply, and is not in the channel', async () => {
    answer(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return
      await interaction.deferReply({ flags: MessageFlags.Ephemeral })
      await interaction.editReply(card('later'))
      await interaction.followUp({ ...card('more'), flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral })
    })
    const outcome = await sim.command(mina, 'aws')
    expect(outcome.status).toBe('deferred')
    expect(outcome.reply?.flags).toBe(MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral)
    await expect.poll(() => outcome.followUps.length).toBe(1)
    expect(sim.history(CHANNEL).some(({ id }) => id === outcome.reply?.id)).toBe(false)
  })

  test('withResponse gives the message that was made', async () => {
    let made: string | undefined
    answer(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return
      const response = await interaction.reply({ ...card('hello'), withResponse: true })
      made = response.resource?.message?.id
    })
    const { reply } = await sim.command(mina, 'aws')
    await expect.poll(() => made).toBe(reply?.id)
  })

  test('subcommands, groups and users arrive as discord.js reads them', async () => {
    const seen: unknown[] = []
    answer(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return
      const { options } = interaction
      seen.push([
        options.getSubcommandGroup(),
        options.getSubcommand(),
        options.getUser('member')?.username,
        options.getString('period'),
      ])
      await interaction.reply(card('ok'))
    })
    await sim.command(mina, 'study score', { member: { user: { id: '1400000000000000011', name: 'jun' } } })
    await sim.command(mina, 'study team list', { period: 'week' })
    expect(seen).toEqual([
      [null, 'score', 'jun', null],
      ['team', 'list', undefined, 'week'],
    ])
  })

  test('a direct message has no guild', async () => {
    answer(client, async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.reply(card(`${interaction.guildId} ${interaction.context}`))
    })
    const { guild: _, ...alone } = mina
    const { reply } = await sim.command({ ...alone, channel: '1400000000000000020' }, 'aws')
    expect(reply?.components[0]?.components?.[0]?.content).toBe('null 1')
  })

  test.each([
    ['that is not registered', 'nothing', {}, 'not registered'],
    ['without a required option', 'study score', {}, 'needs member'],
    ['with an unknown option', 'aws', { word: 'x' }, 'no option word'],
    ['with an unknown choice', 'study team list', { period: 'year' }, 'no choice year'],
    ['that only has subcommands', 'study', {}, 'has subcommands'],
    ['shown to managers only', 'study-admin', {}, 'not shown'],
  ])('nobody can send a command %s', async (_, path, options, message) => {
    await expect(sim.command(mina, path, options)).rejects.toThrow(message)
  })

  test('a command for managers is shown to managers', async () => {
    answer(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(card('ok'))
    })
    expect((await sim.command({ ...mina, permissions: ['ManageGuild'] }, 'study-admin')).status).toBe('answered')
    expect((await sim.command({ ...mina, admin: true }, 'study-admin')).status).toBe('answered')
  })

  test('completion gets what was typed and returns the choices', async () => {
    answer(client, async (interaction) => {
      if (interaction.isAutocomplete())
        await interaction.respond([{ name: 'Lambda', value: interaction.options.getFocused() }])
    })
    expect(await sim.autocomplete(mina, 'aws', 'query', 'lam')).toEqual([{ name: 'Lambda', value: 'lam' }])
  })
})
