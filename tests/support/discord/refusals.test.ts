// Bodies the simulator refuses, over plain HTTP. Each has a neighbour that is accepted.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Discord, type Person, startDiscord } from './discord.ts'
import { call } from './test-client.ts'

const GUILD = '1400000000000000001'
const CHANNEL = '1400000000000000002'
const V2 = 1 << 15
const jun: Person = { id: '1400000000000000011', name: 'jun', guild: GUILD, channel: CHANNEL }

let sim: Discord
beforeAll(async () => {
  sim = await startDiscord()
  sim.addGuild({ id: GUILD, channels: [{ id: CHANNEL }] })
})
afterAll(() => sim.close())

const post = (body: object, channel = CHANNEL) => call(sim, 'POST', `/channels/${channel}/messages`, body)
const text = (content: string) => ({ type: 10, content })
const button = (custom_id: string, extra: object = {}) => ({ type: 2, style: 1, label: 'go', custom_id, ...extra })
const row = (...components: object[]) => ({ type: 1, components })
const select = (options: object[], extra: object = {}) => row({ type: 3, custom_id: 's', options, ...extra })
const option = (value: string, label = 'label') => ({ label, value })
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const gallery = (count: number, description?: string) => ({
  type: 12,
  items: many(count, () => ({ media: { url: 'https://example.com/a.png' }, ...(description ? { description } : {}) })),
})
const section = (texts: number, accessory?: object) => ({
  type: 9,
  components: many(texts, () => text('x')),
  accessory,
})
const v2 = (...components: object[]) => ({ flags: V2, components })

describe('a message body', () => {
  test.each<[string, object, object, string]>([
    [
      '40 components in all',
      v2(...many(40, () => text('x'))),
      v2({ type: 17, components: many(40, () => text('x')) }),
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
    ],
    [
      '4,000 characters of text',
      v2(text('가'.repeat(3999)), text('x')),
      v2(text('가'.repeat(4000)), text('x')),
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
    ],
    ['a custom id of 100', v2(row(button('x'.repeat(100)))), v2(row(button('x'.repeat(101)))), 'BASE_TYPE_BAD_LENGTH'],
    ['a custom id that is there', v2(row(button('x'))), v2(row(button(''))), 'BASE_TYPE_BAD_LENGTH'],
    [
      'unique custom ids',
      v2(row(button('a')), row(button('b'))),
      v2(row(button('a')), row(button('a'))),
      'COMPONENT_CUSTOM_ID_DUPLICATED',
    ],
    [
      'a label of 80',
      v2(row(button('a', { label: 'x'.repeat(80) }))),
      v2(row(button('a', { label: 'x'.repeat(81) }))),
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      '5 buttons a row',
      v2(row(...many(5, (n) => button(`${n}`)))),
      v2(row(...many(6, (n) => button(`${n}`)))),
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'a select alone in its row',
      v2(select([option('a')])),
      v2(row(...select([option('a')]).components, button('a'))),
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
    ],
    [
      '25 select options',
      v2(select(many(25, (n) => option(`${n}`)))),
      v2(select(many(26, (n) => option(`${n}`)))),
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'unique select values',
      v2(select([option('a'), option('b')])),
      v2(select([option('a'), option('a')])),
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
    ],
    [
      'select values of 100',
      v2(select([option('x'.repeat(100))])),
      v2(select([option('x'.repeat(101))])),
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'no more values than options',
      v2(select([option('a')])),
      v2(select([option('a')], { max_values: 2 })),
      'SELECT_COMPONENT_MAX_VALUES',
    ],
    ['3 texts a section', v2(section(3, button('a'))), v2(section(4, button('a'))), 'BASE_TYPE_BAD_LENGTH'],
    ['an accessory', v2(section(1, button('a'))), v2(section(1)), 'BASE_TYPE_REQUIRED'],
    ['10 pictures', v2(gallery(10)), v2(gallery(11)), 'BASE_TYPE_BAD_LENGTH'],
    ['alt text of 1,024', v2(gallery(1, 'x'.repeat(1024))), v2(gallery(1, 'x'.repeat(1025))), 'BASE_TYPE_BAD_LENGTH'],
    [
      'a text in a container',
      v2({ type: 17, components: [text('x')] }),
      v2({ type: 17, components: [] }),
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'no container in a container',
      v2({ type: 17, components: [text('x')] }),
      v2({ type: 17, components: [{ type: 17, components: [text('x')] }] }),
      'UNION_TYPE_CHOICES',
    ],
    ['buttons in rows', v2(row(button('a'))), v2(button('a')), 'UNION_TYPE_CHOICES'],
    ['the flag for Components V2', v2(text('x')), { components: [text('x')] }, 'UNION_TYPE_CHOICES'],
    [
      'no content beside Components V2',
      v2(text('x')),
      { ...v2(text('x')), content: 'x' },
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'no embeds beside Components V2',
      { ...v2(text('x')), embeds: [] },
      { ...v2(text('x')), embeds: [{ title: 'x' }] },
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    ],
    [
      'a web address behind a link',
      v2(row({ type: 2, style: 5, label: 'x', url: 'https://example.com' })),
      v2(row({ type: 2, style: 5, label: 'x', url: 'example' })),
      'URL_TYPE_INVALID_SCHEME',
    ],
    [
      'a button one can read',
      v2(row(button('a'))),
      v2(row(button('a', { label: '' }))),
      'BUTTON_COMPONENT_LABEL_REQUIRED',
    ],
    [
      '2,000 characters of content',
      { content: 'x'.repeat(2000) },
      { content: 'x'.repeat(2001) },
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a nonce of 25',
      { content: 'x', nonce: 'n'.repeat(25) },
      { content: 'x', nonce: 'n'.repeat(26) },
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'a file for each reference',
      v2(text('x')),
      v2({ type: 12, items: [{ media: { url: 'attachment://a.png' } }] }),
      'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
    ],
    [
      'either parse or ids',
      { content: 'x', allowed_mentions: { parse: ['users'] } },
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
    ],
  ])('needs %s', async (_, good, bad, code) => {
    expect((await post(good)).status).toBe(200)
    const { status, body } = await post(bad)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 50035 })
    expect(JSON.stringify(body.errors)).toContain(`"${code}"`)
  })

  test('names the field that is wrong', async () => {
    const { body } = await post(v2({ type: 17, components: [text('x'), row(button('a'), button('x'.repeat(101)))] }))
    const at = {
      0: { components: { 1: { components: { 1: { custom_id: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } } } } } },
    }
    expect(body.errors).toMatchObject({ components: at })
  })

  test('may not be empty', async () => {
    for (const body of [{ content: '' }, v2()]) expect((await post(body)).body.code).toBe(50006)
  })
})

describe('an edit', () => {
  const edit = (id: string, body: object) => call(sim, 'PATCH', `/channels/${CHANNEL}/messages/${id}`, body)

  test('cannot take Components V2 back, nor use components of V2 without saying so', async () => {
    const { body } = await post(v2(text('before'), row(button('a'))))
    expect(JSON.stringify((await edit(body.id, { flags: 0 })).body)).toContain('CANNOT_REMOVE_COMPONENTS_V2_FLAG')
    expect(JSON.stringify((await edit(body.id, { components: [text('x')] })).body)).toContain('UNION_TYPE_CHOICES')
    expect(JSON.stringify((await edit(body.id, { content: 'x' })).body)).toContain('CANNOT_USE_LEGACY_FIELDS')
    expect((await edit(body.id, v2(text('after')))).status).toBe(200)
    expect(sim.history(CHANNEL).at(-1)).toMatchObject({ flags: V2, components: [{ content: 'after' }] })
    expect(sim.history(CHANNEL).at(-1)?.edited_timestamp).not.toBeNull()
  })

  test("is for the bot's own messages", async () => {
    const { id } = sim.say(jun, 'mine')
    expect((await edit(id, { content: 'yours' })).body.code).toBe(50005)
    expect((await call(sim, 'DELETE', `/channels/${CHANNEL}/messages/${id}`)).body.code).toBe(50013)
  })

  test('of a message that is gone is refused', async () => {
    const { body } = await post({ content: 'short' })
    expect((await call(sim, 'DELETE', `/channels/${CHANNEL}/messages/${body.id}`)).status).toBe(204)
    expect((await edit(body.id, { content: 'x' })).body.code).toBe(10008)
  })
})

describe('commands', () => {
  const put = (...commands: object[]) =>
    call(sim, 'PUT', `/applications/${sim.applicationId}/guilds/${GUILD}/commands`, commands)
  const command = (name: string, extra: object = {}) => ({ name, description: 'x', ...extra })
  const string = (name: string, extra: object = {}) => ({ type: 3, name, description: 'x', ...extra })
  const choices = (count: number) => many(count, (n) => ({ name: `${n}`, value: `${n}` }))

  test.each<[string, object[], object[], string]>([
    ['a name in small letters', [command('aws')], [command('AWS')], 'APPLICATION_COMMAND_INVALID_NAME'],
    ['a name of 32', [command('a'.repeat(32))], [command('a'.repeat(33))], 'BASE_TYPE_BAD_LENGTH'],
    [
      'a description of 100',
      [command('a', { description: 'x'.repeat(100) })],
      [command('a', { description: 'x'.repeat(101) })],
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'names of their own',
      [command('a'), command('b')],
      [command('a'), command('a')],
      'APPLICATION_COMMANDS_DUPLICATE_NAME',
    ],
    [
      'a locale Discord has',
      [command('a', { name_localizations: { ko: '가' } })],
      [command('a', { name_localizations: { kr: '가' } })],
      'ENUM_TYPE_COERCE',
    ],
    [
      '25 choices',
      [command('a', { options: [string('o', { choices: choices(25) })] })],
      [command('a', { options: [string('o', { choices: choices(26) })] })],
      'BASE_TYPE_MAX_LENGTH',
    ],
    [
      'required options first',
      [command('a', { options: [string('o', { required: true }), string('p')] })],
      [command('a', { options: [string('p'), string('o', { required: true })] })],
      'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    [
      'completion or choices',
      [command('a', { options: [string('o', { autocomplete: true })] })],
      [command('a', { options: [string('o', { autocomplete: true, choices: choices(1) })] })],
      'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES',
    ],
    [
      '8,000 characters',
      [command('a')],
      [
        command('a', {
          options: many(9, (n) => ({
            type: 1,
            name: `s${n}`,
            description: 'x'.repeat(100),
            options: many(10, (m) => string(`o${m}`, { description: 'x'.repeat(90) })),
          })),
        }),
      ],
      'APPLICATION_COMMAND_TOO_LARGE',
    ],
    [
      'subcommands or options',
      [command('a', { options: [{ type: 1, name: 's', description: 'x' }] })],
      [command('a', { options: [{ type: 1, name: 's', description: 'x' }, string('o')] })],
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
    ],
  ])('need %s', async (_, good, bad, code) => {
    expect((await put(...good)).status).toBe(200)
    const { status, body } = await put(...bad)
    expect([status, body.code]).toEqual([400, 50035])
    expect(JSON.stringify(body.errors)).toContain(`"${code}"`)
  })

  test('keep their id and, unchanged, their version', async () => {
    const [first] = (await put(command('keep'), command('drop'))).body as unknown as { id: string; version: string }[]
    const [same] = (await put(command('keep'))).body as unknown as { id: string; version: string }[]
    const [changed] = (await put(command('keep', { description: 'y' }))).body as unknown as {
      id: string
      version: string
    }[]
    expect(same).toEqual(first)
    expect(changed?.id).toBe(first?.id)
    expect(changed?.version).not.toBe(first?.version)
  })
})
