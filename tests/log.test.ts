import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { createLog } from '../src/log.ts'

/** What an error becomes in the log. */
function logged(error: unknown): { text: string; err: Record<string, unknown> } {
  let text = ''
  const into = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk
      done()
    },
  })
  createLog('info', into).error({ err: error }, 'something')
  return { text, err: JSON.parse(text).err }
}

it('an error is told by its name, message, stack and code, and by nothing else that it carries', () => {
  const error = Object.assign(new TypeError('it broke'), {
    code: 50_013,
    status: 403,
    url: 'https://discord.test/webhooks/1/secret-token/callback',
    requestBody: { json: { content: 'what somebody wrote' } },
    original: new Error('inside: what somebody wrote'),
    detail: 'Key (name)=(what somebody wrote) already exists.',
    headers: { authorization: 'Bearer secret-token' },
  })
  const { text, err } = logged(error)
  expect(Object.keys(err).sort()).toEqual(['code', 'message', 'stack', 'status', 'type'])
  expect(err).toMatchObject({ type: 'TypeError', message: 'it broke', code: 50_013, status: 403 })
  expect(err['stack']).toContain('log.test.ts')
  expect(text).not.toMatch(/secret-token|what somebody wrote/)
})

it('its causes are told in the same way, and a circle of them ends', () => {
  const error = new Error('outside', { cause: new Error('inside', { cause: 'what somebody wrote' }) })
  const { text, err } = logged(error)
  expect(err['cause']).toMatchObject({ type: 'Error', message: 'inside', cause: { type: 'string' } })
  expect(text).not.toContain('what somebody wrote')
  const circle = new Error('again')
  circle.cause = circle
  expect(logged(circle).err['message']).toBe('again')
})

it.each([
  [
    'an address',
    () => new Error('cannot post to https://hooks.slack.com/commands/T1/secret-token'),
    'hooks.slack.com/…',
  ],
  ['a database', () => new Error('postgres://study:secret-token@db.test:5432/study'), 'db.test:5432/…'],
  ['what is no JSON', () => parsed('{"text":"secret-token"'), ''],
  ['what is no JSON at all', () => parsed('secret-token, and more'), 'not valid JSON'],
])('a message with %s is told without it', (_what, error, remains) => {
  const { text, err } = logged(error())
  expect(text).not.toContain('secret')
  expect(err['message']).toContain(remains)
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

it('a token is not told, at the top of a line or inside', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  log.info({ token: 'hidden-a', secret: 'hidden-b', given: { authorization: 'hidden-c' } }, 'something')
  expect(lines.join()).toContain('something')
  expect(lines.join()).not.toContain('hidden')
})
