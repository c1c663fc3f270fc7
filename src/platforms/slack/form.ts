// A command as a form: each of its options an input of a modal, what was written already filled in. Pure.
// https://docs.slack.dev/reference/views/modal-views and https://docs.slack.dev/reference/block-kit/blocks/input-block

import type { types, ViewStateValue } from '@slack/bolt'
import * as z from 'zod'
import { daysText } from '../../cards/when.ts'
import { decodeAction, encodeAction } from '../../chat/action.ts'
import { isCompleted, type OptionSpec, optionsOf } from '../../chat/command.ts'
import { shorten } from '../../chat/markdown.ts'
import type { StudyCommand } from '../../commands/context.ts'
import { choiceWord } from '../../commands/reading/choices.ts'
import { groupName, type Parsed } from '../../commands/reading/grammar.ts'
import { MOST_WORDS, readerOf, takeRun } from '../../commands/reading/places.ts'
import { parseDays, parseTime } from '../../commands/reading/when.ts'
import { findZone } from '../../commands/reading/zones.ts'
import { LOCALES, type Locale, translator } from '../../locales/locale.ts'
import { userOf } from './ids.ts'
import { ELEMENT_LIMITS, INPUT_LIMITS, VIEW_LIMITS } from './limits.ts'
import { suggestions } from './picker.ts'

/** What the modals of forms are called, and the kind of the ids of their inputs. */
export const FORM = 'slack.form'

/** Options by name. */
export type Given = Readonly<Record<string, string>>

export type Form = types.ModalView & { readonly type: 'modal' }

/**
 * A command lacks something though each of its places holds a word, where a name that Slack made no link of stands for the channel, or
 * where every word is understood and one option is still empty: "오후 9시" is a time alone.
 */
export function lackingSome(parsed: Parsed): Parsed {
  if (parsed.kind !== 'command') return parsed
  const { command, options } = parsed
  const { texts, left } = placed(optionsOf(command), options)
  const lacking = texts.find(([spec, text]) => spec.required && text === '' && readsOf(spec) !== undefined)?.[0]
  if (lacking) {
    if (lacking.kind !== 'channel' && left.length > 0) return parsed
    return { kind: 'missing-option', command, option: lacking.name, options }
  }
  const [channel, id = ''] = texts.find(([{ kind }]) => kind === 'channel') ?? []
  if (!channel || options[channel.name]?.trim() === id) return parsed
  // The channel was written in another place than it stands in, and so was what follows it.
  if (left.length > 0) return { kind: 'missing-option', command, option: channel.name, options }
  const found = texts.flatMap(([{ name }, text]) => (text === '' ? [] : [[name, text] as const]))
  return { ...parsed, options: Object.fromEntries(found) }
}

/** @param given what was written, channels and people by their ids */
export function formOf(command: StudyCommand, given: Given, locale: Locale): Form {
  const t = translator(locale)
  const { summary } = command.describe(locale)
  const { texts, left } = placed(optionsOf(command), given)
  const named = left.find((word) => word.startsWith('#')) ?? ''
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata: JSON.stringify({ command: command.path.join(' '), locale } satisfies Metadata),
    title: plain(shorten(titleOf(command, locale), VIEW_LIMITS.title)),
    submit: plain(t('slack.form.submit')),
    close: plain(t('slack.form.cancel')),
    blocks: [
      { type: 'section', text: plain(summary) },
      ...texts.map(([spec, text]) => inputOf(command, spec, text || (spec.kind === 'channel' ? named : ''), locale)),
    ],
  }
}

/**
 * Each option with what was written for it. A line parts its words at spaces ("오후 2시"), and without the channel they stand one place
 * too early: a channel, a time, days and a zone are found wherever they stand. `left` are the words that are none of these.
 */
function placed(
  specs: readonly OptionSpec[],
  given: Given,
): { readonly texts: readonly (readonly [OptionSpec, string])[]; readonly left: readonly string[] } {
  const words = specs.flatMap(({ name, kind }) => (kind === 'choice' ? [] : (given[name]?.match(/\S+/g) ?? [])))
  const left = words.slice(0, MOST_WORDS)
  const texts = specs.map((spec) => {
    const reads = readsOf(spec)
    return [spec, reads ? takeRun(left, reads) : (given[spec.name]?.trim() ?? '')] as const
  })
  return { texts, left }
}

/** Tells what an option can mean at all, a channel by its id; undefined for one that takes any words. */
function readsOf(spec: OptionSpec): ((text: string) => boolean) | undefined {
  return spec.kind === 'channel' ? (text) => CHANNEL.test(text) : readerOf(spec)
}

function titleOf({ path, describe }: StudyCommand, locale: Locale): string {
  const groups = path.slice(1, -1).map((group) => groupName(group, locale))
  return [...groups, describe(locale).name].join(' ')
}

/** The person's own client keeps this: it says what the form is for and in which language, and gives no right to anything. */
const metadata = z.strictObject({ command: z.string(), locale: z.enum(LOCALES) })
type Metadata = z.infer<typeof metadata>

/** The command that a form is for, and its language; undefined for what no form of today carries. */
export function purposeOf(
  privateMetadata: string,
  commands: readonly StudyCommand[],
): { readonly command: StudyCommand; readonly locale: Locale } | undefined {
  try {
    const { command: wanted, locale } = metadata.parse(JSON.parse(privateMetadata))
    const command = commands.find(({ path }) => path.join(' ') === wanted)
    return command && { command, locale }
  } catch {
    return undefined
  }
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false }
}

function inputOf(command: StudyCommand, spec: OptionSpec, given: string, locale: Locale): types.InputBlock {
  const { name, summary } = command.describeOption(locale, spec.name)
  const element = elementOf(command, spec, given, locale)
  return {
    type: 'input',
    block_id: spec.name,
    label: plain(name),
    optional: !spec.required,
    element:
      element.type === 'plain_text_input' || element.type === 'timepicker' ? element : withHint(element, summary),
    ...(element.type === 'plain_text_input' ? { hint: plain(summary) } : {}),
  }
}

type Element = types.InputBlock['element']

function withHint(element: Element, summary: string): Element {
  return { ...element, placeholder: plain(shorten(summary, ELEMENT_LIMITS.placeholder)) } as Element
}

function elementOf(command: StudyCommand, spec: OptionSpec, given: string, locale: Locale): Element {
  const action_id = inputId(command, spec.name)
  if (isCompleted(spec.kind)) {
    const found = given === '' ? undefined : suggestedFor(command, spec, given, locale)
    return { type: 'external_select', action_id, min_query_length: 1, ...(found ? { initial_option: found } : {}) }
  }
  if (spec.kind === 'choice') {
    const options = spec.values.map((value) => ({ text: plain(choiceWord(value, locale)), value }))
    const chosen = options.find(({ value }) => value === given)
    return { type: 'static_select', action_id, options, ...(chosen ? { initial_option: chosen } : {}) }
  }
  if (spec.kind === 'channel') {
    return {
      type: 'conversations_select',
      action_id,
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      // Whoever wrote a channel that is not understood did not mean this one.
      ...(CHANNEL.test(given) ? { initial_conversation: given } : {}),
      ...(given === '' ? { default_to_current_conversation: true } : {}),
    }
  }
  if (spec.kind === 'member') {
    const user = userOf(given)
    return { type: 'users_select', action_id, ...(USER.test(user) ? { initial_user: user } : {}) }
  }
  if (spec.form === 'time') {
    const time = parseTime(given)
    return { type: 'timepicker', action_id, ...(time === undefined ? {} : { initial_time: time }) }
  }
  if (spec.form === 'days') return daysElement(action_id, given, locale)
  const fits = given !== '' && given.length <= INPUT_LIMITS.text
  return { type: 'plain_text_input', action_id, ...(fits ? { initial_value: given } : {}) }
}

/** What is meant by what was written: a zone is one only by its name, and "EST" is no part of Budapest. */
function suggestedFor(command: StudyCommand, spec: OptionSpec, given: string, locale: Locale) {
  const zone = spec.kind === 'timezone' ? findZone(given) : undefined
  const name = zone?.kind === 'zone' ? zone.name : undefined
  const found = suggestions({ command, option: spec.name }, name ?? given, locale)
  return zone ? found.find(({ value }) => value === name) : found[0]
}

/** What Slack's ids look like. https://docs.slack.dev/reference/objects/conversation-object, .../user-object */
const CHANNEL = /^[CG][A-Z0-9]{2,}$/
const USER = /^[UW][A-Z0-9]{2,}$/

/** ISO weekdays: all of them, five, two, and each. */
const DAYS = ['1234567', '12345', '67', '1', '2', '3', '4', '5', '6', '7'] as const

/** The English names that `parseDays` knows. */
const DAY_WORDS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

function daysElement(action_id: string, given: string, locale: Locale): types.MultiStaticSelect {
  const t = translator(locale)
  const options = DAYS.map((value) => ({ text: plain(daysText(value, locale, t)), value }))
  const days = parseDays(given) ?? ''
  const whole = options.filter(({ value }) => value === days)
  const chosen = whole.length > 0 ? whole : options.filter(({ value }) => days.includes(value))
  return { type: 'multi_static_select', action_id, options, ...(chosen.length > 0 ? { initial_options: chosen } : {}) }
}

function inputId(command: StudyCommand, option: string): string {
  return encodeAction(FORM, command.path.join('.'), option)
}

/** The command and option that an input's id stands for; undefined for any other id. */
export function inputNamed(
  actionId: string,
  commands: readonly StudyCommand[],
): { readonly command: StudyCommand; readonly option: string } | undefined {
  const { kind, args } = decodeAction(actionId) ?? {}
  const [path, option] = args ?? []
  const command = commands.find((each) => each.path.join('.') === path)
  return kind === FORM && command && option !== undefined ? { command, option } : undefined
}

/** What was filled in, in the words that the command takes; channels and people by Slack's ids. */
export function optionsFrom(
  command: StudyCommand,
  values: Readonly<Record<string, Readonly<Record<string, ViewStateValue>>>>,
): Given {
  return Object.fromEntries(
    optionsOf(command).flatMap(({ name }) => {
      const value = wordsOf(values[name]?.[inputId(command, name)])
      return value === undefined || value.trim() === '' ? [] : [[name, value]]
    }),
  )
}

function wordsOf(state: ViewStateValue | undefined): string | undefined {
  if (state?.type === 'multi_static_select') {
    const days = new Set((state.selected_options ?? []).flatMap(({ value }) => Array.from(value)))
    return DAY_WORDS.filter((_, i) => days.has(String(i + 1))).join(', ')
  }
  return (
    state?.value ??
    state?.selected_option?.value ??
    state?.selected_conversation ??
    state?.selected_user ??
    state?.selected_time ??
    undefined
  )
}

/** What is wrong with what was filled in, by option; empty when nothing shows yet. */
export function mistakesIn(command: StudyCommand, options: Given, locale: Locale): Record<string, string> {
  const t = translator(locale)
  const parsed = command.options.safeParse(options)
  if (parsed.success) {
    const mistake = command.mistake?.(options, locale)
    return mistake ? { [mistake.option]: mistake.text } : {}
  }
  return Object.fromEntries(
    parsed.error.issues.map((issue) => {
      const option = String(issue.path[0])
      const { name } = command.describeOption(locale, option)
      const isLong = issue.code === 'too_big'
      const max = isLong ? Number(issue.maximum) : 0
      return [option, isLong ? t('grammar.tooLong.text', { max }) : t('grammar.missing.text', { option: name })]
    }),
  )
}
