import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPlaygroundClock } from '../../../src/platforms/playground/clock.ts'
import { startBot, type TestBot } from '../../support/bot.ts'
import { history, post, press, say, textOf } from '../../support/page.ts'
import { clockAt, HOUR } from '../../support/world.ts'

const clock = clockAt('2026-11-18T08:30:00+09:00')

describe('the clock of the playground', () => {
  it('goes forward hour by hour, one skip after the other', async () => {
    const own = createPlaygroundClock(clock, 0)
    const seen: number[] = []
    const onHour = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push((own.now() - clock.now()) / HOUR)
    }
    await Promise.all([own.skip(2, onHour), own.skip(2, onHour)])
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('goes on after a tick that failed', async () => {
    const own = createPlaygroundClock(clock, 0)
    await expect(own.skip(3, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await own.skip(1, async () => {})
    expect(own.now() - clock.now()).toBe(2 * HOUR)
  })

  it('does not start before what the channel shows', () => {
    expect(createPlaygroundClock(clock, clock.now() + HOUR).now()).toBe(clock.now() + HOUR)
    expect(createPlaygroundClock(clock, clock.now() - HOUR).now()).toBe(clock.now())
  })
})

describe('a week in a minute', () => {
  let bot: TestBot
  beforeEach(async () => {
    clock.set('2026-11-18T08:30:00+09:00')
    bot = await startBot(clock)
  })
  afterEach(() => bot.stop())

  const skip = async (hours: number): Promise<Response> => post(bot.url, '/api/clock', { hours })

  it('posts every day’s quiz once, closes it a day later, and shows the board on Monday', async () => {
    const added = textOf((await say(bot.url, '/study-admin schedule add 퀴즈 #study 오전 9시 매일')).html)
    expect(added).toContain('일정을 추가했어요')
    await say(bot.url, '/study-admin schedule add 순위표 #study 9:30 월')
    for (let day = 0; day < 7; day++) {
      expect((await skip(24)).status).toBe(200)
      const newest = (await history(bot.url)).filter(({ html }) => html.includes('quiz.answer')).at(-1)
      const choice = /data-action="(quiz\.answer:[^"]+)"/.exec(newest?.html ?? '')?.[1]
      await press(bot.url, choice ?? '')
    }
    const titles = (await history(bot.url)).map(({ html }) => /<h3>(.*?)<\/h3>/.exec(html)?.[1] ?? '')
    // The sample, seven days, and the board; all quizzes but the last are closed.
    expect(titles.filter((title) => title.startsWith('퀴즈 마감'))).toHaveLength(7)
    expect(titles.filter((title) => title.startsWith('오늘의 퀴즈'))).toHaveLength(1)
    expect(titles.filter((title) => title.startsWith('지난주 순위표'))).toHaveLength(1)
    const list = textOf((await say(bot.url, '/study-admin schedule list')).html)
    expect(list).toContain('다음: 11월 25일 (수) 오전 9:00')
  })

  it('shows the clock on the page, and takes only what the page has buttons for', async () => {
    const page = await (await fetch(`${bot.url}/?lang=ko`)).text()
    expect(page).toContain('data-skip="1"')
    expect(page).toContain('data-skip="24"')
    const answer = (await (await skip(1)).json()) as { now: number }
    expect(answer.now).toBe(clock.now() + HOUR)
    for (const hours of [0, -1, 2, 1e9, '1']) expect((await skip(hours as number)).status).toBe(400)
  })

  it('is not set back by a restart, behind what was planned or edited last', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-clock-'))
    const env = { DATABASE_URL: `sqlite:${path.join(folder, 'study.db')}` }
    const nowOf = async (url: string): Promise<number> =>
      Number(/data-now="(\d+)"/.exec(await (await fetch(`${url}/?lang=ko`)).text())?.[1])
    let own = await startBot(clock, env)
    try {
      // Two days on the sample is closed: its message was edited last.
      for (let day = 0; day < 2; day++) await post(own.url, '/api/clock', { hours: 24 })
      await own.stop()
      own = await startBot(clock, env)
      expect(await nowOf(own.url)).toBe(clock.now() + 24 * HOUR)
      for (let day = 0; day < 3; day++) await post(own.url, '/api/clock', { hours: 24 })
      await say(own.url, '/study-admin schedule add 퀴즈 #study 9:00 매일')
      await own.stop()
      own = await startBot(clock, env)
      expect(await nowOf(own.url)).toBe(clock.now() + 4 * 24 * HOUR)
      expect(textOf((await say(own.url, '/study-admin doctor')).html)).toContain('문제가 없어요')
    } finally {
      await own.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  it('is refused from another page', async () => {
    const response = await post(bot.url, '/api/clock', { hours: 1 }, { origin: 'https://evil.example' })
    expect(response.status).toBe(403)
  })
})
