// The page for whoever reads it with the keyboard, with a screen reader, in a low window or enlarged: WCAG 2.2.

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBot, type TestBot } from '../support/bot.ts'
import { browserPath, launchBrowser, sendLine } from '../support/browser.ts'
import { clockAt } from '../support/world.ts'

const executable = browserPath()

/** Runs in the page: how many of the window's pixels, from top to bottom, show the messages. */
const heightOfChannel = `Array.from({ length: innerHeight }, (_, y) => document.elementFromPoint(innerWidth - 30, y))
  .filter((element) => element?.closest('#scroll')).length`
/** Runs in the page: whether the last message can be seen. */
const seesEnd = `(() => {
  const { top, bottom } = [...document.querySelectorAll('.message')].at(-1).getBoundingClientRect()
  return top < innerHeight - 100 && bottom > 0
})()`
/** Runs in the page: whether the focus is within the channel's first message. */
const focusIsInFirst = `document.querySelector('[data-message]').contains(document.activeElement)`

describe.skipIf(!executable)('the page, in a real browser', () => {
  let browser: Browser
  let context: BrowserContext | undefined
  let page: Page
  let bot: TestBot

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    bot = await startBot(clockAt('2026-11-18T09:00:00+09:00'))
  })
  afterEach(async () => {
    await context?.close()
    await bot.stop()
  })

  /** Without smooth scrolling, unless it is asked for: where the window is does not depend on when it is looked at. */
  async function open(width = 1280, height = 800, lang = 'ko', isSmooth = false): Promise<void> {
    await context?.close()
    context = await browser.newContext({
      viewport: { width, height },
      reducedMotion: isSmooth ? 'no-preference' : 'reduce',
    })
    page = await context.newPage()
    await page.goto(`${bot.url}/?lang=${lang}`)
    await page.waitForSelector('[data-message]')
  }
  const send = (line: string): Promise<void> => sendLine(page, line)
  /** A day later the channel has a concept more, and its first quiz is closed. */
  async function passDay(): Promise<void> {
    const count = await page.locator('[data-message]').count()
    // By the page's clock, but not by its button, which would take the focus and the window along.
    await evaluate(`fetch('/api/clock', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ member: 'minji', locale: 'ko', hours: 24 }),
    }).then((response) => response.json())`)
    await page.locator('[data-message]').nth(count).waitFor()
  }
  const addSchedule = (): Promise<void> => send('/study-admin schedule add 개념 #study 오전 10시 매일')
  const evaluate = <T>(code: string): Promise<T> => page.evaluate<T>(code)
  /** Neither the list nor the page is scrolled at all: the reader is at the oldest message. */
  const toBeginning = (): Promise<void> =>
    evaluate(`{ document.querySelector('#scroll').scrollTop = 0; document.scrollingElement.scrollTop = 0 }`)
  const scrolled = (): Promise<number> =>
    evaluate(`document.querySelector('#scroll').scrollTop + document.scrollingElement.scrollTop`)

  describe('in a small window', () => {
    it.each([
      [844, 390],
      [740, 360],
      [568, 320],
      [320, 568],
      [320, 256],
    ])('of %i × %i shows more of the channel than of everything else', async (width, height) => {
      await open(width, height)
      await send('/aws vpc')
      expect(await evaluate<number>(heightOfChannel)).toBeGreaterThan(height * 0.6)
      expect(await evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    })

    it('has the quick buttons above the message box, not under it', async () => {
      await open(320, 256)
      await page.getByRole('button', { name: '람다 찾기' }).click()
      await page.locator('.message.private').waitFor()
      await evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      const [button, box] = await Promise.all([
        page.getByRole('button', { name: '람다 찾기' }).boundingBox(),
        page.locator('#composer').boundingBox(),
      ])
      expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(box?.y ?? 0)
    })

    it('leads back from the end of the channel to the members', async () => {
      await open(320, 256)
      await send('/aws vpc')
      await page.getByRole('link', { name: /참가자와 설정/ }).click()
      await expect.poll(() => evaluate('document.querySelector("#head").getBoundingClientRect().top')).toBe(0)
      expect(await evaluate('document.activeElement.id')).toBe('head')
    })

    it('stays at the same message when it is turned on its side, and back', async () => {
      await open(390, 844)
      for (const line of ['/aws vpc', '/aws ec2', '/aws s3']) await send(line)
      const third = `document.querySelectorAll('.message')[2]`
      const top = (): Promise<number> => evaluate(`${third}.getBoundingClientRect().top`)
      await evaluate(`${third}.scrollIntoView()`)
      await expect.poll(top).toBeGreaterThan(0)
      for (const [width, height] of [
        [844, 390],
        [390, 844],
      ] as const) {
        // The browser tells of the scrolling with its next frame.
        await evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
        await page.setViewportSize({ width, height })
        await expect.poll(async () => (await top()) > 0 && (await top()) < height / 2).toBe(true)
      }
    })

    it.each([320, 360, 375, 390, 430])(
      'of %i pixels in width has the whole title beside its switches',
      async (width) => {
        for (const lang of ['ko', 'en']) {
          await open(width, 844, lang)
          const covered = await evaluate<string[]>(`(() => {
          const range = document.createRange()
          range.selectNodeContents(document.querySelector('h1'))
          const title = range.getBoundingClientRect()
          return [...document.querySelectorAll('.settings a, .settings button')].filter((each) => {
            const box = each.getBoundingClientRect()
            return box.left < title.right && box.right > title.left && box.top < title.bottom && box.bottom > title.top
          }).map((each) => each.textContent)
        })()`)
          expect(covered).toEqual([])
        }
      },
    )
  })

  describe('the focus', () => {
    it('stays in a message of the channel that is edited', async () => {
      await open()
      await addSchedule()
      await page.locator('[data-message] .choice').first().focus()
      await passDay()
      await page.locator('[data-message]').first().getByText('(수정됨)').waitFor()
      expect(await page.locator('[data-message] .choice').count()).toBe(0)
      expect(await evaluate(focusIsInFirst)).toBe(true)
    })

    it.each([
      [360, 740],
      [640, 400],
      [1280, 800],
    ])('has its whole ring to be seen in a window of %i × %i', async (width, height) => {
      await open(width, height)
      const cut = new Set<string>()
      for (let at = 0; at < 24; at++) {
        await page.keyboard.press('Tab')
        const name = await evaluate<string>(`(async () => {
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
          const focused = document.activeElement
          const around = focused.closest('.members, .tries')
          if (!around) return ''
          const { outlineOffset, outlineWidth } = getComputedStyle(focused)
          const room = Number.parseFloat(outlineOffset) + Number.parseFloat(outlineWidth)
          const [ring, view] = [focused.getBoundingClientRect(), around.getBoundingClientRect()]
          const isClipped = getComputedStyle(around).overflowX !== 'visible'
          const isWhole = ring.left - room >= view.left - 1 && ring.right + room <= view.right + 1 &&
            ring.top - room >= view.top - 1 && ring.bottom + room <= view.bottom + 1
          return isClipped && !isWhole ? focused.textContent : ''
        })()`)
        if (name) cut.add(name)
      }
      expect([...cut]).toEqual([])
    })

    it('stays where it is when that is somewhere else', async () => {
      await open()
      await addSchedule()
      await page.focus('#line')
      await passDay()
      expect(await evaluate('document.activeElement.id')).toBe('line')
    })

    it('stays at the button that changed a private message', async () => {
      await open()
      await page.locator('[data-message] .choice').first().click()
      await page.locator('.message.private').waitFor()
      await send('/study leaderboard')
      await page.getByRole('button', { name: '전체' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: '순위표 · 전체' }).waitFor()
      expect(await evaluate('document.activeElement.textContent')).toBe('전체')
    })
  })

  describe.each([
    [1280, 800],
    [320, 256],
  ])('a new message in a window of %i × %i', (width, height) => {
    const newer = () => page.getByRole('button', { name: '새 메시지' })

    beforeEach(async () => {
      await open(width, height)
      await addSchedule()
      await send('/aws vpc')
    })

    it('leaves a reader of older ones there, and offers the way', async () => {
      await toBeginning()
      await passDay()
      expect(await scrolled()).toBe(0)
      // On to the messages, where the head of the page scrolls away.
      await page.mouse.move(width / 2, height / 4)
      await page.mouse.wheel(0, 200)
      await expect.poll(scrolled).toBe(200)
      await newer().click()
      expect(await evaluate(seesEnd)).toBe(true)
      expect(await newer().isVisible()).toBe(false)
      // The button is gone, and the focus has gone where it led.
      expect(await evaluate(`[...document.querySelectorAll('.message')].at(-1).contains(document.activeElement)`)).toBe(
        true,
      )
    })

    it('is no longer announced to a reader who has come to the end', async () => {
      await toBeginning()
      await passDay()
      await newer().waitFor()
      await evaluate(`[...document.querySelectorAll('.message')].at(-1).scrollIntoView({ block: 'end' })`)
      await newer().waitFor({ state: 'hidden' })
    })

    it('is shown to whoever is at the end', async () => {
      await evaluate(`[...document.querySelectorAll('.message')].at(-1).scrollIntoView({ block: 'end' })`)
      await passDay()
      expect(await evaluate(seesEnd)).toBe(true)
      expect(await newer().isVisible()).toBe(false)
    })

    it('is shown to whoever caused it', async () => {
      await toBeginning()
      const count = await page.locator('[data-message]').count()
      // As a press does, but without the window going to the button first.
      await evaluate(
        `[...document.querySelectorAll('button')].find((each) => each.textContent === '채널에 공유').click()`,
      )
      await page.locator('[data-message]').nth(count).waitFor()
      await expect.poll(() => evaluate(seesEnd)).toBe(true)
      expect(await newer().isVisible()).toBe(false)
    })
  })

  it('goes on to the second of two new messages while the window is still moving to the first', async () => {
    await open(1280, 1500, 'ko', true)
    await send('/aws vpc')
    await send('/study-admin schedule add 퀴즈 #study 오전 10시 매일')
    await send('/study-admin schedule add 퀴즈 #study 오전 11시 매일')
    await evaluate(`document.querySelector('#scroll').scrollTo({ top: 1e6, behavior: 'instant' })`)
    await passDay()
    await page.locator('[data-message]').nth(2).waitFor()
    await expect.poll(() => evaluate(seesEnd)).toBe(true)
    expect(await page.getByRole('button', { name: '새 메시지' }).isVisible()).toBe(false)
  })

  it('has its messages as a list, which is not read out from its beginning', async () => {
    context = await browser.newContext()
    page = await context.newPage()
    // Whether the place of each message was live at the moment it was put there.
    await page.addInitScript(`new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof HTMLElement) || !node.matches('.message')) continue
        window.live = [...(window.live ?? []), node.closest('[aria-live]').getAttribute('aria-live')]
      }
    }).observe(document, { childList: true, subtree: true })`)
    await page.goto(`${bot.url}/?lang=ko`)
    await page.getByRole('log').getByRole('list').getByRole('listitem').first().waitFor()
    expect(await evaluate('live')).toEqual(['off'])
    await page.locator('[aria-live=polite]').waitFor()
    await send('/study help')
    expect(await evaluate('live')).toEqual(['off', 'polite'])
  })

  it('does not read out again what the next member was told before', async () => {
    await open()
    await page.locator('#log[aria-live=polite]').waitFor()
    await send('/aws vpc')
    await page.click('[data-member="junho"]')
    await page.locator('#log[aria-live=polite]').waitFor()
    await page.click('[data-member="minji"]')
    expect(await page.getAttribute('#log', 'aria-live')).toBe('off')
    await page.locator('#log[aria-live=polite]').waitFor()
  })

  it('has the name of a member for the name of their button, chosen or not', async () => {
    await open()
    for (const name of ['김민지', '이준호']) await page.getByRole('button', { name, exact: true }).click()
  })

  it('says once that the connection is lost, however often the browser tries', async () => {
    context = await browser.newContext()
    page = await context.newPage()
    await page.addInitScript(`window.EventSource = class extends EventSource {
      constructor(...given) { super(...given); window.stream = this }
    }`)
    await page.goto(`${bot.url}/?lang=en`)
    await page.waitForSelector('[data-message]')
    const said = await evaluate<string[]>(`new Promise((resolve) => {
      const said = []
      new MutationObserver(() => said.push(document.querySelector('#status').textContent))
        .observe(document.querySelector('#status'), { childList: true, characterData: true, subtree: true })
      const tries = setInterval(() => window.stream.dispatchEvent(new Event('error')), 50)
      setTimeout(() => { clearInterval(tries); resolve(said) }, 500)
    })`)
    expect(said).toEqual([expect.stringContaining('connection')])
  })

  it('keeps the suggestion that was chosen with the key that ended a composition', async () => {
    await open()
    await page.focus('#line')
    const keys = await page.context().newCDPSession(page)
    await keys.send('Input.imeSetComposition', { text: '람', selectionStart: 1, selectionEnd: 1 })
    await page.getByRole('option').first().waitFor()
    let asked = 0
    await page.route('**/api/complete?*', async (route) => {
      asked++
      await new Promise((resolve) => setTimeout(resolve, 100))
      await route.continue()
    })
    // The composition ends, and the key follows.
    await keys.send('Input.insertText', { text: '람' })
    await page.keyboard.press('ArrowDown')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await page.getAttribute('#line', 'aria-activedescendant')).toBe('completion-0')
    expect(asked).toBe(0)
    await page.keyboard.press('Enter')
    expect(await page.inputValue('#line')).toBe('/aws lambda')
  })

  it('keeps the suggestion that was chosen before the answer to the last key came', async () => {
    await open()
    await page.focus('#line')
    await page.fill('#line', '/study l')
    await page.getByRole('option').first().waitFor()
    await page.route('**/api/complete?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      await route.continue()
    })
    await page.keyboard.type('e')
    await page.keyboard.press('ArrowDown')
    await new Promise((resolve) => setTimeout(resolve, 600))
    await page.keyboard.press('Enter')
    expect(await page.inputValue('#line')).toBe('/study leaderboard ')
  })

  it('sends nothing while Hangul is being composed', async () => {
    await open()
    await page.focus('#line')
    const keys = await page.context().newCDPSession(page)
    await keys.send('Input.imeSetComposition', { text: '람', selectionStart: 1, selectionEnd: 1 })
    await page.getByRole('option').first().waitFor()
    await evaluate(`document.querySelector('#line').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowDown', isComposing: true, bubbles: true, cancelable: true }))`)
    expect(await page.getAttribute('#line', 'aria-activedescendant')).toBeNull()
    await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', windowsVirtualKeyCode: 229 })
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', windowsVirtualKeyCode: 13 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await page.inputValue('#line')).toBe('람')
    expect(await page.locator('.message').count()).toBe(1)
  })

  it('does not take a suggestion for what was typed since, though the server is away', async () => {
    await open()
    await page.focus('#line')
    await page.keyboard.type('/study le')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    // First an answer that is late, then none.
    await page.route('**/api/complete?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      await route.abort()
    })
    await page.keyboard.type('s')
    expect(await page.getAttribute('#line', 'aria-activedescendant')).toBeNull()
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    expect(await page.getAttribute('#line', 'aria-expanded')).toBe('false')
    expect(await page.inputValue('#line')).toBe('/study les')
  })

  describe('while answers are on their way', () => {
    type Route = Parameters<Parameters<typeof page.route>[1]>[0]
    let held: Route[]
    const status = (): Promise<string> => page.locator('#status').innerText()

    beforeEach(async () => {
      await open()
      held = []
      await page.route('**/api/command', (route) => void held.push(route))
    })

    it('asks once, however often an example is pressed until its answer is there', async () => {
      const example = page.getByRole('button', { name: '오타로 찾기' })
      await example.dblclick()
      await expect.poll(() => held.length).toBe(1)
      await held[0]?.continue()
      await page.locator('.message').nth(1).waitFor()
      expect(held).toHaveLength(1)
      await example.click()
      await expect.poll(() => held.length).toBe(2)
    })

    it('says that something is being sent until the last one is answered', async () => {
      for (const line of ['람다', '보안그룹']) {
        await page.fill('#line', line)
        await page.keyboard.press('Escape')
        await page.keyboard.press('Enter')
      }
      await expect.poll(() => held.length).toBe(2)
      await held[0]?.continue()
      await page.locator('.message').nth(1).waitFor()
      expect(await status()).toBe('보내는 중')
      await held[1]?.continue()
      await page.locator('.message').nth(2).waitFor()
      expect(await status()).toBe('')
    })

    it('goes on saying that one was not sent when another is answered', async () => {
      for (const line of ['람다', '보안그룹']) {
        await page.fill('#line', line)
        await page.keyboard.press('Escape')
        await page.keyboard.press('Enter')
      }
      await expect.poll(() => held.length).toBe(2)
      await held[0]?.abort()
      await expect.poll(status).toContain('보내지 못했어요')
      await held[1]?.continue()
      await page.locator('.message').nth(1).waitFor()
      expect(await status()).toContain('보내지 못했어요')
      expect(await page.inputValue('#line')).toBe('/aws 람다')
    })
  })

  it('says of each message and button in which language it is', async () => {
    await open(1280, 800, 'en')
    const quiz = page.locator('[data-message] article').first()
    expect(await quiz.getAttribute('lang')).toBe('ko')
    const read = quiz.getByRole('button', { name: 'Read in English' })
    expect(await read.getAttribute('lang')).toBe('en')
    await read.click()
    await page.locator('.message.private article').waitFor()
    expect(await page.locator('.message.private article').getAttribute('lang')).toBe('en')
  })
})
