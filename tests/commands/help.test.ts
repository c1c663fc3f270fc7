import { describe, expect, it } from 'vitest'
import { decodeAction } from '../../src/chat/action.ts'
import { plainText } from '../../src/chat/card.ts'
import { optionsOf } from '../../src/chat/command.ts'
import { toText } from '../../src/chat/markdown.ts'
import type { Context } from '../../src/commands/context.ts'
import { helpCard, usage } from '../../src/commands/help.ts'
import { parseLine, pathIn } from '../../src/commands/reading/grammar.ts'
import { actionHandlers } from '../../src/commands/table.ts'
import en from '../../src/locales/en.json' with { type: 'json' }
import ko from '../../src/locales/ko.json' with { type: 'json' }
import { LOCALES, type Locale, translator } from '../../src/locales/locale.ts'
import { buildCommands, present } from '../support/builders.ts'
import { invocationOf } from '../support/world.ts'

const commands = buildCommands()
const asked = async (line: string): Promise<string> => {
  const parsed = parseLine(line, commands, 'ko')
  const { command, options } = present(parsed.kind === 'command' ? parsed : undefined)
  // It looks at nothing but the table.
  return plainText((await command.run({} as Context, invocationOf('minji', 0), options)).card)
}
const named = (...path: string[]) => present(commands.find((command) => command.path.join() === path.join()))

describe('usage', () => {
  it.each<[string, Locale, readonly string[]]>([
    ['/aws [topic]', 'en', ['aws']],
    ['/aws [주제]', 'ko', ['aws']],
    ['/study leaderboard [period] [of]', 'en', ['study', 'leaderboard']],
    ['/study 순위표 [기간] [대상]', 'ko', ['study', 'leaderboard']],
    ['/study team create <name>', 'en', ['study', 'team', 'create']],
    ['/study 팀 참가 <이름>', 'ko', ['study', 'team', 'join']],
    ['/study 내기록', 'ko', ['study', 'my-data']],
    ['/study my-data', 'en', ['study', 'my-data']],
    ['/study 비교 <주제1> <주제2>', 'ko', ['study', 'compare']],
    ['/study-admin 팀이름 <팀> <새이름>', 'ko', ['study-admin', 'team']],
    // Two texts that may be left out: only their names tell them apart.
    ['/study-admin 설정 [언어:…] [시간대:…] [놓친글:…] [분야:…]', 'ko', ['study-admin', 'settings']],
    [
      '/study-admin settings [language:…] [timezone:…] [missed-posts:…] [categories:…]',
      'en',
      ['study-admin', 'settings'],
    ],
  ])('%s (%s) shows what may be left out in brackets', (text, locale, path) => {
    expect(usage(named(...path), locale)).toBe(text)
  })

  it('is a line that the grammar reads as that very command', () => {
    for (const locale of LOCALES) {
      for (const command of commands) {
        // A choice is one of its words; any other part may be any word.
        const words = optionsOf(command).filter(({ required, values }) => required && values.length > 0)
        const line = words.reduce(
          (text, { name, values }) => text.replace(`<${command.describeOption(locale, name).name}>`, values[0] ?? ''),
          usage(command, locale).replace(/ \[.*?\]/g, ''),
        )
        expect(parseLine(line, commands, locale)).toMatchObject({ kind: 'command', command })
      }
    }
  })
})

describe('the texts', () => {
  /** Every command with something behind it, from where it begins to the end of the text. */
  const named = (texts: object): string[] =>
    Object.values(texts).flatMap((text: string | object) =>
      typeof text === 'string'
        ? Array.from(text.matchAll(/\/study(?:-admin)? (?!명령|commands|of )/g), ({ index }) => text.slice(index))
        : named(text),
    )

  it.each([
    ['ko', ko],
    ['en', en],
  ] as const)('call commands as their reader finds them, with nothing attached: %s', (locale, texts) => {
    const paths = commands.map((command) => pathIn(command, locale))
    const found = named(texts)
    expect(found.length).toBeGreaterThan(20)
    const isOne = (text: string): boolean =>
      paths.some((path) => text.startsWith(path) && !/^[\p{L}\p{N}-]/u.test(text.slice(path.length)))
    expect(found.filter((text) => !isOne(text))).toEqual([])
  })
})

describe('the help card', () => {
  it.each(LOCALES)('lists every command once, with what it does: %s', (locale) => {
    const lines = plainText(helpCard(commands, locale)).split('\n')
    for (const command of commands) {
      const line = `- ${usage(command, locale)} · ${command.describe(locale).summary}`
      expect(lines.filter((each) => each === line)).toHaveLength(1)
    }
    expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(commands.length)
  })

  it.each([
    ['/study 팀', ['create', 'join', 'leave', 'list']],
    ['/study-admin 관리자', ['add', 'remove', 'list']],
    ['/study-admin 일정 help', ['add', 'list', 'pause', 'resume', 'remove', 'skip-dates']],
    ['/study 도움말 퀴즈', ['quiz']],
    ['/study help /study-admin schedule add', ['add']],
    ['/study help post-now', ['post-now']],
    ['/study help team', ['create', 'join', 'leave', 'list', 'team']],
  ])('lists just the commands that %s is about', async (line, names) => {
    const lines = (await asked(line)).split('\n').filter((each) => each.startsWith('- '))
    const expected = commands.filter(({ path }) => names.includes(path.at(-1) ?? ''))
    for (const each of lines)
      expect(expected.some((command) => each.startsWith(`- ${usage(command, 'ko')} · `))).toBe(true)
    expect(lines).toHaveLength(names.length)
    expect(await asked(line)).toContain('[모든 명령 보기]')
  })

  it('lists the commands of a root, and everything for what names none', async () => {
    const count = async (line: string) => (await asked(line)).match(/^- /gm)?.length
    expect(await count('/study-admin')).toBe(commands.filter(({ path }) => path[0] === 'study-admin').length)
    expect(await count('/study help me')).toBe(commands.length)
  })

  it('lists what only admins may do apart', () => {
    const lists = helpCard(commands, 'en').blocks.flatMap((block) => (block.type === 'list' ? [block] : []))
    const admin = lists.find(({ heading }) => heading === translator('en')('help.admin'))
    const expected = commands.filter(({ audience }) => audience === 'admin').map((command) => usage(command, 'en'))
    expect(expected.length).toBeGreaterThan(0)
    expect(admin?.items.map((item) => toText(item).split(' · ')[0])).toEqual(expected)
  })

  it('has buttons that somebody handles', () => {
    const handlers = actionHandlers(commands)
    const kinds = helpCard(commands, 'ko')
      .rows.flat()
      .map((action) => (action.type === 'button' ? decodeAction(action.id)?.kind : undefined))
    expect(kinds).toEqual(['quiz.practise', 'board.show'])
    for (const kind of kinds) expect(Object.keys(handlers)).toContain(kind)
  })
})
