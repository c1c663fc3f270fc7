import { describe, expect, it } from 'vitest'
import { datesText, daysInWords, inWords, localTime } from '../../src/cards/when.ts'
import { translator } from '../../src/locales/locale.ts'

const at = (time: string): number => Date.parse(`2026-11-20T${time}+09:00`)

describe('a time of day', () => {
  it.each([
    ['00:00', '11월 20일 (금) 오전 0:00', 'Fri, November 20 at 12:00 AM'],
    ['00:30', '11월 20일 (금) 오전 0:30', 'Fri, November 20 at 12:30 AM'],
    ['01:00', '11월 20일 (금) 오전 1:00', 'Fri, November 20 at 1:00 AM'],
    ['12:00', '11월 20일 (금) 오후 12:00', 'Fri, November 20 at 12:00 PM'],
    ['23:59', '11월 20일 (금) 오후 11:59', 'Fri, November 20 at 11:59 PM'],
  ])('of %s is %s and %s', (time, korean, english) => {
    expect(localTime(at(time), 'Asia/Seoul', 'ko')).toBe(korean)
    expect(localTime(at(time), 'Asia/Seoul', 'en')).toBe(english)
  })

  it('is midnight where the zone says so, in every style', () => {
    const style = { dateStyle: 'medium', timeStyle: 'short' } as const
    expect(inWords(at('09:00'), 'UTC', 'ko', style)).toBe('2026. 11. 20. 오전 0:00')
    expect(inWords(at('09:00'), 'Asia/Seoul', 'ko', style)).toBe('2026. 11. 20. 오전 9:00')
  })
})

it('dates in a row are told apart in either language', () => {
  expect(datesText(['2026-12-24', '2027-01-01'], 'ko')).toBe('2026년 12월 24일, 2027년 1월 1일')
  expect(datesText(['2026-12-24', '2027-01-01'], 'en')).toBe('Dec 24, 2026; Jan 1, 2027')
})

it('dates have their days of the week where these matter', () => {
  expect(daysInWords(['2026-12-05', '2026-12-06'], 'ko')).toBe('12월 5일(토), 12월 6일(일)')
  expect(daysInWords(['2026-12-05', '2026-12-06'], 'en')).toBe('Dec 5 (Sat), Dec 6 (Sun)')
})

it('points from a thousand on are written with a comma', () => {
  expect(translator('ko')('score.points', { count: 1234 })).toBe('1,234점')
  expect(translator('en')('score.points', { count: 1234 })).toBe('1,234 points')
})
