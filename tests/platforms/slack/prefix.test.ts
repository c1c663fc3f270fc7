import { describe, expect, it } from 'vitest'
import { noticeCard } from '../../../src/cards/notice.ts'
import { plainText } from '../../../src/chat/card.ts'
import { md } from '../../../src/chat/markdown.ts'
import { helpCard } from '../../../src/commands/help.ts'
import { pathIn } from '../../../src/commands/reading/grammar.ts'
import { LOCALES } from '../../../src/locales/locale.ts'
import { createPrefixing } from '../../../src/platforms/slack/prefix.ts'
import { buildCommands } from '../../support/builders.ts'

const commands = buildCommands()
const roots = commands.map(({ path }) => path[0])
const spoken = createPrefixing('team-', roots)
const said = (text: string): string => plainText(spoken(noticeCard('info', 'x', text))).slice('x\n\n'.length)

describe('commands with a prefix', () => {
  it.each([
    ['/study quiz로 풀어요', '/team-study quiz로 풀어요'],
    ['이 봇의 /study-admin을 쓰세요', '이 봇의 /team-study-admin을 쓰세요'],
    ['“/aws 람다”처럼', '“/team-aws 람다”처럼'],
    ['/aws', '/team-aws'],
    ['(/study help)', '(/team-study help)'],
  ])('are read so: %s', (text, shown) => {
    expect(said(text)).toBe(shown)
    expect(spoken(noticeCard('info', text, 'x')).title).toBe(shown)
  })

  it.each([
    'https://docs.aws.amazon.com/aws/latest',
    'https://x.example/study',
    '/aws/lambda/logs',
    '/awsome /study_group /study-administration /studying',
    'and/study',
    '//aws',
    'aws study',
  ])('are nothing else: %s', (text) => {
    expect(said(text)).toBe(text)
  })

  it('leave ids, addresses and paths alone', () => {
    const card = noticeCard('info', 'x', md`[x](https://x.example/study)`, [
      [
        { type: 'button', id: '/study', label: '/study', primary: false },
        { type: 'link', url: 'https://x.example/aws', label: 'x' },
      ],
    ])
    const { rows, blocks } = spoken(card)
    expect(rows).toEqual([[{ ...card.rows[0]?.[0], label: '/team-study' }, card.rows[0]?.[1]]])
    expect(blocks).toEqual(card.blocks)
  })

  it.each(LOCALES)('stand so for each of them in the help, in %s', (locale) => {
    const text = plainText(spoken(helpCard(commands, locale)))
    for (const command of commands) expect(text).toContain(`/team-${pathIn(command, locale).slice(1)}`)
    expect(text).not.toMatch(/\/(study|aws)/)
  })

  it('survive an underline, which Markdown would take for a format', () => {
    const underlined = createPrefixing('_a_', roots)
    expect(plainText(underlined(noticeCard('info', 'x', '/aws lambda')))).toContain('/_a_aws lambda')
  })

  it('are the same card without a prefix', () => {
    const card = noticeCard('info', 'x', '/study')
    expect(createPrefixing('', roots)(card)).toBe(card)
  })
})
