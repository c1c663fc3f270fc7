import { describe, expect, it } from 'vitest'
import { parseWhen } from '../../../src/commands/reading/parse-when.ts'
import { otherRhythmIn } from '../../../src/commands/reading/rhythms.ts'
import { parseDays, parseTime } from '../../../src/commands/reading/when.ts'
import { findZone, isCoast, suggestZones } from '../../../src/commands/reading/zones.ts'

describe('a time', () => {
  it.each([
    ['9:00', '09:00'],
    ['09:00', '09:00'],
    ['21:30', '21:30'],
    ['0:05', '00:05'],
    ['오전 9시', '09:00'],
    ['오전9시', '09:00'],
    ['오후 9시 30분', '21:30'],
    ['오후 9시 반', '21:30'],
    ['오후 12시', '12:00'],
    ['오전 12시', '00:00'],
    ['오후 2:15', '14:15'],
    ['9시', '09:00'],
    ['21시', '21:00'],
    ['오후 13시', '13:00'],
    ['9am', '09:00'],
    ['9 PM', '21:00'],
    ['12am', '00:00'],
    ['12pm', '12:00'],
    ['9:30pm', '21:30'],
    ['９：００', '09:00'],
    ['정오', '12:00'],
    ['midnight', '00:00'],
    ['아침 9시', '09:00'],
    ['저녁 8시 반', '20:30'],
    ['저녁 20시', '20:00'],
    ['밤 10시', '22:00'],
    ['밤 12시', '00:00'],
    ['낮 12시', '12:00'],
    ['낮 1시', '13:00'],
    ['새벽 6시', '06:00'],
    ['오전 9시에', '09:00'],
    ['at 9am', '09:00'],
    // As 9시 is: an hour of the 24.
    ['9', '09:00'],
    ['at 9', '09:00'],
    ['at noon', '12:00'],
    ['정오에', '12:00'],
    ["9 o'clock", '09:00'],
    ['9 o’clock in the evening', '21:00'],
    ['morning at 9', '09:00'],
    ['morning at 9am', '09:00'],
    ['evening at 7', '19:00'],
    ['8 at night', '20:00'],
    ['9.30', '09:30'],
    ['9.30am', '09:30'],
    ['0930', '09:30'],
    ['0900', '09:00'],
    ['9시로', '09:00'],
    ['9시쯤에', '09:00'],
    ['아침 아홉 시', '09:00'],
    ['오후 두시 반', '14:30'],
    ['열두 시', '12:00'],
    ['점심 12시', '12:00'],
    ['새벽 0시', '00:00'],
  ])('%j is %s', (text, time) => {
    expect(parseTime(text)).toBe(time)
  })

  it.each([
    '24:00',
    '2460',
    '999',
    '9.5',
    '한시간',
    'morning',
    'morning at 9pm',
    '오후 9am',
    '25:00',
    '9:60',
    '9:5',
    '오전 13시',
    '아침 20시',
    '저녁 12시',
    '밤 1시',
    '오전 9pm',
    'am',
    '',
    '아침',
    '9시 70분',
    '24시',
    '-9:00',
    '9:00:00',
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})

describe('days', () => {
  it.each([
    ['매일', '1234567'],
    ['every day', '1234567'],
    ['Daily', '1234567'],
    ['평일', '12345'],
    ['weekdays', '12345'],
    ['주말', '67'],
    ['weekend', '67'],
    ['월수금', '135'],
    ['월,수,금', '135'],
    ['월 수 금', '135'],
    ['월·수·금', '135'],
    ['월요일', '1'],
    ['매주 월요일', '1'],
    ['일요일', '7'],
    ['월요일, 일요일', '17'],
    ['월~금', '12345'],
    ['금-월', '1567'],
    ['mon,wed,fri', '135'],
    ['Mon, Wed and Fri', '135'],
    ['every monday', '1'],
    ['mondays', '1'],
    ['mon-fri', '12345'],
    ['fri - mon', '1567'],
    ['Tuesday & Thursday', '24'],
    ['일월', '17'],
    ['mon to fri', '12345'],
    ['Monday through Friday', '12345'],
    ['from Mon until Wed', '123'],
    ['every week from tue thru thu', '234'],
    ['fri to mon', '1567'],
    ['mon – fri', '12345'],
    ['mon to wed, fri', '1235'],
    ['mon to wed and sat', '1236'],
    ['월요일부터 금요일까지', '12345'],
    ['월요일부터 금요일', '12345'],
    ['월요일에서 금요일까지', '12345'],
    ['월부터 금까지', '12345'],
    ['월 부터 금 까지', '12345'],
    ['매주 월요일부터 수요일까지, 금요일', '1235'],
    ['월 ~ 금', '12345'],
    ['월요일 ~ 금요일', '12345'],
    ['월～금', '12345'],
    ['월〜금', '12345'],
    ['월욜부터 수욜까지', '123'],
    ['월요일과 수요일', '13'],
    ['월요일, 수요일에', '13'],
    ['매주월요일', '1'],
    ['매주 평일', '12345'],
    ['평일, 토요일', '123456'],
    ['weekdays and saturday', '123456'],
    ['weekly on monday', '1'],
    ['on weekends', '67'],
    ['every week days', '12345'],
    ['workdays', '12345'],
    ['business days', '12345'],
    ['on business days', '12345'],
    ['on the weekend', '67'],
    ['once a day', '1234567'],
    ['월요일만', '1'],
    ['평일만', '12345'],
    ['월수금만', '135'],
    ['MWF', '135'],
    ['m/w/f', '135'],
    ['M, W, F', '135'],
    ['TTh', '24'],
    ['T/Th', '24'],
    ['mtwtf', '12345'],
  ])('%j are %s', (text, days) => {
    expect(parseDays(text)).toBe(days)
  })

  it.each([
    ...['', 'someday', '월x', 'mon-', 'm', '요일', '월-수-금', 'mon,xyz', '9시', '내일'],
    ...[
      'mon to',
      'to fri',
      'to',
      'and',
      'every',
      '월요일부터',
      '금요일까지',
      '까지',
      'mon to wed to fri',
      '월부터 내일까지',
    ],
    // Letters of days stand in the order of the week: "tmw" is tomorrow.
    ...['tmw', 'wtf', 'mm', 'sum', '만', 'next monday', '월요일 빼고', 'daily monday', '금요일 매일'],
    ...['격주', '매월', '격주 월요일', 'every other monday', 'biweekly', 'monthly'],
  ])('%j are none', (text) => {
    expect(parseDays(text)).toBeUndefined()
  })
})

describe('a line of text, parted at spaces', () => {
  it.each([
    [['9:00', '평일', undefined], '09:00', '12345', undefined],
    [['9:00', '평일', '서울'], '09:00', '12345', 'Asia/Seoul'],
    [['오전', '9시', '평일'], '09:00', '12345', undefined],
    [['오전', '9시', '월 수 금'], '09:00', '135', undefined],
    [['오후', '9시', '30분 매일 Europe/London'], '21:30', '1234567', 'Europe/London'],
    [['9:00', 'every', 'day'], '09:00', '1234567', undefined],
    [['9:00', 'every', 'day new york'], '09:00', '1234567', 'America/New_York'],
    [['9', 'am', 'mon, wed'], '09:00', '13', undefined],
    // The days first, as it is mostly said in Korean.
    [['평일', '9:00', undefined], '09:00', '12345', undefined],
    [['매일', '저녁', '8시 30분 London'], '20:30', '1234567', 'Europe/London'],
    [['월', '수', '금 오전 9시'], '09:00', '135', undefined],
    [['monday', 'at', '9am'], '09:00', '1', undefined],
    [['9:00', 'Mon', 'to Fri'], '09:00', '12345', undefined],
    [['9:00', 'Mon', 'to Fri London'], '09:00', '12345', 'Europe/London'],
    [['monday', 'through', 'friday 9am'], '09:00', '12345', undefined],
    [['9:00', '월요일부터', '금요일까지'], '09:00', '12345', undefined],
    [['오전', '9시', '월요일부터 금요일까지 서울'], '09:00', '12345', 'Asia/Seoul'],
    [['월요일부터', '금요일까지', '오전 9시'], '09:00', '12345', undefined],
    [['월', '~', '금 9:00'], '09:00', '12345', undefined],
    [['weekdays', '9', undefined], '09:00', '12345', undefined],
    [['every', 'weekday', 'at 9'], '09:00', '12345', undefined],
    [['every', 'morning', 'at 9'], '09:00', '1234567', undefined],
    [['매일아침', '9시', undefined], '09:00', '1234567', undefined],
    [['저녁마다', '8시', undefined], '20:00', '1234567', undefined],
    [['평일', '아침마다', '9시'], '09:00', '12345', undefined],
    [['금요일', '저녁마다', '8시'], '20:00', '5', undefined],
    [['weekdays', 'every', 'morning at 9'], '09:00', '12345', undefined],
    [['평일9시', '런던', undefined], '09:00', '12345', 'Europe/London'],
    [['9am,', 'weekdays', undefined], '09:00', '12345', undefined],
    [['weekdays', '@', '9am'], '09:00', '12345', undefined],
    // What only asks for it.
    [['매일', '9시', '정각에 올려줘'], '09:00', '1234567', undefined],
    [['매일', '9시', '해 주세요'], '09:00', '1234567', undefined],
    [['9am', 'daily', 'please'], '09:00', '1234567', undefined],
    // A zone in any place, and what people write around it.
    [['한국', '시간', '9시 평일'], '09:00', '12345', 'Asia/Seoul'],
    [['9시', '평일', '서울시간'], '09:00', '12345', 'Asia/Seoul'],
    [['9am', 'London', 'time weekdays'], '09:00', '12345', 'Europe/London'],
    [['9am', 'weekdays', 'in London'], '09:00', '12345', 'Europe/London'],
  ])('%j is read as a whole', ([time = '', days = '', timezone], at, on, zone) => {
    expect(parseWhen({ time, days, timezone })).toEqual({ kind: 'when', time: at, days: on, timeZone: zone })
  })

  it.each([
    ['soon', '매일', undefined, 'bad-time', 'soon'],
    ['월요일', '99', undefined, 'bad-time', '99'],
    ['평일', '9:00', 'Nowhere', 'bad-zone', 'Nowhere'],
    ['평일', '9:00', '+09:00', 'offset', '+09:00'],
    ['9:00', 'someday', undefined, 'bad-days', 'someday'],
    ['9:00', '매일', 'Nowhere', 'bad-zone', 'Nowhere'],
    ['9:00', '매일', '+09:00', 'offset', '+09:00'],
    ['9:00', '매일', 'UTC+9', 'offset', 'UTC+9'],
    ['오전', '9시', undefined, 'bad-days', ''],
    // The zone, however many words stand before it.
    ['오전', '9시', '매일 Asia/Soul', 'bad-zone', 'Asia/Soul'],
    ['오전', '9시', '매일 서을', 'bad-zone', '서을'],
    ['9:00', 'every', 'day Soul', 'bad-zone', 'Soul'],
    ['9:00pm', 'every', 'day PST', 'bad-zone', 'PST'],
    ['오전', '9시', '월 수 금 +09:00', 'offset', '+09:00'],
    ['매일', '오전', '9시 Soul', 'bad-zone', 'Soul'],
    // The time.
    ['오전', '25시', '매일', 'bad-time', '오전 25시'],
    ['오전', '25시', '매일 서울', 'bad-time', '오전 25시'],
    ['9시', '70분', '매일', 'bad-time', '9시 70분'],
    ['매일', '오전', '25시', 'bad-time', '오전 25시'],
    ['25:00', '매일', undefined, 'bad-time', '25:00'],
    // The days.
    ['오전', '9시', '언젠가', 'bad-days', '언젠가'],
    ['9:00', '언젠가', '서울', 'bad-days', '언젠가'],
    ['9:00', 'mon,', 'fro', 'bad-days', 'mon, fro'],
    ['9:00', 'every', undefined, 'bad-days', 'every'],
    ['월', '수', undefined, 'bad-time', '월'],
    // Another day was meant, and no zone.
    ['9:00', 'Mon', 'to Frday', 'bad-days', 'Mon to Frday'],
    ['9:00', '월', '부터 내일까지', 'bad-days', '월 부터 내일까지'],
    ['9:00', 'Mon', 'and Frday', 'bad-days', 'Mon and Frday'],
    ['Mon', 'to', 'Frday 9am', 'bad-days', 'Mon to Frday'],
    ['9시', 'tmw', undefined, 'bad-days', 'tmw'],
    // Behind the time and the days.
    ['매일', '9시', '보안팀', 'bad-zone', '보안팀'],
    ['매일', '9시', '월요일', 'bad-zone', '월요일'],
    ['9시', '매일', '12월 31일까지', 'bad-zone', '12월 31일까지'],
    ['9am', 'every', 'day starting monday', 'bad-zone', 'starting monday'],
    ['9:00', '매일', '12월 25일', 'bad-zone', '12월 25일'],
    // One date.
    ['내일', '9시', undefined, 'one-date', '내일'],
    ['다음', '주', '월요일 9시 서울', 'one-date', '다음 주 월요일'],
    ['12월', '1일', '9시', 'one-date', '12월 1일'],
    ['tomorrow', 'noon', undefined, 'one-date', 'tomorrow'],
    ['next', 'monday', '9am', 'one-date', 'next monday'],
    // More than one time.
    ['9시,', '18시', '매일', 'two-times', '9시, 18시 매일'],
    ['매일', '9시와', '18시', 'two-times', '매일 9시와 18시'],
    ['9am', 'and', '6pm daily', 'two-times', '9am and 6pm daily'],
    // Days to leave out.
    ['일요일', '제외', '매일 9시', 'except', '일요일 제외 매일 9시'],
    ['주말빼고', '9시', undefined, 'except', '주말빼고 9시'],
    ['everyday', '9am', 'except sunday', 'except', 'everyday 9am except sunday'],
  ])('%s %s %s says what was not understood', (time, days, timezone, kind, word) => {
    const read = parseWhen({ time, days, timezone })
    if (word === '') expect(['bad-time', 'bad-days']).toContain(read.kind)
    else expect(read).toEqual({ kind, word })
  })
})

describe('another rhythm than every week', () => {
  it.each([
    ['격주 월요일 9:00', '격주'],
    ['월요일 9:00 격주로', '격주로'],
    ['격월', '격월'],
    ['격일로 9:00', '격일로'],
    ['9:00 월 2주마다', '2주마다'],
    ['두 주에 한 번 월요일', '두 주에 한 번'],
    ['이주일 간격', '이주일 간격'],
    ['이틀마다 9:00', '이틀마다'],
    ['3일마다', '3일마다'],
    ['하루 걸러 9:00', '하루 걸러'],
    ['매월 1일 9:00', '매월 1일'],
    ['매달 월요일', '매달'],
    ['한 달에 두 번', '한 달에 두 번'],
    ['첫째 주 월요일', '첫째 주'],
    ['마지막 금요일', '마지막 금요일'],
    ['biweekly Monday', 'biweekly'],
    ['Bi-Weekly mon', 'Bi-Weekly'],
    ['fortnightly', 'fortnightly'],
    ['9:00 every other week', 'every other week'],
    ['every other Monday', 'every other Monday'],
    ['every 2 weeks on mon', 'every 2 weeks'],
    ['once every two weeks', 'every two weeks'],
    ['every second friday', 'every second friday'],
    ['monthly 9:00', 'monthly'],
    ['once a month', 'once a month'],
    ['first monday of the month', 'first monday'],
    ['매시간', '매시간'],
    ['2시간마다', '2시간마다'],
    ['30분마다 매일', '30분마다'],
    ['하루에 두 번', '하루에 두 번'],
    ['every 2 hours', 'every 2 hours'],
    ['hourly', 'hourly'],
    ['9:00 twice a day', 'twice a day'],
  ])('%j is told by %j', (text, word) => {
    expect(otherRhythmIn(text)).toBe(word)
  })

  it.each([
    ...[
      '',
      '매주 월요일 9:00',
      '월 수 금 오전 9시 반',
      '매일 저녁 8시',
      '일월',
      '매 월요일',
      '매월요일',
      '일주일에 한 번 월요일',
    ],
    ...[
      '오후 두 시 주말',
      'every monday 9am',
      'every week on monday',
      'every day',
      'once a week',
      'mon to fri',
      'someday',
    ],
    ...['every 1 week', 'everyday at noon', '한 주에 한 번', '한국 시간 9시 평일', '하루에 한 번', 'once a day'],
  ])('%j asks for none', (text) => {
    expect(otherRhythmIn(text)).toBeUndefined()
  })

  it('is in the name of no time zone', () => {
    const names = (['ko', 'en'] as const).flatMap((locale) =>
      suggestZones('a', 1000, locale).flatMap(({ value, label }) => [value, value.replaceAll(/[/_]/g, ' '), label]),
    )
    expect(names.length).toBeGreaterThan(1000)
    expect(names.filter((name) => otherRhythmIn(name) !== undefined)).toEqual([])
  })

  it('is looked for in a long text about as fast as in a short one', () => {
    for (const part of ['every ', '두 ', 'a', '매', '첫 ', '9', ' ']) {
      const since = performance.now()
      otherRhythmIn(part.repeat(10_000))
      expect(performance.now() - since, part).toBeLessThan(500)
    }
  })
})

describe('a time zone', () => {
  it.each([
    ['Asia/Seoul', 'Asia/Seoul'],
    ['asia/seoul', 'Asia/Seoul'],
    ['seoul', 'Asia/Seoul'],
    ['서울', 'Asia/Seoul'],
    ['뉴욕', 'America/New_York'],
    ['new york', 'America/New_York'],
    ['런던', 'Europe/London'],
    ['UTC', 'UTC'],
    ['GMT', 'UTC'],
    ['KST', 'Asia/Seoul'],
    ['JST', 'Asia/Tokyo'],
    ['kathmandu', /Kathmandu|Katmandu/],
    ['한국시간', 'Asia/Seoul'],
    ['한국 시간', 'Asia/Seoul'],
    ['런던 시간 기준', 'Europe/London'],
    ['Seoul time', 'Asia/Seoul'],
    ['in London', 'Europe/London'],
    ['인도', 'Asia/Kolkata'],
    ['India', 'Asia/Kolkata'],
    ['Asia/Kolkata', /Asia\/(Kolkata|Calcutta)/],
  ])('%s is %s', (text, name) => {
    expect(findZone(text)).toEqual({
      kind: 'zone',
      name: typeof name === 'string' ? name : expect.stringMatching(name),
    })
  })

  it.each(['+9', '+09:00', 'UTC+9', 'GMT-5', 'Etc/GMT+9', '−05:00'])('is not an offset such as %s', (text) => {
    expect(findZone(text)).toEqual({ kind: 'offset' })
  })

  it.each(['', 'nowhere', 'EST', 'a', '한양', 'IST', 'CAT', 'PET', 'AST', 'Indiana', 'Lond'])('is not %j', (text) => {
    expect(findZone(text)).toEqual({ kind: 'unknown' })
  })

  it.each(['미국 동부', '서부', 'ET', 'EST', 'pt', 'PDT', 'US Eastern', 'Pacific time'])('is no coast: %s', (text) => {
    expect(findZone(text)).toEqual({ kind: 'unknown' })
    expect(isCoast(text)).toBe(true)
  })

  it.each(['뉴욕', 'IST', 'Pet', 'pacific/auckland', '동부이촌동', ''])('that is no coast: %j', (text) => {
    expect(isCoast(text)).toBe(false)
  })

  it('is suggested by any part of its name, in Korean too', () => {
    expect(suggestZones('lond', 5, 'en')[0]).toEqual({ value: 'Europe/London', label: 'Europe/London' })
    expect(suggestZones('서', 5, 'ko')[0]).toEqual({ value: 'Asia/Seoul', label: '서울 · Asia/Seoul' })
    expect(suggestZones('kong', 5, 'en').map(({ value }) => value)).toContain('Asia/Hong_Kong')
    expect(suggestZones('', 3, 'ko')).toHaveLength(3)
    expect(suggestZones('zzz', 5, 'ko')).toEqual([])
  })
})
