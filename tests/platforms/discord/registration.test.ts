import { PermissionFlagsBits, REST, Routes } from 'discord.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandTable } from '../../../src/commands/table.ts'
import { createIndex } from '../../../src/content/search.ts'
import { commandBodies, isSame, register } from '../../../src/platforms/discord/registration.ts'
import { present } from '../../support/builders.ts'
import { type Discord, startDiscord } from '../../support/discord/discord.ts'
import { library } from '../../support/world.ts'

/** What the tests look at in a command, a subcommand or an option. */
type Node = {
  name: string
  description?: string
  name_localizations?: Record<string, string>
  description_localizations?: Record<string, string>
  type?: number
  required?: boolean
  autocomplete?: boolean
  choices?: { name: string; name_localizations?: Record<string, string>; value: string }[]
  options?: Node[]
  contexts?: number[]
  integration_types?: number[]
  default_member_permissions?: string
  max_length?: number
}

const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
const commands = commandTable({ library, indexes })
const bodies = commandBodies(commands)
const LOCALES = ['ko', 'en-US', 'en-GB'] as const

function copy(): Node[] {
  return structuredClone(bodies) as unknown as Node[]
}

function asBodies(nodes: readonly Node[]): typeof bodies {
  return nodes as unknown as typeof bodies
}

/** A command and everything in it, each with its place. */
function below(node: Node, path: string): (readonly [path: string, node: Node])[] {
  return [[path, node], ...(node.options ?? []).flatMap((option) => below(option, `${path} ${option.name}`))]
}

const nodes = copy().flatMap((command) => below(command, `/${command.name}`))
const choices = nodes.flatMap(([path, { choices = [] }]) =>
  choices.map((choice) => [`${path} ${choice.value}`, choice] as const),
)

function longest(text: string, localized: Readonly<Record<string, string>> = {}): number {
  return Math.max(...[text, ...Object.values(localized)].map((each) => [...each].length))
}

describe('the commands in Discord’s form', () => {
  it('are one for the subject, one for members and one for admins', () => {
    expect(bodies.map(({ name }) => name).sort()).toEqual(['aws', 'study', 'study-admin'])
  })

  it('hold every command of the table and nothing else', () => {
    const leaves = nodes.filter(
      ([, { type, options = [] }]) => type === 1 && options.every((each) => (each.type ?? 0) > 2),
    )
    expect(leaves.map(([path]) => path).sort()).toEqual(commands.map(({ path }) => `/${path.join(' ')}`).sort())
  })

  it.each([
    // A whole year of dates, and a name in the parts of its Hangul, which are three characters each.
    ['/study-admin schedule skip-dates dates', 1000],
    ['/study team create name', 100],
    ['/aws query', 100],
  ])('let %s have %i characters', (path, length) => {
    expect(nodes.find(([each]) => each === path)?.[1].max_length).toBe(length)
  })

  // https://docs.discord.com/developers/interactions/application-commands#application-command-object
  it.each(nodes)('%s has names that Discord takes, in each language', (_, node) => {
    for (const name of [node.name, ...Object.values(node.name_localizations ?? {})]) {
      expect(name).toMatch(/^[-_'\p{L}\p{N}]{1,32}$/u)
      expect(name).toBe(name.toLowerCase())
      expect(name).toBe(name.normalize('NFC'))
    }
  })

  it.each(nodes)('%s says what it does in 1 to 100 characters, in each language', (_, node) => {
    for (const text of [node.description ?? '', ...Object.values(node.description_localizations ?? {})]) {
      expect([...text].length).toBeGreaterThan(0)
      expect([...text].length).toBeLessThanOrEqual(100)
    }
    expect(Object.keys(node.description_localizations ?? {}).sort()).toEqual([...LOCALES].sort())
  })

  it.each(nodes)('%s speaks Korean to Koreans and English to everybody else', (_, node) => {
    expect(node.description_localizations?.['ko']).toMatch(/[가-힣]/)
    expect(node.description).not.toMatch(/[가-힣]/)
    for (const locale of ['en-US', 'en-GB']) expect(node.description_localizations?.[locale]).toBe(node.description)
  })

  it.each(nodes)('%s has at most 25 options and 25 choices', (_, { options = [], choices: offered = [] }) => {
    expect(options.length).toBeLessThanOrEqual(25)
    expect(offered.length).toBeLessThanOrEqual(25)
  })

  it.each(nodes)('%s asks for what is required first', (_, { options = [] }) => {
    const required = options.filter(({ type = 0 }) => type > 2).map((option) => Boolean(option.required))
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)))
  })

  it.each(nodes)('%s has options of different names, in each language', (_, { options = [] }) => {
    for (const locale of [undefined, ...LOCALES]) {
      const names = options.map(({ name, name_localizations: localized }) => (locale && localized?.[locale]) ?? name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it.each(nodes)('%s has choices of different names, in each language', (_, { choices: offered = [] }) => {
    for (const locale of [undefined, ...LOCALES]) {
      const names = offered.map(({ name, name_localizations: localized }) => (locale && localized?.[locale]) ?? name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it.each(choices)('the choice %s has a name of 1 to 100 characters, in each language', (_, choice) => {
    for (const name of [choice.name, choice.value, ...Object.values(choice.name_localizations ?? {})]) {
      expect([...name].length).toBeGreaterThan(0)
      expect([...name].length).toBeLessThanOrEqual(100)
    }
  })

  it.each(copy().map((command) => [command.name, command] as const))(
    '/%s has at most 8,000 characters',
    (_, command) => {
      const size = (node: Node): number =>
        longest(node.name, node.name_localizations) +
        longest(node.description ?? '', node.description_localizations) +
        (node.choices ?? []).reduce(
          (sum, { name, name_localizations, value }) => sum + longest(name, name_localizations) + value.length,
          0,
        ) +
        (node.options ?? []).reduce((sum, option) => sum + size(option), 0)
      expect(size(command)).toBeLessThanOrEqual(8000)
    },
  )

  it('complete either words or choices, never both', () => {
    expect(nodes.filter(([, { autocomplete, choices: offered }]) => autocomplete && offered)).toEqual([])
    expect(nodes.filter(([, { autocomplete }]) => autocomplete).map(([path]) => path)).toContain('/aws query')
  })

  it('can be used in servers by everybody who installs the bot there, and in direct messages but for the admins’', () => {
    const places = copy().map(({ name, contexts, integration_types }) => [name, contexts, integration_types])
    expect(places.toSorted()).toEqual([
      ['aws', [0, 1], [0]],
      ['study', [0, 1], [0]],
      ['study-admin', [0], [0]],
    ])
  })

  it('are shown to everybody but for the admins’, which those see who manage the server', () => {
    const shown = copy().map(({ name, default_member_permissions: bits }) => [name, bits])
    expect(shown.toSorted()).toEqual([
      ['aws', undefined],
      ['study', undefined],
      ['study-admin', String(PermissionFlagsBits.ManageGuild)],
    ])
  })
})

type Change = (all: Node[]) => Node[] | undefined

function command(all: readonly Node[], name: string): Node {
  return present(all.find((each) => each.name === name))
}

/** The first subcommand or option, at any depth, that a test can use. */
function some(all: readonly Node[], fits: (node: Node) => boolean): Node {
  return present(all.flatMap((each) => below(each, '')).find(([, node]) => fits(node)))[1]
}

const CHANGES: Readonly<Record<string, Change>> = {
  'a description': (all) => void Object.assign(command(all, 'aws'), { description: 'Something else' }),
  'a description in Korean': (all) =>
    void Object.assign(command(all, 'aws').description_localizations ?? {}, { ko: '다른 말' }),
  'the name of an option in Korean': (all) =>
    void Object.assign(some(all, ({ type }) => type === 3).name_localizations ?? {}, { ko: '다른말' }),
  'the description of an option': (all) =>
    void Object.assign(
      some(all, ({ type }) => type === 3),
      { description: 'Something else' },
    ),
  'the description of a subcommand': (all) =>
    void Object.assign(
      some(all, ({ type, options }) => type === 1 && !!options),
      { description: 'Else' },
    ),
  'the value of a choice': (all) =>
    void Object.assign(present(some(all, ({ choices: c }) => !!c).choices?.[0]), { value: 'else' }),
  'the name of a choice in Korean': (all) =>
    void Object.assign(present(some(all, ({ choices: c }) => !!c).choices?.[0]).name_localizations ?? {}, {
      ko: '다른 말',
    }),
  'a choice more': (all) => void some(all, ({ choices: c }) => !!c).choices?.push({ name: 'new', value: 'new' }),
  'a choice less': (all) => void some(all, ({ choices: c }) => !!c).choices?.pop(),
  'the order of choices': (all) => void some(all, ({ choices: c }) => !!c).choices?.reverse(),
  'the order of options': (all) =>
    void some(all, ({ type, options = [] }) => type === 1 && options.length > 1).options?.reverse(),
  'the order of subcommands': (all) => void command(all, 'study').options?.reverse(),
  'an option less': (all) =>
    void some(all, ({ type, options = [] }) => type === 1 && options.length > 0).options?.pop(),
  'the last option of a command': (all) => void Object.assign(command(all, 'aws'), { options: [] }),
  'a subcommand less': (all) => void command(all, 'study').options?.shift(),
  'a subcommand more': (all) => void command(all, 'study').options?.push({ type: 1, name: 'new', description: 'New' }),
  'whether an option is required': (all) =>
    void Object.assign(
      some(all, ({ required }) => required === true),
      { required: false },
    ),
  'whether an option is completed': (all) =>
    void delete some(all, ({ autocomplete }) => autocomplete === true).autocomplete,
  'the longest text of an option': (all) =>
    void Object.assign(
      some(all, (node) => 'max_length' in node),
      { max_length: 7 },
    ),
  'the kind of an option': (all) =>
    void Object.assign(
      some(all, ({ type }) => type === 6),
      { type: 9 },
    ),
  'who sees a command': (all) => void Object.assign(command(all, 'study-admin'), { default_member_permissions: '8' }),
  'that everybody sees a command': (all) => void delete command(all, 'study-admin').default_member_permissions,
  'that fewer see a command': (all) => void Object.assign(command(all, 'study'), { default_member_permissions: '0' }),
  'where a command can be used': (all) => void Object.assign(command(all, 'study'), { contexts: [0] }),
  'a command less': (all) => all.slice(1),
  'a command more': (all) => [...all, { ...command(all, 'aws'), name: 'another' }],
  'the name of a command': (all) => void Object.assign(command(all, 'aws'), { name: 'another' }),
}

describe('registering', () => {
  let discord: Discord
  let rest: REST
  let guild: string

  beforeAll(async () => {
    discord = await startDiscord()
    rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token)
    guild = discord.addGuild().id
  })
  afterAll(() => discord.close())
  beforeEach(async () => {
    await rest.put(Routes.applicationCommands(discord.applicationId), { body: [] })
    await rest.put(Routes.applicationGuildCommands(discord.applicationId, guild), { body: [] })
  })

  const registered = (): Promise<unknown> =>
    rest.get(Routes.applicationCommands(discord.applicationId), {
      query: new URLSearchParams({ with_localizations: 'true' }),
    })

  function writes(from: number): string[] {
    return discord.traffic
      .slice(from)
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)
  }

  it('writes once, and not again while nothing changed', async () => {
    const before = discord.traffic.length
    expect(await register(rest, discord.applicationId, undefined, commands)).toBe(true)
    expect(await register(rest, discord.applicationId, undefined, commands)).toBe(false)
    expect(writes(before)).toEqual([`PUT /applications/${discord.applicationId}/commands`])
  })

  it('keeps the ids of the commands, which their mentions name', async () => {
    await register(rest, discord.applicationId, undefined, commands)
    const ids = ((await registered()) as { id: string }[]).map(({ id }) => id)
    await register(
      rest,
      discord.applicationId,
      undefined,
      commands.filter(({ path }) => path[1] !== 'help'),
    )
    expect(((await registered()) as { id: string }[]).map(({ id }) => id)).toEqual(ids)
  })

  it('writes the same into one server alone, without places, which are asked of global commands only', async () => {
    const before = discord.traffic.length
    expect(await register(rest, discord.applicationId, guild, commands)).toBe(true)
    expect(await register(rest, discord.applicationId, guild, commands)).toBe(false)
    expect(writes(before)).toEqual([`PUT /applications/${discord.applicationId}/guilds/${guild}/commands`])
    const body = discord.traffic.slice(before).find(({ method }) => method === 'PUT')?.body as Node[]
    expect(body.map(({ name }) => name)).toEqual(bodies.map(({ name }) => name))
    for (const each of body) {
      expect(each).not.toHaveProperty('contexts')
      expect(each).not.toHaveProperty('integration_types')
    }
    expect(await registered()).toEqual([])
  })

  it('writes into an empty list of commands, and empties a list that should be', async () => {
    await register(rest, discord.applicationId, undefined, commands)
    expect(await register(rest, discord.applicationId, undefined, [])).toBe(true)
    expect(await registered()).toEqual([])
  })

  it('takes what Discord returns for what was sent, whatever order it returns it in', async () => {
    await rest.put(Routes.applicationCommands(discord.applicationId), { body: bodies })
    const returned = (await registered()) as Node[]
    expect(isSame(bodies, returned)).toBe(true)
    expect(isSame(bodies, returned.toReversed())).toBe(true)
    expect(returned).not.toEqual(bodies)
  })

  it('takes kinds of channels and places in another order for the same', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value))
        return value.every((each) => typeof each === 'number') ? value.toReversed() : value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reversed(inner)]))
    }
    const other = reversed(bodies) as typeof bodies
    expect(other).not.toEqual(bodies)
    expect(isSame(bodies, other)).toBe(true)
  })

  it.each(Object.entries(CHANGES))('notices a change of %s', async (_, change) => {
    const changed = copy()
    const after = change(changed) ?? changed
    expect(after).not.toEqual(copy())
    await rest.put(Routes.applicationCommands(discord.applicationId), { body: bodies })
    expect(isSame(asBodies(after), await registered())).toBe(false)
    // The other way round too: what Discord still has, and the bot no longer wants.
    expect(isSame(bodies, asBodies(after))).toBe(false)
  })

  it('notices a language that the bot no longer speaks', () => {
    const before = copy()
    for (const [, node] of before.flatMap((each) => below(each, ''))) {
      Object.assign(node.description_localizations ?? {}, { ja: '説明' })
    }
    expect(isSame(bodies, before)).toBe(false)
  })

  it('does not take a list that is no list for the commands', () => {
    expect(isSame(bodies, undefined)).toBe(false)
    expect(isSame(bodies, {})).toBe(false)
  })
})
