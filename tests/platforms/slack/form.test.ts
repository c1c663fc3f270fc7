import { describe, expect, it } from 'vitest'
import { optionsOf } from '../../../src/chat/command.ts'
import { commandTable } from '../../../src/commands/table.ts'
import { createIndex } from '../../../src/content/search.ts'
import { formOf, inputNamed, mistakesIn, optionsFrom, purposeOf } from '../../../src/platforms/slack/form.ts'
import { VIEW_LIMITS } from '../../../src/platforms/slack/limits.ts'
import { present } from '../../support/builders.ts'
import { HOSTILE } from '../../support/fixtures/hostile.ts'
import { wrongView } from '../../support/slack/blocks.ts'
import { library } from '../../support/world.ts'

const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
const commands = commandTable({ library, indexes })
const named = (path: string) => present(commands.find((each) => each.path.join(' ') === path))
const add = named('study-admin schedule add')
const withOptions = commands.filter((command) => optionsOf(command).length > 0)

describe.each(['ko', 'en'] as const)('a form in %s', (locale) => {
  it.each(withOptions.map((command) => [command.path.join(' '), command] as const))(
    'for %s is one that Slack takes',
    (_, command) => {
      for (const text of ['', ...HOSTILE, 'x'.repeat(10_000)]) {
        const given = Object.fromEntries(optionsOf(command).map(({ name }) => [name, text]))
        const form = formOf(command, given, locale)
        expect(wrongView(form, () => false)).toEqual([])
        for (const { text } of [form.title, form.submit, form.close].flatMap((each) => each ?? [])) {
          expect(text.length).toBeLessThanOrEqual(VIEW_LIMITS.title)
        }
        expect(form.private_metadata?.length).toBeLessThanOrEqual(VIEW_LIMITS.metadata)
        expect(purposeOf(form.private_metadata ?? '', commands)).toEqual({ command, locale })
        expect(form.blocks.filter(({ type }) => type === 'input')).toHaveLength(optionsOf(command).length)
      }
    },
  )
})

describe('the private words of a form', () => {
  it.each([
    ...[
      '',
      'null',
      '{}',
      '[]',
      '{"command":"aws"}',
      '{"command":"aws","locale":"fr"}',
      '{"command":["aws"],"locale":"ko"}',
    ],
    ...['{"command":"no such","locale":"ko"}', '{"command":"aws","locale":"ko","channel":"C1"}'],
  ])('that say %j name no command', (text) => {
    expect(purposeOf(text, commands)).toBeUndefined()
  })

  it('that name a command and a language do', () => {
    expect(purposeOf('{"command":"aws","locale":"ko"}', commands)).toMatchObject({ command: { path: ['aws'] } })
  })
})

describe('what was filled in', () => {
  const id = (option: string): string => `slack.form:study-admin.schedule.add:${option}`

  it('is read by the option that each input is for, and by nothing else', () => {
    const values = {
      kind: {
        [id('kind')]: {
          type: 'static_select',
          selected_option: { text: { type: 'plain_text', text: '퀴즈' }, value: 'quiz' },
        },
      },
      channel: { [id('channel')]: { type: 'conversations_select', selected_conversation: 'C1' } },
      time: { [id('time')]: { type: 'timepicker', selected_time: '09:30' } },
      days: {
        [id('days')]: {
          type: 'multi_static_select',
          selected_options: ['67', '6', '1'].map((value) => ({ text: { type: 'plain_text', text: value }, value })),
        },
      },
      timezone: { [id('timezone')]: { type: 'external_select', selected_option: null } },
      other: { [id('kind')]: { type: 'plain_text_input', value: 'concept' } },
    } as never
    expect(optionsFrom(add, values)).toEqual({ kind: 'quiz', channel: 'C1', time: '09:30', days: 'mon, sat, sun' })
    expect(optionsFrom(add, {})).toEqual({})
  })

  it('knows the input that somebody types into', () => {
    expect(inputNamed(id('timezone'), commands)).toEqual({ command: add, option: 'timezone' })
    for (const other of ['', 'slack.form', 'slack.form:no:such', 'slack.complete:aws:query']) {
      expect(inputNamed(other, commands)).toBeUndefined()
    }
  })
})

describe('what is wrong with it', () => {
  const good = { kind: 'quiz', channel: 'C1', time: '9:00', days: 'daily' }

  it.each([
    [{}, []],
    [{ time: '25:00' }, ['time']],
    [{ days: 'someday' }, ['days']],
    [{ timezone: 'Atlantis' }, ['timezone']],
    [{ timezone: 'UTC+9' }, ['timezone']],
    [{ kind: 'joke', time: '' }, ['kind', 'time']],
    [{ days: 'x'.repeat(101) }, ['days']],
  ])('is said at its field: %j', (change, fields) => {
    const mistakes = mistakesIn(add, { ...good, ...change }, 'en')
    expect(Object.keys(mistakes)).toEqual(fields)
    for (const text of Object.values(mistakes)) expect(text).not.toBe('')
  })
})
