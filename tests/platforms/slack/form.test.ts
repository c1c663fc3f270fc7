import { describe, expect, it } from 'vitest'
import { optionsOf } from '../../../src/chat/command.ts'
import { type Parsed, parseText } from '../../../src/commands/reading/grammar.ts'
import { commandTable } from '../../../src/commands/table.ts'
import { createIndex } from '../../../src/content/search.ts'
import {
  formOf,
  inputNamed,
  lackingSome,
  mistakesIn,
  optionsFrom,
  purposeOf,
} from '../../../src/platforms/slack/form.ts'
import { VIEW_LIMITS } from '../../../src/platforms/slack/limits.ts'
import { readText, withMentions } from '../../../src/platforms/slack/words.ts'
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

describe('what was written', () => {
  /** The time, the days and the zone that the form for a line shows. */
  function shownFor(text: string): unknown[] {
    const parsed = lackingSome(parseText('study-admin', `schedule add ${text}`, commands, 'ko'))
    if (parsed.kind !== 'missing-option') throw new Error('nothing is lacking')
    const { blocks } = formOf(parsed.command, parsed.options, 'ko')
    const elementOf = (option: string): Shown | undefined => {
      const block = blocks.find(({ block_id }) => block_id === option)
      return block && 'element' in block ? (block.element as Shown) : undefined
    }
    const [time, days, zone] = ['time', 'days', 'timezone'].map(elementOf)
    const chosen = days?.initial_options?.map(({ value }) => value)
    return [time?.initial_time, chosen?.join(), zone?.initial_option?.value]
  }
  type Value = { readonly value: string }
  type Shown = { initial_time?: string; initial_options?: readonly Value[]; initial_option?: Value }

  it.each([
    ['퀴즈 오후 2시', '14:00', undefined, undefined],
    ['오후 2시 반 평일', '14:30', '12345', undefined],
    ['channel:C123 오후 2시 매일', '14:00', '1234567', undefined],
    ['quiz 9:00 pm', '21:00', undefined, undefined],
    ['quiz 내일', undefined, undefined, undefined],
    ['quiz days:평일', undefined, '12345', undefined],
    ['quiz days:월수금', undefined, '1,3,5', undefined],
    ['quiz days:언젠가', undefined, undefined, undefined],
    // All is there but the channel: the word in its place is none.
    ['quiz 오후 9시 평일', '21:00', '12345', undefined],
    ['quiz #study 21:30 평일', '21:30', '12345', undefined],
    ['quiz 21:30 평일 서울', '21:30', '12345', 'Asia/Seoul'],
    ['quiz channel:C123 오후 9시', '21:00', undefined, undefined],
    // A zone is meant by its name, and by no part of one.
    ['quiz timezone:런던', undefined, undefined, 'Europe/London'],
    ['quiz timezone:EST', undefined, undefined, undefined],
    ['quiz 9:00 thu', '09:00', '4', undefined],
  ])('shows %s as %s, %s, %s', (text, ...expected) => {
    expect(shownFor(text)).toEqual(expected)
  })

  it.each(['21:30 평일', '오후 9시 월 수', '25:00 매일', '21:30 언젠가'])(
    'lacks nothing in %s, be it wrong',
    (when) => {
      const parsed = parseText('study-admin', `schedule add quiz C123 ${when}`, commands, 'ko')
      expect(parsed.kind).toBe('command')
      expect(lackingSome(parsed)).toBe(parsed)
    },
  )
})

describe('a channel that stands in another place', () => {
  function read(raw: string): Parsed {
    const text = readText(raw)
    return lackingSome(withMentions(parseText('study-admin', text.line, commands, 'ko'), text, 'T1', new Set()))
  }
  /** The channel that is chosen in the form; true for the one where it was asked for. */
  function channelIn(parsed: Parsed): unknown {
    if (parsed.kind !== 'missing-option') throw new Error(`no form: ${parsed.kind}`)
    const block = formOf(parsed.command, parsed.options, 'ko').blocks.find(({ block_id }) => block_id === 'channel')
    const element = block && 'element' in block ? block.element : undefined
    if (element?.type !== 'conversations_select') throw new Error('no select')
    return element.initial_conversation ?? element.default_to_current_conversation
  }

  it.each([
    [
      'schedule add quiz 9:00 weekdays <#C1AB|study>',
      { kind: 'quiz', channel: 'C1AB', time: '9:00', days: 'weekdays' },
    ],
    ['일정 추가 퀴즈 평일 9시 <#C1AB|study>', { kind: 'quiz', channel: 'C1AB', time: '9시', days: '평일' }],
    [
      'schedule add quiz <#C1AB|study> 9:00 weekdays',
      { kind: 'quiz', channel: 'C1AB', time: '9:00', days: 'weekdays' },
    ],
  ])('is found where nothing else is said: %s', (raw, options) => {
    expect(read(raw)).toMatchObject({ kind: 'command', options })
  })

  it.each([
    'schedule add quiz to <#C1AB|study> 9:00 weekdays',
    'schedule add quizz <#C1AB|study> 9:00 weekdays',
    'post-now bulletin <#C1AB|study>',
    'post-now a quiz to <#C1AB|study>',
  ])('is chosen in the form that asks for the rest: %s', (raw) => {
    expect(channelIn(read(raw))).toBe('C1AB')
  })

  it('is not this one when another was named that nobody knows', () => {
    expect(channelIn(read('post-now quiz #nowhere'))).toBeUndefined()
    expect(channelIn(read('post-now quiz'))).toBe(true)
  })
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

  it('is not the length of Hangul in its parts', () => {
    const name = '클라우드를 함께 공부하는 우리 팀'
    expect(mistakesIn(named('study team create'), { name: name.normalize('NFD') }, 'ko')).toEqual({})
    expect(Object.keys(mistakesIn(named('study team create'), { name: name.repeat(2) }, 'ko'))).toEqual(['name'])
  })
})
