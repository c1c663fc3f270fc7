// A real browser, where the machine has one.

import * as fs from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** The path of a browser; undefined when there is none. In CI that is an error: a test that never runs proves nothing. */
export function browserPath(): string | undefined {
  const found = [process.env['CHROMIUM'] ?? '', ...PLACES].find((place) => place !== '' && fs.existsSync(place))
  if (!found && process.env['CI']) throw new Error('CI has no browser: .ci/run should have installed chromium')
  return found
}

export async function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Types a line into the playground's page and waits for what comes back. */
export async function sendLine(page: Page, line: string): Promise<void> {
  const count = await page.locator('.message').count()
  await page.fill('#line', line)
  // Closes the suggestions: Enter would take one of them.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await page.locator('.message').nth(count).waitFor()
}
