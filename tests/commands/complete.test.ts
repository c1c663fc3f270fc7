import { describe, expect, it } from 'vitest'
import { completeLine } from '../../src/commands/complete.ts'
import { parseLine } from '../../src/commands/reading/grammar.ts'
import type { Locale } from '../../src/locales/locale.ts'
import { buildCommands } from '../support/builders.ts'

const commands = buildCommands()
const completed = (line: string, locale: Locale = 'ko') => completeLine(line, commands, locale)
const lines = (line: string, locale: Locale = 'ko'): string[] => completed(line, locale).map((each) => each.line)

describe('completion', () => {
  it.each(['', ' ', 'aws', 'study quiz', '람다', 'a/b', '안녕 /study'])(
    'has nothing for a line without a slash in front: %j',
    (line) => {
      expect(lines(line)).toEqual([])
    },
  )

  it.each([
    ['/', ['/aws ', '/study ', '/study-admin ']],
    ['/a', ['/aws ']],
    ['/st', ['/study ', '/study-admin ']],
    ['/ST', ['/study ', '/study-admin ']],
    ['／s', ['/study ', '/study-admin ']],
    ['  /aw', ['/aws ']],
    ['/x', []],
    ['/aw s', []],
  ])('completes the command of %j', (line, expected) => {
    expect(lines(line)).toEqual(expected)
  })

  it.each([
    [
      '/study ',
      [
        '/study quiz ',
        '/study compare ',
        '/study score ',
        '/study leaderboard ',
        '/study team ',
        '/study my-data ',
        '/study forget-me ',
        '/study help ',
      ],
    ],
    ['/study q', ['/study quiz ']],
    ['/study 퀴', ['/study quiz ']],
    ['/study  Q', ['/study quiz ']],
    ['/study t', ['/study team ']],
    ['/study team ', ['/study team create ', '/study team join ', '/study team leave ', '/study team list ']],
    ['/study team l', ['/study team leave ', '/study team list ']],
    ['/study 팀 만', ['/study 팀 create ']],
    [
      '/study-admin ',
      [
        '/study-admin schedule ',
        '/study-admin post-now ',
        '/study-admin settings ',
        '/study-admin admins ',
        '/study-admin team ',
        '/study-admin team-create ',
        '/study-admin missing ',
        '/study-admin doctor ',
      ],
    ],
    ['/study-admin 일정 추', ['/study-admin 일정 add ']],
    [
      '/study-admin schedule add ',
      [
        '/study-admin schedule add quiz ',
        '/study-admin schedule add concept ',
        '/study-admin schedule add leaderboard ',
      ],
    ],
    ['/study nothing ', []],
    ['/study nothing at all', []],
    ['/study help ', []],
    ['/study team create Bl', []],
  ])('completes the subcommand of %j', (line, expected) => {
    expect(lines(line)).toEqual(expected)
  })

  it.each([
    [
      '/study leaderboard ',
      [
        '/study leaderboard week ',
        '/study leaderboard month ',
        '/study leaderboard all ',
        '/study leaderboard members ',
        '/study leaderboard teams ',
      ],
    ],
    ['/study leaderboard m', ['/study leaderboard month ', '/study leaderboard members ']],
    ['/study leaderboard 월', ['/study leaderboard month ']],
    ['/study 순위표 팀', ['/study 순위표 teams ']],
    ['/study leaderboard month ', ['/study leaderboard month members ', '/study leaderboard month teams ']],
    ['/study leaderboard 월간 t', ['/study leaderboard 월간 teams ']],
    ['/study leaderboard teams month ', []],
    ['/study leaderboard yesterday', []],
  ])('completes the words of %j, each option once', (line, expected) => {
    expect(lines(line)).toEqual(expected)
  })

  it.each([
    ['/aws ', ['/aws lambda', '/aws ec2', '/aws s3']],
    ['/aws lam', ['/aws lambda']],
    ['/aws 람', ['/aws lambda']],
    ['/aws ㄹㅏ', ['/aws lambda']],
    ['/aws virtual se', ['/aws ec2']],
    ['/study quiz buck', ['/study quiz s3']],
    ['/study 퀴즈 에스', ['/study 퀴즈 s3']],
    ['/aws kubernetes', []],
    [`/aws ${'x'.repeat(10_000)}`, []],
  ])('completes the topic of %j', (line, expected) => {
    expect(lines(line)).toEqual(expected)
  })

  it('names commands, words and topics in the language of the person', () => {
    expect(completed('/study q', 'ko')).toEqual([
      { line: '/study quiz ', label: '/study 퀴즈 [주제]', detail: '나에게만 보이는 연습 문제를 풀어요' },
    ])
    expect(completed('/study q', 'en')).toEqual([
      { line: '/study quiz ', label: '/study quiz [topic]', detail: 'Practise with a question only you can see' },
    ])
    expect(completed('/study leaderboard mo', 'ko')[0]?.label).toBe('월간')
    expect(completed('/study leaderboard mo', 'en')[0]?.label).toBe('month')
    expect(completed('/aws lam', 'ko')[0]?.label).toBe('AWS Lambda · 람다')
    expect(completed('/aws lam', 'en')[0]?.label).toBe('AWS Lambda')
  })

  it.each([
    ['/study compare lam', ['/study compare lambda']],
    ['/study compare lambda buck', ['/study compare lambda s3']],
    ['/study 비교 s3 람', ['/study 비교 s3 lambda']],
  ])('completes one topic after the other: %j', (line, expected) => {
    expect(lines(line)).toEqual(expected)
  })

  it.each([
    [
      '/study-admin schedule add quiz #study 9:00 weekdays lond',
      '/study-admin schedule add quiz #study 9:00 weekdays Europe/London',
    ],
    [
      '/study-admin schedule add 퀴즈 #study 9:00 매일 뉴',
      '/study-admin schedule add 퀴즈 #study 9:00 매일 America/New_York',
    ],
    ['/study-admin settings seo', '/study-admin settings Asia/Seoul'],
  ])('completes the time zone of %j', (line, expected) => {
    expect(lines(line)[0]).toBe(expected)
  })

  it('only makes lines that the grammar understands or asks one thing more of', () => {
    const seen = new Set<string>()
    const open = ['/']
    for (let line = open.pop(); line !== undefined; line = open.pop()) {
      for (const next of lines(line).filter((each) => !seen.has(each))) {
        seen.add(next)
        open.push(next)
        expect(['command', 'missing-option']).toContain(parseLine(next, commands, 'ko').kind)
      }
    }
    // Roots, subcommands, every pair of words for the board, topics.
    expect(seen.size).toBeGreaterThan(30)
  })
})
