import { describe, expect, it } from 'vitest'
import { type Parsed, parseLine, parseText } from '../../../src/commands/reading/grammar.ts'
import { LOCALES, type Locale } from '../../../src/locales/locale.ts'
import { buildCommands } from '../../support/builders.ts'

const commands = buildCommands()

function parse(line: string, locale: Locale = 'ko'): Parsed {
  return parseLine(line, commands, locale)
}

/** What was understood: `['study quiz', { topic: 'lambda' }]`; for a problem, its kind. */
function understood(parsed: Parsed): readonly [string, Readonly<Record<string, string>>] | string {
  return parsed.kind === 'command' ? [parsed.command.path.join(' '), parsed.options] : parsed.kind
}

describe('a line', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/aws', 'aws', {}],
    ['/aws lambda', 'aws', { query: 'lambda' }],
    ['/study quiz', 'study quiz', {}],
    ['/study quiz lambda', 'study quiz', { topic: 'lambda' }],
    ['/study compare sg nacl', 'study compare', { first: 'sg', second: 'nacl' }],
    ['/study compare "보안 그룹" nacl', 'study compare', { first: '보안 그룹', second: 'nacl' }],
    ['/study score', 'study score', {}],
    ['/study score @민지', 'study score', { member: '@민지' }],
    ['/study leaderboard', 'study leaderboard', {}],
    ['/study leaderboard month teams', 'study leaderboard', { period: 'month', of: 'teams' }],
    ['/study team create Blue', 'study team create', { name: 'Blue' }],
    ['/study team join Blue', 'study team join', { name: 'Blue' }],
    ['/study team leave', 'study team leave', {}],
    ['/study team list', 'study team list', {}],
    ['/study my-data', 'study my-data', {}],
    ['/study forget-me', 'study forget-me', {}],
    ['/study help', 'study help', {}],
    ['/study-admin missing', 'study-admin missing', {}],
  ])('%s is understood', (line, command, options) => {
    expect(understood(parse(line))).toEqual([command, options])
  })

  it('reaches every command of the table by its own name and by its name in each language', () => {
    for (const command of commands) {
      const { path, describe: say } = command
      const lasts = [path.at(-1), ...LOCALES.map((locale) => (path.length > 1 ? say(locale).name : path[0]))]
      for (const last of lasts) {
        const parsed = parse(`/${[...path.slice(0, -1), last].join(' ')} 하나 둘`)
        expect('command' in parsed && parsed.command).toBe(command)
      }
    }
  })

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/study 퀴즈 람다', 'study quiz', { topic: '람다' }],
    ['/study 비교 람다 ec2', 'study compare', { first: '람다', second: 'ec2' }],
    ['/study 점수 민지', 'study score', { member: '민지' }],
    ['/study 순위표 월간 팀', 'study leaderboard', { period: 'month', of: 'teams' }],
    ['/study 순위표 전체 개인', 'study leaderboard', { period: 'all', of: 'members' }],
    ['/study 팀 만들기 블루', 'study team create', { name: '블루' }],
    ['/study 팀 참가 블루', 'study team join', { name: '블루' }],
    ['/study team 나가기', 'study team leave', {}],
    ['/study 팀 list', 'study team list', {}],
    ['/study 내기록', 'study my-data', {}],
    ['/study 기록삭제', 'study forget-me', {}],
    ['/study 도움말', 'study help', {}],
    [`/study ${'퀴즈'.normalize('NFD')}`, 'study quiz', {}],
  ])('may use Korean words, whatever the language of the person: %s', (line, command, options) => {
    for (const locale of LOCALES) expect(understood(parse(line, locale))).toEqual([command, options])
  })

  it.each([
    '/study leaderboard month teams',
    '/study leaderboard teams month',
    '/study leaderboard 팀 월간',
    '/study leaderboard period:month of:teams',
    '/study leaderboard of=teams period=month',
    '/study leaderboard teams period:월간',
    '/study leaderboard 기간:월간 대상:팀',
    '/study leaderboard 기간：월간 대상＝팀',
  ])('has its options in any order, named or not: %s', (line) => {
    expect(understood(parse(line))).toEqual(['study leaderboard', { period: 'month', of: 'teams' }])
  })

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/aws query:lambda', 'aws', { query: 'lambda' }],
    ['/aws 주제:람다', 'aws', { query: '람다' }],
    ['/study score member:민지', 'study score', { member: '민지' }],
    ['/study team create name=Blue', 'study team create', { name: 'Blue' }],
    ['/study compare second:nacl first:sg', 'study compare', { first: 'sg', second: 'nacl' }],
    ['/study compare second:nacl sg', 'study compare', { first: 'sg', second: 'nacl' }],
    ['/study team create name:"Blue  Team"', 'study team create', { name: 'Blue  Team' }],
    ['/aws query:security group', 'aws', { query: 'security group' }],
  ])('may name a free text too: %s', (line, command, options) => {
    expect(understood(parse(line))).toEqual([command, options])
  })

  it.each([
    ['/aws https://example.com', 'https://example.com'],
    ['/aws what:ever', 'what:ever'],
    ['/aws topic:', 'topic:'],
    ['/aws =', '='],
  ])('takes a colon that names no option for text: %s', (line, query) => {
    expect(understood(parse(line))).toEqual(['aws', { query }])
  })

  it.each([
    ['straight quotation marks', '/study team create "Blue  Team"'],
    ['single quotation marks', "/study team create 'Blue  Team'"],
    ['curly quotation marks', '/study team create “Blue  Team”'],
    ['Korean quotation marks', '/study team create 「Blue  Team」'],
    ['no quotation marks', '/study team create Blue  Team'],
    ['spaces around it', '  /study   team  create   Blue  Team  '],
  ])('keeps the spaces in a free text with %s', (_, line) => {
    expect(understood(parse(line))).toEqual(['study team create', { name: 'Blue  Team' }])
  })

  it.each([
    ['never closed', '/study team create "Blue Team', '"Blue Team'],
    ['inside a word', "/study team create Minji's Team", "Minji's Team"],
    ['around one word of several', '/study team create "Blue" Team', '"Blue" Team'],
    ['closed inside a word', '/study team create "Blue"Team', '"Blue"Team'],
    ['alone', '/study team create "', '"'],
  ])('takes a quotation mark %s for text', (_, line, name) => {
    expect(understood(parse(line))).toEqual(['study team create', { name }])
  })

  it.each(['/study team create all', '/study team create "week"', '/study team create 팀'])(
    'does not take the words of another command for more than text: %s',
    (line) => {
      expect(understood(parse(line))).toEqual(['study team create', { name: line.split(' ')[3]?.replaceAll('"', '') }])
    },
  )

  it.each([
    ['extra spaces', '  /study   leaderboard    month  '],
    ['tabs and line breaks', '/study\tleaderboard\nmonth'],
    ['full-width spaces', '/study　leaderboard　month'],
    ['a full-width slash', '／study leaderboard month'],
    ['full-width letters', '／ｓｔｕｄｙ　ｌｅａｄｅｒｂｏａｒｄ　ｍｏｎｔｈ'],
    ['capitals', '/STUDY LeaderBoard MONTH'],
    ['no slash', 'study leaderboard month'],
  ])('is understood with %s', (_, line) => {
    expect(understood(parse(line))).toEqual(['study leaderboard', { period: 'month' }])
  })

  it.each(['/study my-data', '/study mydata', '/study MY_DATA', '/study My-Data'])(
    'may write the hyphen of a command in other ways: %s',
    (line) => {
      expect(understood(parse(line))).toEqual(['study my-data', {}])
    },
  )

  it.each<[string, Readonly<Record<string, string>>]>([
    ...['/study', '/study ', '', '   ', '/'].map((line): [string, Readonly<Record<string, string>>] => [line, {}]),
    ['/study team', { about: 'study team' }],
    ['/study 팀', { about: 'study team' }],
    ['/study-admin', { about: 'study-admin' }],
    ['/study-admin 일정', { about: 'study-admin schedule' }],
  ])('that stops early asks for help about what is there: %j', (line, options) => {
    expect(understood(parse(line))).toEqual(['study help', options])
  })
})

describe('help', () => {
  it.each([
    ['/study-admin help', 'study-admin'],
    ['/study-admin 도움말', 'study-admin'],
    ['/study-admin 도움', 'study-admin'],
    ['/study-admin ?', 'study-admin'],
    ['/study-admin help schedule', 'study-admin schedule'],
    ['/study-admin 일정 도움말', 'study-admin schedule'],
    ['/study 도움', undefined],
    ['/study ?', undefined],
    ['/study ？', undefined],
    ['/study ??', undefined],
    ['/study team help', 'study team'],
    ['/study 도움말 퀴즈', '퀴즈'],
  ])('is shown wherever it is asked for, about what stands there: %s', (line, about) => {
    const help = ['study help', about === undefined ? {} : { about }]
    for (const locale of LOCALES) expect(understood(parse(line, locale))).toEqual(help)
    const [root = '', ...rest] = line.slice(1).split(' ')
    expect(understood(parseText(root, rest.join(' '), commands, 'ko'))).toEqual(help)
  })

  it('is no other word', () => {
    expect(understood(parse('/study quiz help'))).toEqual(['study quiz', { topic: 'help' }])
    expect(understood(parse('/study team join ?'))).toEqual(['study team join', { name: '?' }])
  })
})

describe('the name of a command with its words apart', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/study 내 기록', 'study my-data', {}],
    ['/study my data', 'study my-data', {}],
    ['/study 기록 삭제', 'study forget-me', {}],
    ['/study-admin 못 찾은 말', 'study-admin missing', {}],
    ['/study-admin 바로 올리기 퀴즈 #study', 'study-admin post-now', { kind: 'quiz', channel: '#study' }],
    ['/study-admin 일정 다시 시작 2', 'study-admin schedule resume', { number: '2' }],
    ['/study-admin 일정 쉬는 날 1 12월 25일', 'study-admin schedule skip-dates', { number: '1', dates: '12월 25일' }],
    ['/study-admin 팀 이름 물 바다', 'study-admin team', { team: '물', name: '바다' }],
    ['/study-admin team 이름 바다', 'study-admin team', { team: '이름', name: '바다' }],
  ])('is understood: %s', (line, command, options) => {
    expect(understood(parse(line))).toEqual([command, options])
  })
})

describe('the name of a command in one word with its group, or with the wish for it', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/study-admin 일정목록', 'study-admin schedule list', {}],
    [
      '/study-admin 일정추가 퀴즈 #study 9시 매일',
      'study-admin schedule add',
      { kind: 'quiz', channel: '#study', time: '9시', days: '매일' },
    ],
    ['/study-admin 일정쉬는날 1 없음', 'study-admin schedule skip-dates', { number: '1', dates: '없음' }],
    ['/study 팀만들기 1조', 'study team create', { name: '1조' }],
    ['/study teamlist', 'study team list', {}],
    ['/study 퀴즈내줘', 'study quiz', {}],
    ['/study 퀴즈 내줘', 'study quiz', {}],
    ['/study 내 점수 보여 주세요', 'study score', {}],
    ['/study 순위표 보기', 'study leaderboard', {}],
    // What a command needs may be called so.
    ['/study 팀 만들기 보기', 'study team create', { name: '보기' }],
    ['/study 팀 참가 "하기"', 'study team join', { name: '하기' }],
    ['/study team create !', 'study team create', { name: '!' }],
    ['/study-admin team create Blue', 'study-admin team-create', { name: 'Blue' }],
    ['/study-admin 팀 만들기 파랑', 'study-admin team-create', { name: '파랑' }],
  ])('is understood: %s', (line, command, options) => {
    expect(understood(parse(line))).toEqual([command, options])
  })
})

describe('another word for a command', () => {
  it.each([
    ['/study-admin 일정 등록', 'study-admin schedule add'],
    ['/study-admin schedule create', 'study-admin schedule add'],
    ['/study-admin 일정 정지 1', 'study-admin schedule pause'],
    ['/study-admin schedule unpause 1', 'study-admin schedule resume'],
    ['/study-admin 일정 재개 1', 'study-admin schedule resume'],
    ['/study-admin 일정 조회', 'study-admin schedule list'],
    ['/study-admin schedule show', 'study-admin schedule list'],
    ['/study-admin 일정 공휴일 1 12월 25일', 'study-admin schedule skip-dates'],
    ['/study-admin schedule holiday 1 Dec 25', 'study-admin schedule skip-dates'],
    ['/study-admin 지금 올리기 퀴즈 #study', 'study-admin post-now'],
    ['/study-admin 관리자 제거 준호', 'study-admin admins remove'],
    ['/study 팀 생성 1조', 'study team create'],
    ['/study 팀 가입 1조', 'study team join'],
    ['/study team switch Blue', 'study team join'],
    ['/study 팀 탈퇴', 'study team leave'],
    ['/study team quit', 'study team leave'],
    ['/study 팀 리스트', 'study team list'],
    ['/study 리더보드', 'study leaderboard'],
    ['/study rank', 'study leaderboard'],
    ['/study 연습 문제', 'study quiz'],
    ['/study practice', 'study quiz'],
    ['/study 차이 s3 ebs', 'study compare'],
    ['/study my score', 'study score'],
    ['/study points', 'study score'],
  ])('is understood: %s', (line, command) => {
    const parsed = parse(line)
    expect('command' in parsed && parsed.command.path.join(' ')).toBe(command)
  })
})

describe('the words that cards and people use for a choice', () => {
  it.each([
    ['이번주', { period: 'week' }],
    ['이번 주', { period: 'week' }],
    ['이번 달', { period: 'month' }],
    ['기간:이번 달', { period: 'month' }],
    ['기간: 이번 달', { period: 'month' }],
    ['기간 이번달 팀', { period: 'month', of: 'teams' }],
    ['전체', { period: 'all' }],
    ['this week', { period: 'week' }],
    ['This month team', { period: 'month', of: 'teams' }],
    ['all time', { period: 'all' }],
    ['weekly', { period: 'week' }],
    ['monthly', { period: 'month' }],
    ['team', { of: 'teams' }],
  ])('leaderboard %s', (words, options) => {
    for (const name of ['leaderboard', '순위표', '랭킹', 'ranking']) {
      expect(understood(parse(`/study ${name} ${words}`))).toEqual(['study leaderboard', options])
    }
  })

  it.each(['주간 순위표', 'weekly board', '랭킹', 'leaderboard'])('schedule add %s', (words) => {
    const options = { kind: 'leaderboard', channel: '#study', time: '9:00', days: '월' }
    expect(understood(parse(`/study-admin schedule add ${words} #study 9:00 월`))).toEqual([
      'study-admin schedule add',
      options,
    ])
  })
})

describe('two values for one choice', () => {
  it.each<[string, string, readonly string[]]>([
    ['/study 순위표 주간 월간', 'study leaderboard', ['week', 'month']],
    ['/study leaderboard teams week period:month', 'study leaderboard', ['week', 'month']],
    ['/study 순위표 주간 개인 팀', 'study leaderboard', ['members', 'teams']],
    ['/study 순위표 주간 월간 전체', 'study leaderboard', ['week', 'month', 'all']],
    ['/study-admin 일정 추가 퀴즈 개념 #study 매일 9시', 'study-admin schedule add', ['quiz', 'concept']],
    ['/study-admin 바로올리기 퀴즈 개념', 'study-admin post-now', ['quiz', 'concept']],
    ['/study-admin settings ko en', 'study-admin settings', ['ko', 'en']],
  ])('are none: %s', (line, command, values) => {
    const parsed = parse(line)
    expect(parsed).toMatchObject({ kind: 'many-choices', values })
    expect('command' in parsed && parsed.command.path.join(' ')).toBe(command)
  })

  it('are one where they are the same', () => {
    expect(understood(parse('/study 순위표 주간 이번 주 week'))).toEqual(['study leaderboard', { period: 'week' }])
  })
})

describe('a name that stands apart from its value', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['/aws query: lambda', 'aws', { query: 'lambda' }],
    ['/study team create name: Blue Team', 'study team create', { name: 'Blue Team' }],
    ['/study team create 이름 : "Blue  Team"', 'study team create', { name: 'Blue  Team' }],
    ['/study compare second: nacl first: sg', 'study compare', { first: 'sg', second: 'nacl' }],
    [
      '/study-admin schedule add 채널: #study 시각: 오전 9시 요일: 월 수 금 종류: 퀴즈',
      'study-admin schedule add',
      { channel: '#study', time: '오전 9시', days: '월 수 금', kind: 'quiz' },
    ],
    ['/study-admin post-now channel:study quiz', 'study-admin post-now', { channel: 'study', kind: 'quiz' }],
  ])('%s', (line, command, options) => {
    expect(understood(parse(line))).toEqual([command, options])
  })

  it.each([
    ['days: mon to fri time: 9am', 'mon to fri', '9am'],
    ['days:mon - fri time:9am', 'mon - fri', '9am'],
    ['요일: 월요일부터 금요일까지 시각: 오전 9시', '월요일부터 금요일까지', '오전 9시'],
    ['시각: 9:00 요일: 월 부터 금 까지', '월 부터 금 까지', '9:00'],
  ])('has all of the days: %s', (rest, days, time) => {
    const options = { kind: 'quiz', channel: '#study', days, time }
    expect(understood(parse(`/study-admin schedule add quiz channel:#study ${rest}`))).toEqual([
      'study-admin schedule add',
      options,
    ])
  })

  it.each(['/study team create name Blue', '/study team create "name: Blue"', '/study team create name:'])(
    'is none where a text could be meant: %s',
    (line) => {
      const name = line.replace('/study team create ', '').replaceAll('"', '')
      expect(understood(parse(line))).toEqual(['study team create', { name }])
    },
  )
})

describe('the time, where the days are several words', () => {
  it.each(['#study Mon to Fri', '#study 월요일부터 금요일까지', '#study 월 ~ 금', 'monday through friday #study'])(
    'is missed: %s',
    (words) => {
      expect(parse(`/study-admin schedule add quiz ${words}`)).toMatchObject({ kind: 'missing-option', option: 'time' })
    },
  )
})

describe('an unknown command', () => {
  it.each<[string, Locale, readonly string[], readonly string[]]>([
    ['hello', 'ko', ['/aws', '/study', '/study-admin'], []],
    ['/study 없는말', 'ko', ['퀴즈', '비교', '점수', '순위표', '팀', '내기록', '기록삭제', '도움말'], ['study']],
    [
      '/study-admin 일정 수정',
      'ko',
      ['추가', '목록', '멈추기', '다시시작', '지우기', '쉬는날'],
      ['study-admin', 'schedule'],
    ],
    ['/study team vanish', 'en', ['create', 'join', 'leave', 'list'], ['study', 'team']],
  ])('%s (%s) comes with the words that fit there', (line, locale, accepted, path) => {
    expect(parse(line, locale)).toMatchObject({ kind: 'unknown-command', accepted, path })
  })

  it.each([
    ['/study-admin schedule delete 1', 'study-admin schedule remove'],
    ['/study-admin 일정 삭제 1', 'study-admin schedule remove'],
    ['/study-admin admins delete 준호', 'study-admin admins remove'],
    ['/study-admin schedule stop 1', 'study-admin schedule pause'],
    ['/study 랭킹', 'study leaderboard'],
  ])('is not %s', (line, command) => {
    expect(understood(parse(line))[0]).toBe(command)
  })

  it.each([
    ['/stduy quiz', 'stduy', '/study'],
    ['/sutdy', 'sutdy', '/study'],
    ['/aw lambda', 'aw', '/aws'],
    ['/study quizz', 'quizz', '/study quiz'],
    ['/study leaderbord', 'leaderbord', '/study leaderboard'],
    ['/study lead', 'lead', '/study leaderboard'],
    ['/study hlep', 'hlep', '/study help'],
    ['/study team crate x', 'crate', '/study team create'],
    ['/study 퀴지', '퀴지', '/study 퀴즈'],
    ['/study 순위', '순위', '/study 순위표'],
    ['/study 팀 만들어', '만들어', '/study 팀 만들기'],
  ])('%s comes with the nearest that there is', (line, word, nearest) => {
    expect(parse(line)).toMatchObject({ kind: 'unknown-command', word, nearest })
  })

  it.each([
    ['hello there', 'hello'],
    ['/constructor', 'constructor'],
    ['/study __proto__', '__proto__'],
    ['/study 🚀', '🚀'],
    ['/study <script>', '<script>'],
  ])('%j that is near nothing comes alone', (line, word) => {
    expect(parse(line)).toMatchObject({ kind: 'unknown-command', word, nearest: undefined })
  })
})

describe('an unknown word', () => {
  it.each<[Locale, readonly string[]]>([
    ['ko', ['주간', '월간', '전체', '개인', '팀']],
    ['en', ['week', 'month', 'all', 'members', 'teams']],
  ])('comes with the words that fit, in the language of the person: %s', (locale, accepted) => {
    expect(parse('/study leaderboard 어제', locale)).toMatchObject({ kind: 'unknown-word', word: '어제', accepted })
  })

  it.each<[string, Locale, string | undefined]>([
    ['/study leaderboard wek', 'en', 'week'],
    ['/study leaderboard month temas', 'en', 'teams'],
    ['/study leaderboard 주깐', 'ko', '주간'],
    ['/study leaderboard wek', 'ko', 'week'],
    ['/study leaderboard 어제', 'ko', undefined],
  ])('%s (%s) comes with the nearest that fits', (line, locale, nearest) => {
    expect(parse(line, locale)).toMatchObject({ kind: 'unknown-word', nearest })
  })

  it.each([
    ['/study leaderboard month teams now', 'now'],
    ['/study leaderboard period:yesterday', 'period:yesterday'],
    ['/study team leave now', 'now'],
    ['/study my-data please', 'please'],
  ])('is the one that is too much: %s', (line, word) => {
    expect(parse(line)).toMatchObject({ kind: 'unknown-word', word })
  })
})

describe('a missing option', () => {
  it.each([
    ['/study team create', 'name'],
    ['/study team join', 'name'],
    ['/study 팀 만들기 ', 'name'],
    ['/study team create ""', 'name'],
    ['/study team join " "', 'name'],
    ['/study compare', 'first'],
    ['/study compare sg', 'second'],
    ['/study compare second:sg', 'first'],
    ['/study compare "" nacl', 'first'],
  ])('is named: %s', (line, option) => {
    expect(parse(line)).toMatchObject({ kind: 'missing-option', option })
  })
})

describe('ten thousand characters', () => {
  it.each([
    ['of a text', `/aws ${'가'.repeat(9_995)}`, 'command'],
    ['of words', `/aws ${'a '.repeat(4_997)}`, 'command'],
    ['of quotation marks', `/aws ${'"'.repeat(9_995)}`, 'command'],
    ['of quotation marks and spaces', `/aws ${'" '.repeat(4_997)}`, 'command'],
    ['of colons', `/aws ${':='.repeat(4_997)}`, 'command'],
    ['of spaces', `/aws${' '.repeat(9_996)}`, 'command'],
    ['of too many words', `/study leaderboard ${'a '.repeat(4_990)}`, 'unknown-word'],
    ['of no command', '/'.repeat(10_000), 'unknown-command'],
    ['of an unknown subcommand', `/study ${'퀴'.repeat(9_993)}`, 'unknown-command'],
  ])('%s are read like any other line', (_, line, kind) => {
    expect(line.length).toBeGreaterThan(9_990)
    expect(parse(line).kind).toBe(kind)
  })

  it('of a text are not cut', () => {
    const query = '가'.repeat(9_995)
    expect(understood(parse(`/aws ${query}`))).toEqual(['aws', { query }])
  })
})

describe('text that a platform sends without the command name', () => {
  it.each<[string, string, string, Readonly<Record<string, string>>]>([
    ['aws', 'lambda', 'aws', { query: 'lambda' }],
    ['aws', '', 'aws', {}],
    ['aws', '  security   group ', 'aws', { query: 'security   group' }],
    ['study', 'leaderboard month teams', 'study leaderboard', { period: 'month', of: 'teams' }],
    ['study', '팀 만들기 "파란  팀"', 'study team create', { name: '파란  팀' }],
    ['study', '', 'study help', {}],
  ])('/%s with %j is understood', (root, text, command, options) => {
    expect(understood(parseText(root, text, commands, 'ko'))).toEqual([command, options])
  })

  it('comes with the nearest when it is no command', () => {
    expect(parseText('study', 'quizz', commands, 'ko')).toMatchObject({
      kind: 'unknown-command',
      word: 'quizz',
      nearest: '/study quiz',
      root: 'study',
    })
  })
})
