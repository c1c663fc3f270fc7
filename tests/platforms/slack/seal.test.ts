import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { redacted, slackLogger } from '../../../src/platforms/slack/client.ts'
import { SealError, seal, unseal } from '../../../src/platforms/slack/seal.ts'

const key = Buffer.alloc(32, 1)
const secret = JSON.stringify({ bot: { token: 'xoxb-1-비밀' } })

describe('a secret', () => {
  it('comes back with its key, and does not show', () => {
    const sealed = seal(secret, key, 'slack/T1')
    expect(unseal(sealed, key, 'slack/T1')).toBe(secret)
    expect(Buffer.from(sealed, 'base64url').includes('xoxb')).toBe(false)
  })

  it('looks different every time', () => {
    const made = Array.from({ length: 50 }, () => seal(secret, key, 'slack/T1'))
    expect(new Set(made.map((each) => each.slice(0, 18))).size).toBe(50)
  })

  it('does not come back with another key, or for another workspace', () => {
    const sealed = seal(secret, key, 'slack/T1')
    expect(() => unseal(sealed, key, 'slack/T2')).toThrow(SealError)
    for (let i = 0; i < 20; i++) expect(() => unseal(sealed, randomBytes(32), 'slack/T1')).toThrow(SealError)
  })

  it('does not come back when any byte of it was changed, or some are missing', () => {
    const bytes = Buffer.from(seal(secret, key, 'slack/T1'), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => unseal(changed.toString('base64url'), key, 'slack/T1')).toThrow(SealError)
      expect(() => unseal(bytes.subarray(0, at).toString('base64url'), key, 'slack/T1')).toThrow(SealError)
    }
  })
})

describe('a log line', () => {
  it.each([
    ['token xoxb-12-34-abcDEF was refused', 'token xoxb-… was refused'],
    ['xoxe.xoxb-1-abc and xapp-1-A0-99-ff', 'xoxe.xoxb-… and xapp-…'],
    ['a socket at wss://wss.slack.com/link/?ticket=abc&x=1 closed', 'a socket at wss://wss.slack.com/… closed'],
    ['POST https://hooks.slack.com/commands/T1/2/3 failed', 'POST https://hooks.slack.com/… failed'],
  ])('holds no token and no address that is one: %s', (line, shown) => {
    expect(redacted(line)).toBe(shown)
  })

  it('of Slack’s packages is a line of ours, without those', () => {
    const lines: string[] = []
    const logger = slackLogger(pino({}, { write: (line: string) => void lines.push(line) }))
    for (const say of [logger.debug, logger.info, logger.warn, logger.error]) say('xoxb-1-abc', new Error('xapp-1-A'))
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(Array(2).fill('xoxb-… Error: xapp-…'))
  })
})
