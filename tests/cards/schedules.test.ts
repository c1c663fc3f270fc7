import { describe, expect, it } from 'vitest'
import { doctorCard } from '../../src/cards/doctor.ts'
import { SCHEDULES_A_PAGE, type ScheduleLine, scheduleListCard } from '../../src/cards/schedules.ts'
import { stoppedCard } from '../../src/cards/stopped.ts'
import { daysText, reasonText } from '../../src/cards/when.ts'
import { plainText } from '../../src/chat/card.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'

const ko = translator('ko')
const en = translator('en')
const NOW = Date.parse('2026-11-18T09:00:00+09:00')

function line(more: Partial<ScheduleLine> = {}): ScheduleLine {
  return {
    id: 'schedule-id-of-21-char',
    number: 1,
    kind: 'leaderboard',
    channel: '#a-channel-with-a-name-as-long-as-discord-allows-it-to-be-which-is-a-hundred',
    time: '09:00',
    days: '123456',
    timeZone: 'America/Argentina/Buenos_Aires',
    home: 'Asia/Seoul',
    skipDates: [],
    next: NOW,
    pausedBecause: undefined,
    last: { state: 'failed', at: NOW, reason: 'channel-gone' },
    ...more,
  }
}

describe('the list of schedules', () => {
  it.each(LOCALES)('fits a message and a select, with the longest of everything: %s', (locale) => {
    const schedules = Array.from({ length: 48 }, (_, i) =>
      line({
        id: `schedule-${i}`,
        number: i + 1,
        pausedBecause: 'channel-gone',
        home: i % 2 === 0 ? line().timeZone : 'Asia/Seoul',
      }),
    )
    for (let page = 0; page < 6; page++) {
      const card = scheduleListCard({ schedules, page }, locale, translator(locale))
      // Discord's limit for a message is 4,000 and Slack's for an option 75.
      expect(plainText({ ...card, rows: [] }).length).toBeLessThan(4000)
      const options = card.rows.flat().flatMap((action) => (action.type === 'pick' ? action.options : []))
      expect(options).toHaveLength(SCHEDULES_A_PAGE)
      for (const { label } of options) expect(label.length).toBeLessThanOrEqual(75)
    }
  })

  it('says why the last post failed as of then, and not twice what a paused one says of itself', () => {
    const text = (more: Partial<ScheduleLine>) =>
      plainText(scheduleListCard({ schedules: [line(more)], page: 0 }, 'en', en))
    const last = { state: 'failed', at: NOW, reason: 'forbidden' }
    expect(text({ last })).toContain('The bot was not allowed to write in this channel.')
    expect(text({ last })).not.toContain('Give it the permission')
    const paused = text({ last, pausedBecause: 'forbidden' })
    expect(paused).toContain('Give it the permission')
    expect(paused).not.toContain('was not allowed')
  })

  it('tells schedules apart in its select by their zones', () => {
    const schedules = ['Asia/Seoul', 'America/New_York'].map((timeZone) =>
      line({ channel: '#study', timeZone, days: '12345' }),
    )
    const card = scheduleListCard({ schedules, page: 0 }, 'ko', ko)
    const labels = card.rows.flat().flatMap((action) => (action.type === 'pick' ? action.options : []))
    expect(labels.map(({ label }) => label)).toEqual([
      '1 · 주간 순위표 · #study · 09:00 평일',
      '1 · 주간 순위표 · #study · 09:00 (New York) 평일',
    ])
  })

  it.each([-1, 0, 99, Number.NaN])('has a page for the number %d too', (page) => {
    expect(plainText(scheduleListCard({ schedules: [line()], page }, 'ko', ko))).toContain('1 · 주간 순위표')
  })

  it.each([
    ['posted', '에 올렸어요'],
    ['closed', '에 올렸어요'],
    ['failed', '에 올리지 못했어요. 채널이 지워졌거나'],
    ['skipped', '건너뛰었어요'],
    ['sending', '올리는 중'],
    ['ambiguous', '올리는 중'],
  ])('says of a post that is %s: %s', (state, words) => {
    const last = { state, at: NOW, reason: 'channel-gone' }
    expect(plainText(scheduleListCard({ schedules: [line({ last })], page: 0 }, 'ko', ko))).toContain(words)
  })
})

describe('days', () => {
  it.each([
    ['1234567', '매일', 'every day'],
    ['12345', '평일', 'weekdays'],
    ['67', '주말', 'weekend'],
    ['135', '월·수·금', 'Mon, Wed, Fri'],
    ['7', '일', 'Sun'],
  ])('%s are %s', (days, korean, english) => {
    expect(daysText(days, 'ko', ko)).toBe(korean)
    expect(daysText(days, 'en', en)).toBe(english)
  })
})

describe('a reason', () => {
  it('is never the bare code, also one that is new', () => {
    for (const code of ['forbidden', 'channel-gone', 'connection-dead', 'unknown', 'late', 'brand-new']) {
      expect(reasonText(code, en)).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('the notice to whoever made a schedule', () => {
  it.each(LOCALES)('says what stopped, why and what to do: %s', (locale) => {
    const t = translator(locale)
    const schedule = `/study-admin ${t('command.schedule.name')}`
    const which = { place: '서버 이름', number: 7 }
    const text = plainText(
      stoppedCard({ kind: 'quiz', channel: '#study', reason: 'forbidden', paused: true, ...which }, t),
    )
    for (const words of [
      '#study',
      '서버 이름',
      reasonText('forbidden', t),
      `${schedule} ${t('command.schedule-resume.name')} 7`,
    ])
      expect(text).toContain(words)
    const unsure = plainText(
      stoppedCard({ kind: 'quiz', channel: '#study', reason: 'unknown', paused: false, ...which }, t),
    )
    expect(unsure).toContain(`/study-admin ${t('command.post-now.name')}`)
  })
})

describe('the doctor', () => {
  const well = {
    channels: [{ label: '#study', obstacles: [], warnings: [] }],
    problems: [],
    notes: [],
    next: [],
    planned: 1,
    clock: { at: NOW, timeZone: 'Asia/Seoul', isBehind: false },
    writable: true,
  }
  it('is content only when everything is fine', () => {
    const obstacle = { problem: 'p', remedy: 'r' }
    const accent = (more: object) => doctorCard({ ...well, ...more }, 'ko', ko).accent
    expect(accent({})).toBe('success')
    expect(accent({ channels: [{ label: '#study', obstacles: [], warnings: [obstacle] }] })).toBe('success')
    expect(accent({ channels: [{ label: '#study', obstacles: [obstacle], warnings: [] }] })).toBe('danger')
    expect(accent({ notes: [obstacle] })).toBe('success')
    expect(accent({ problems: [obstacle] })).toBe('danger')
    expect(accent({ writable: false })).toBe('danger')
    expect(accent({ clock: { ...well.clock, isBehind: true } })).toBe('danger')
  })

  it('does not ask for another schedule where all are paused', () => {
    const text = (planned: number) => plainText(doctorCard({ ...well, planned }, 'en', en))
    expect(text(0)).toContain('/study-admin schedule add')
    expect(text(2)).toContain('every schedule is paused')
    expect(text(2)).not.toContain('schedule add')
  })

  it('says what several channels have in common once, and which channels it means', () => {
    const notIn = { problem: '봇이 이 채널에 들어가 있지 않아요.', remedy: '초대해 주세요.' }
    const noScope = { problem: '앱에 files:write 권한이 없어요.', remedy: '권한을 더해 주세요.' }
    const named = { problem: '#c에는 메시지를 쓸 수 없어요.', remedy: '다른 채널을 골라 주세요.' }
    const channels = [
      { label: '#a', obstacles: [notIn], warnings: [noScope] },
      { label: '#b', obstacles: [notIn], warnings: [noScope] },
      { label: '#c', obstacles: [named], warnings: [noScope] },
    ]
    const text = plainText(doctorCard({ ...well, channels }, 'ko', ko))
    expect(text).toContain('#a, #b: 봇이 이 채널에 들어가 있지 않아요.')
    expect(text).toContain('#a, #b, #c: 앱에 files:write 권한이 없어요.')
    expect(text.split('초대해 주세요.')).toHaveLength(2)
    expect(text.split('권한을 더해 주세요.')).toHaveLength(2)
    expect(text).not.toContain('#c: #c')
  })
})
