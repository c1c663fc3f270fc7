// Command: defined once, and everything that names it (Discord's JSON, Slack's grammar, help, completion) is derived from it.

import * as z from 'zod'
import type { Locale } from '../locales/locale.ts'
import type { ActionRef } from './action.ts'
import type { Invocation, Reply } from './invocation.ts'

/** What an option holds: decides completion, and how each platform asks for it. */
export type OptionKind = 'topic' | 'member' | 'channel' | 'choice' | 'timezone' | 'text'

/** What a text says, where a platform has something better for it than a line to type in. */
export type OptionForm = 'time' | 'days'

const kinds = z.registry<{ kind: OptionKind; form?: OptionForm }>()

const LONGEST_OPTION = 100

/** What somebody wrote. Some keyboards send Hangul in its parts (NFD), which are more characters than anybody sees: all count the same. */
function text(): z.ZodString {
  return z.string().normalize('NFC')
}

/** A topic by any of its names. */
export function requiredTopicOption(): z.ZodString {
  return text().max(10_000).register(kinds, { kind: 'topic' })
}

/** A topic that may be left out. */
export function topicOption(): z.ZodOptional<z.ZodString> {
  return requiredTopicOption().optional()
}

/** A member: the id on the platform, or a name. */
export function requiredMemberOption(): z.ZodString {
  return text().max(LONGEST_OPTION).register(kinds, { kind: 'member' })
}

/** A member that may be left out. */
export function memberOption(): z.ZodOptional<z.ZodString> {
  return requiredMemberOption().optional()
}

/** A channel: the id on the platform. */
export function channelOption(): z.ZodString {
  return text().trim().min(1).max(LONGEST_OPTION).register(kinds, { kind: 'channel' })
}

/** An IANA time zone that may be left out. */
export function timeZoneOption(): z.ZodOptional<z.ZodString> {
  return text().trim().max(LONGEST_OPTION).register(kinds, { kind: 'timezone' }).optional()
}

/** One of a few words. */
export function choiceOption<const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) {
  const choice = z.enum(values)
  kinds.add(choice, { kind: 'choice' })
  return choice.default(fallback as z.infer<typeof choice> & {})
}

/** One of a few words that must be there. */
export function requiredChoiceOption<const T extends readonly [string, ...string[]]>(values: T) {
  const choice = z.enum(values)
  kinds.add(choice, { kind: 'choice' })
  return choice
}

/** One of a few words that may be left out, and then means nothing. */
export function optionalChoiceOption<const T extends readonly [string, ...string[]]>(values: T) {
  return requiredChoiceOption(values).optional()
}

/** Free text that may be left out. */
export function optionalTextOption(max = LONGEST_OPTION): z.ZodOptional<z.ZodString> {
  return textOption(max).optional()
}

/** Free text that must be there. */
export function textOption(max = LONGEST_OPTION): z.ZodString {
  return text().trim().min(1).max(max).register(kinds, { kind: 'text' })
}

/** A time of day, as people write it. */
export function timeOption(): z.ZodString {
  return text().trim().min(1).max(LONGEST_OPTION).register(kinds, { kind: 'text', form: 'time' })
}

/** Days of the week, as people write them. */
export function daysOption(): z.ZodString {
  return text().trim().min(1).max(LONGEST_OPTION).register(kinds, { kind: 'text', form: 'days' })
}

export type OptionsSchema = z.ZodObject<Record<string, z.ZodType>>

/** The part of the locale files that names options and words. */
type OptionText = { readonly name: string; readonly summary: string }

/** A command as data. `Context` is whatever its handlers need. */
export type Command<Context> = {
  /** `['aws']`, `['study', 'quiz']` or `['study', 'team', 'create']`. */
  readonly path: readonly [string, ...string[]]
  readonly audience: 'member' | 'admin'
  /** `slow`: the platform acknowledges first, because the answer may take longer than a second. */
  readonly pace: 'quick' | 'slow'
  readonly options: OptionsSchema
  /** Other words for the last part of the path, and what the command does, in a language. */
  readonly describe: (locale: Locale) => OptionText
  readonly describeOption: (locale: Locale, option: string) => OptionText
  readonly run: (context: Context, invocation: Invocation, options: Readonly<Record<string, unknown>>) => Promise<Reply>
  /** Suggestions for an option that is being typed, of a kind that `isCompleted`. From memory: it runs for every keystroke. */
  readonly complete?: (typing: Typing) => readonly Suggestion[]
  /** What is wrong with options that are all there, as far as it shows from them alone. From memory: a form waits for it. */
  readonly mistake?: (options: Readonly<Record<string, string>>, locale: Locale) => Mistake | undefined
}

/** What is wrong, and with which option. */
export type Mistake = { readonly option: string; readonly title: string; readonly text: string }

/** The buttons and pickers a command owns: kind of the action id → handler. */
export type ActionHandlers<Context> = Readonly<
  Record<
    string,
    (context: Context, invocation: Invocation, action: ActionRef, picked: string | undefined) => Promise<Reply>
  >
>

export type Typing = {
  readonly option: string
  readonly prefix: string
  readonly limit: number
  readonly locale: Locale
}

/** Whether an option of this kind is a text with suggestions. */
export function isCompleted(kind: OptionKind): boolean {
  return kind === 'topic' || kind === 'timezone'
}

export type Suggestion = { readonly value: string; readonly label: string }

/** Keeps the types of the options together with the handler that gets them. */
export function defineCommand<Context, Schema extends OptionsSchema>(
  command: Omit<Command<Context>, 'options' | 'run'> & {
    readonly options: Schema
    readonly run: (context: Context, invocation: Invocation, options: z.infer<Schema>) => Promise<Reply>
  },
): Command<Context> {
  return {
    ...command,
    // Parsing here, where schema and handler meet, is what makes the handler's types true.
    run: async (context, invocation, options) =>
      command.run(context, invocation, parseOptions(command.options, options)),
  }
}

/** What is wrong with an option: it is not there, longer than `max`, or none of the words that it takes. */
export type OptionProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-long'; readonly max: number }
  | { readonly kind: 'unknown'; readonly word: string }

/** Options that their command does not take. What a person wrote is in `problem` alone: a message may get into the log. */
export class OptionError extends Error {
  override name = 'OptionError'
  readonly option: string
  readonly problem: OptionProblem
  constructor(option: string, problem: OptionProblem) {
    super(`the option ${option} is ${problem.kind}`)
    this.option = option
    this.problem = problem
  }
}

/**
 * The options as their handler gets them. One that may be left out and holds nothing but blanks was left out.
 *
 * @throws {OptionError} for the first that is wrong
 */
function parseOptions<Schema extends OptionsSchema>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === ''
  const meant = Object.entries(given).filter(([name, value]) => !isBlank(value) || !isOptional(schema.shape[name]))
  const parsed = schema.safeParse(Object.fromEntries(meant))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = String(issue?.path[0])
  const value = given[option]
  if (issue?.code === 'too_big') throw new OptionError(option, { kind: 'too-long', max: Number(issue.maximum) })
  if (value === undefined || isBlank(value)) throw new OptionError(option, { kind: 'missing' })
  throw new OptionError(option, { kind: 'unknown', word: String(value) })
}

function isOptional(schema: z.ZodType | undefined): schema is z.ZodOptional | z.ZodDefault {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
}

/** One option as the platforms need it. */
export type OptionSpec = {
  readonly name: string
  readonly kind: OptionKind
  readonly form: OptionForm | undefined
  readonly required: boolean
  /** The words a `choice` takes. */
  readonly values: readonly string[]
  /** The most characters that a text may have. */
  readonly max: number | undefined
}

/**
 * The options of a command, in order.
 *
 * @throws {Error} for a schema that was not made by the functions above: a mistake in code.
 */
export function optionsOf(command: Pick<Command<never>, 'options' | 'path'>): readonly OptionSpec[] {
  return Object.entries(command.options.shape).map(([name, schema]) => {
    const wrapped = isOptional(schema)
    const inner = wrapped ? schema.unwrap() : schema
    const { kind, form } = kinds.get(inner as z.ZodType) ?? {}
    if (!kind) throw new Error(`option ${name} of ${command.path.join(' ')} has no kind`)
    const values = inner instanceof z.ZodEnum ? inner.options.map(String) : []
    const max = inner instanceof z.ZodString ? (inner.maxLength ?? undefined) : undefined
    return { name, kind, form, required: !wrapped, values, max }
  })
}
