import { describe, expect, it } from 'vitest'
import { optionsOf } from '../../src/chat/command.ts'
import { choiceWord } from '../../src/commands/reading/choices.ts'
import { groupName } from '../../src/commands/reading/grammar.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { buildCommands } from '../support/builders.ts'

const commands = buildCommands()
/** Discord's rules for names and descriptions: discord.com/developers/docs/interactions/application-commands */
const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u
const DESCRIPTION = 100

describe('the table of commands', () => {
  it.each(LOCALES)('has names and descriptions that every platform takes: %s', (locale) => {
    for (const command of commands) {
      const { name, summary } = command.describe(locale)
      const groups = command.path.slice(1, -1)
      const options = optionsOf(command)
      const texts = [
        ...(command.path.length > 1 ? [{ name, summary }] : []),
        ...groups.map((group) => ({
          name: groupName(group, locale),
          summary: translator(locale)(`command.${group}.summary` as 'command.team.summary'),
        })),
        ...options.map((option) => command.describeOption(locale, option.name)),
      ]
      for (const text of texts) {
        expect(text.name, command.path.join(' ')).toMatch(NAME)
        expect(text.name).toBe(text.name.toLowerCase())
        expect(text.summary.length, text.summary).toBeLessThanOrEqual(DESCRIPTION)
        expect(text.summary.length).toBeGreaterThan(0)
      }
      expect(command.path.length).toBeLessThanOrEqual(3)
      for (const option of options) expect(option.name).toMatch(NAME)
    }
  })

  it('has a word of its own for every choice of a command, without spaces, in each language', () => {
    for (const command of commands) {
      for (const locale of LOCALES) {
        const words = optionsOf(command).flatMap(({ values }) => values.map((value) => choiceWord(value, locale)))
        expect(new Set(words).size).toBe(words.length)
        for (const word of words) expect(word).toMatch(/^\S+$/)
      }
    }
  })

  it('names no two commands of a group alike', () => {
    for (const locale of LOCALES) {
      const names = commands.map(({ path, describe: say }) => [...path.slice(0, -1), say(locale).name].join(' '))
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('asks for what must be there before what may be left out', () => {
    for (const command of commands) {
      const required = optionsOf(command).map((option) => option.required)
      expect(required).toEqual([...required].sort((a, b) => Number(b) - Number(a)))
    }
  })
})
