import * as fs from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBot, type TestBot } from '../support/bot.ts'
import { browserPath, launchBrowser, sendLine } from '../support/browser.ts'
import { clockAt } from '../support/world.ts'

/** Runs in the page: lists what is cut off, hard to read or without a name. */
const inspection = fs.readFileSync(new URL('../support/inspect-page.js', import.meta.url), 'utf8')
const executable = browserPath()
if (!executable)
  process.stderr.write(
    'The browser journeys are skipped: no Chromium found (install it, or set CHROMIUM to its path).\n',
  )

describe.skipIf(!executable)('in a real browser', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let bot: TestBot
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    complaints.length = 0
    bot = await startBot(clockAt('2026-11-18T09:00:00+09:00'))
    await open({})
  })
  afterEach(async () => {
    await context.close()
    await bot.stop()
    // A blocked script, a refused style, an exception: whatever the browser complains about is a defect.
    expect(complaints).toEqual([])
  })

  async function open(options: Parameters<Browser['newContext']>[0], path = '/?lang=ko'): Promise<void> {
    await context?.close()
    context = await browser.newContext(options)
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(bot.url + path)
    await page.waitForSelector('[data-message]')
  }
  const send = (line: string): Promise<void> => sendLine(page, line)
  const lastText = (): Promise<string> => page.locator('.message:visible').last().innerText()
  const choices = () => page.locator('[data-message] .choice')

  it('a newcomer asks, answers twice, switches member, sees the board, reloads', async () => {
    await send('/aws 람다')
    expect(await lastText()).toContain('AWS Lambda · 람다')
    expect(await lastText()).toContain('나에게만 보여요')

    await choices().nth(0).click()
    await page.locator('.message.private').nth(1).waitFor()
    const first = await lastText()
    expect(first).toMatch(/\+(10|2)점/)
    await choices().nth(1).click()
    await page.locator('.message.private').nth(2).waitFor()
    expect(await lastText()).toContain('처음 고른 답을 다시')

    await page.click('[data-member="junho"]')
    // What Minji was told privately is hidden from Junho.
    expect(await page.locator('.message.private:visible').count()).toBe(0)
    for (const at of [1, 2, 3]) {
      await choices().nth(at).click()
      if (/정답이에요/.test(first)) break
    }
    await page.locator('.message.private:visible').first().waitFor()
    await send('/study leaderboard')
    const board = page.locator('.message.private:visible table').last()
    expect(await board.innerText()).toContain('김민지')
    expect(await board.innerText()).toContain('이준호 (나)')

    await page.reload()
    await page.waitForSelector('[data-message]')
    // The channel is still there, the private answers are not, and Junho is still Junho.
    expect(await page.locator('.message.private').count()).toBe(0)
    expect(await page.getAttribute('[data-member="junho"]', 'aria-pressed')).toBe('true')
    await send('/study score')
    expect(await lastText()).toMatch(/이번 주\s*(2|10)점/)
  })

  it('the board changes in place when its period is pressed', async () => {
    await choices().nth(0).click()
    await page.locator('.message.private').waitFor()
    await send('/study leaderboard')
    const count = await page.locator('.message').count()
    await page.locator('.message').last().getByRole('button', { name: '전체' }).click()
    await page.getByRole('heading', { name: '순위표 · 전체' }).waitFor()
    expect(await page.locator('.message').count()).toBe(count)
  })

  it('completion works with the keyboard alone', async () => {
    await page.focus('#line')
    await page.keyboard.type('/study le')
    // Not the list of the line before it was whole.
    await page.getByRole('option', { name: '/study 순위표' }).waitFor()
    await expect.poll(() => page.getByRole('option').count()).toBe(1)
    expect(await page.getAttribute('#line', 'aria-expanded')).toBe('true')
    await page.keyboard.press('ArrowDown')
    expect(await page.getAttribute('#line', 'aria-activedescendant')).toBe('completion-0')
    await page.keyboard.press('Enter')
    expect(await page.inputValue('#line')).toBe('/study leaderboard ')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /순위표/ }).waitFor()
  })

  it('a word without a slash is looked up', async () => {
    await send('보안그룹')
    expect(await lastText()).toContain('보안 그룹')
  })

  it('a second page sees what is shared in the first, at once', async () => {
    const other = await context.newPage()
    await other.goto(`${bot.url}/?lang=en`)
    await other.waitForSelector('[data-message]')
    await send('/aws s3')
    await page.locator('.message').last().getByRole('button', { name: '채널에 공유' }).click()
    await other.locator('[data-message]').nth(1).waitFor()
    expect(await other.locator('[data-message]').nth(1).innerText()).toContain('S3')
  })

  it('a day passes at a press: what is due is posted, and the clock shows it', async () => {
    await send('/study-admin schedule add 개념 #study 오전 10시 매일')
    const before = await page.locator('#clock').innerText()
    const count = await page.locator('[data-message]').count()
    await page.getByRole('button', { name: '+1일' }).click()
    await page.locator('[data-message]').nth(count).waitFor()
    await page.waitForFunction(`document.querySelector('#clock').textContent !== ${JSON.stringify(before)}`)
    expect(await page.locator('[data-message]').last().innerText()).toContain('오늘의 개념')
    await page.locator('[data-message]').last().getByRole('button', { name: '전체 글 보기' }).click()
    await page.locator('.message.private').nth(1).waitFor()
  })

  it('every open page, and one that is gone back to, shows the day that the clock was set to', async () => {
    await open({ timezoneId: 'Asia/Seoul' })
    const other = await context.newPage()
    await other.goto(`${bot.url}/?lang=ko`)
    await other.waitForSelector('[data-message]')
    await send('/study-admin schedule add 개념 #study 오전 8시 매일')
    await page.getByRole('button', { name: '+1일' }).click()
    await page.locator('[data-message]').nth(1).waitFor()
    for (const each of [page, other]) {
      await expect.poll(() => each.locator('#clock').innerText()).toContain('11월 19일')
      // Yesterday's quiz has its date, and today's concept, which came while the clock went on, has none.
      const heads = each.locator('[data-message] .head time')
      await expect.poll(() => heads.nth(0).innerText()).toMatch(/11월 18일.*\(수정됨\)/)
      await expect.poll(() => heads.nth(1).innerText()).not.toContain('월')
    }
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForSelector('[data-message]')
    await page.goBack()
    await expect.poll(() => page.locator('#clock').innerText()).toContain('11월 19일')
  })

  it('the clock goes on while the page is open, without being read out', async () => {
    await page.clock.install()
    await page.reload()
    await page.waitForSelector('[data-message]')
    const before = await page.locator('#clock').innerText()
    await page.clock.runFor(61_000)
    expect(await page.locator('#clock').innerText()).not.toBe(before)
    expect(await page.getAttribute('#clock', 'aria-live')).toBe('off')
  })

  it('a page nobody looks at lets go of its stream, and catches up when it is looked at again', async () => {
    const streams = new Set<unknown>()
    const other = await context.newPage()
    other.on('request', (request) => request.url().includes('/events') && streams.add(request))
    await other.goto(`${bot.url}/?lang=ko`)
    await other.waitForSelector('[data-message]')
    const look = (hidden: boolean): Promise<void> =>
      other.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`)
    for (let round = 0; round < 3; round++) {
      await look(true)
      await look(false)
    }
    await look(true)
    await send('/aws s3')
    await page.locator('.message').last().getByRole('button', { name: '채널에 공유' }).click()
    await page.locator('[data-message]').nth(1).waitFor()
    expect(await other.locator('[data-message]').count()).toBe(1)
    await look(false)
    await other.locator('[data-message]').nth(1).waitFor()
    // The first, and one for each time it was looked at again: never two at once.
    expect(streams.size).toBe(5)
  })

  it('a bot stops though its page is open and goes on reconnecting', async () => {
    const second = await startBot(clockAt('2026-11-18T09:00:00+09:00'))
    const visitor = await context.newPage()
    await visitor.goto(second.url)
    await visitor.waitForSelector('[data-message]')
    // Without closing the page first: before it was mended, this waited for the browser to end.
    await second.stop()
    await visitor.close()
  })

  it('what people type never becomes markup', async () => {
    await send('/aws <img src=x onerror="document.title=1">')
    await send('/study team create "<script>document.title=2</script>"')
    expect(await page.title()).toBe('AWS 스터디 봇')
    expect(await lastText()).toContain('<script>document.title=2</script>')
  })

  it.each([
    ['ko', 'light', 1280],
    ['en', 'dark', 1280],
    ['ko', 'dark', 390],
    ['en', 'light', 390],
  ] as const)(
    'the page in %s, %s, %i pixels wide has nothing cut off or unreadable',
    async (lang, colorScheme, width) => {
      await open({ viewport: { width, height: 844 }, colorScheme }, `/?lang=${lang}`)
      await send('/aws vpc')
      await send('/study help')
      await send('/study-admin schedule add quiz #study 9:00 weekdays')
      await send('/study-admin schedule list')
      await send('/study-admin settings')
      await send('/study-admin doctor')
      const problems = await page.evaluate<string[]>(inspection)
      expect(problems).toEqual([])
    },
  )
})
