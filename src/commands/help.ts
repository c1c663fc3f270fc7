// /study help [command]: the table of commands as a card, or the part of it that is asked for.

import * as z from 'zod'
import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { defineCommand, optionalTextOption, optionsOf } from '../chat/command.ts'
import { privately } from '../chat/invocation.ts'
import { type Markdown, md } from '../chat/markdown.ts'
import { type Locale, translator } from '../locales/locale.ts'
import type { Context, StudyCommand } from './context.ts'
import { commandsNamed } from './reading/called.ts'
import { pathIn } from './reading/grammar.ts'

/** @param commands read when help is asked, so that the table can hold help itself */
export function helpCommand(commands: () => readonly StudyCommand[]): StudyCommand {
  return defineCommand({
    path: ['study', 'help'],
    audience: 'member',
    pace: 'quick',
    options: z.object({ about: optionalTextOption() }),
    describe: (locale) => translator(locale)('command.help', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.about', { returnObjects: true }),
    run: async (_context: Context, { locale }, { about }) => {
      const all = commands()
      const asked = about === undefined ? [] : commandsNamed(about, all)
      return privately(asked.length === 0 ? helpCard(all, locale) : partCard(asked, locale))
    },
  })
}

/**
 * How a command is written in a language: `/study score [member]`, `/study 점수 [참가자]`, brackets for what may be left out. Where
 * several texts may be, each is called by its name: `[timezone:…]`.
 */
export function usage(command: StudyCommand, locale: Locale): string {
  const specs = optionsOf(command)
  const isByName = specs.filter(({ kind, required }) => kind !== 'choice' && !required).length > 1
  const options = specs.map(({ name, required }) => {
    const label = command.describeOption(locale, name).name
    if (required) return `<${label}>`
    return isByName ? `[${label}:…]` : `[${label}]`
  })
  return [pathIn(command, locale), ...options].join(' ')
}

/** How a command is written, and what it does. */
export function usageLine(command: StudyCommand, locale: Locale): Markdown {
  return md`**${usage(command, locale)}** · ${command.describe(locale).summary}`
}

/** The lines of some commands, with a way to all of them. */
function partCard(commands: readonly StudyCommand[], locale: Locale): Card {
  const t = translator(locale)
  return {
    title: t('help.title'),
    accent: 'info',
    blocks: [{ type: 'list', ordered: false, items: commands.map((command) => usageLine(command, locale)) }],
    rows: [[{ type: 'button', primary: false, label: t('help.all'), id: encodeAction('help.show') }]],
  }
}

/** The whole table. */
export function helpCard(commands: readonly StudyCommand[], locale: Locale): Card {
  const t = translator(locale)
  const lines = (list: readonly StudyCommand[]) => list.map((command) => usageLine(command, locale))
  const shown = commands.filter(({ audience }) => audience === 'member')
  const admin = commands.filter(({ audience }) => audience === 'admin')
  return {
    title: t('help.title'),
    accent: 'info',
    blocks: [
      { type: 'text', text: md`${t('help.intro')}` },
      {
        type: 'list',
        heading: t('help.lookup'),
        ordered: false,
        items: lines(shown.filter(({ path }) => path.length === 1)),
      },
      {
        type: 'list',
        heading: t('help.study'),
        ordered: false,
        items: lines(shown.filter(({ path }) => path.length > 1)),
      },
      { type: 'list', heading: t('help.admin'), ordered: false, items: lines(admin) },
      { type: 'note', text: md`${t('help.game')}` },
    ],
    rows: [
      [
        { type: 'button', primary: true, label: t('topic.practise'), id: encodeAction('quiz.practise') },
        { type: 'button', primary: false, label: t('board.open'), id: encodeAction('board.show', 'week', 'members') },
      ],
    ],
  }
}
