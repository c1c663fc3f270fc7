import { webApi } from '@slack/bolt'
import { describe, expect, it } from 'vitest'
import { PlatformError } from '../../../src/chat/platform.ts'
import { isDead, toPlatformError } from '../../../src/platforms/slack/errors.ts'

const platform = (error: string) => new webApi.WebAPIPlatformError({ ok: false, error })
const network = (code: string) =>
  new webApi.WebAPIRequestError(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }))

describe('what Slack answers', () => {
  it.each([
    ['channel_not_found', 'channel-gone'],
    ['is_archived', 'channel-gone'],
    ['is_inactive', 'channel-gone'],
    ['user_not_found', 'channel-gone'],
    ['not_in_channel', 'forbidden'],
    ['restricted_action', 'forbidden'],
    ['missing_scope', 'forbidden'],
    ['message_not_found', 'message-gone'],
    ['edit_window_closed', 'message-gone'],
    ['account_inactive', 'connection-dead'],
    ['token_revoked', 'connection-dead'],
    ['invalid_auth', 'connection-dead'],
    ['ratelimited', 'retry-after'],
    ['org_login_required', 'retry-after'],
    ['team_added_to_org', 'retry-after'],
    ['external_channel_migrating', 'retry-after'],
    ['internal_error', 'ambiguous'],
    ['update_failed', 'ambiguous'],
    ['fatal_error', 'ambiguous'],
    ['service_unavailable', 'ambiguous'],
    ['msg_too_long', 'fatal'],
    ['invalid_blocks', 'fatal'],
    ['something_new', 'fatal'],
  ] as const)('%s is %s', (code, kind) => {
    expect(toPlatformError(platform(code))).toMatchObject({ kind, message: `Slack answered ${code}` })
    expect(isDead(platform(code))).toBe(kind === 'connection-dead')
  })

  it.each(['<html><body>Maintenance</body></html>', '{"ok": true, "chan', 'x'.repeat(65)])(
    'that is no answer of Slack may have happened, and is not repeated in the log: %s',
    (page) => {
      const error = toPlatformError(platform(page))
      expect(error.kind).toBe('ambiguous')
      expect(error.message).not.toContain(page.slice(0, 6))
    },
  )

  it('429 says for how long to wait', () => {
    const error = toPlatformError(new webApi.WebAPIRateLimitedError(3))
    expect([error.kind, error.retryAfter]).toEqual(['retry-after', 3000])
  })

  it.each([500, 502, 503, 504])('%i may have happened', (status) => {
    expect(toPlatformError(new webApi.WebAPIHTTPError(status, '', {}, '')).kind).toBe('ambiguous')
  })
})

describe('no answer', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])('for %s: surely not sent', (code) => {
    expect(toPlatformError(network(code)).kind).toBe('retry-after')
  })

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'ETIMEDOUT'])('for %s: it may have happened', (code) => {
    expect(toPlatformError(network(code)).kind).toBe('ambiguous')
  })

  it('in time: it may have happened', () => {
    const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    expect(toPlatformError(new webApi.WebAPIRequestError(timeout)).kind).toBe('ambiguous')
  })

  it('of a kind that nobody thought of: it may have happened', () => {
    expect(toPlatformError('?').kind).toBe('ambiguous')
    const own = new PlatformError('forbidden', 'x')
    expect(toPlatformError(own)).toBe(own)
  })
})
