import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DiscordAPIError, HTTPError, RateLimitError, REST } from 'discord.js'
import { afterEach, describe, expect, it } from 'vitest'
import { PlatformError, type PlatformErrorKind } from '../../../src/chat/platform.ts'
import { isRefusal, toPlatformError } from '../../../src/platforms/discord/errors.ts'

const BODY = { files: undefined, body: undefined }
const URL = 'https://discord.com/api/v10/channels/1/messages'

function refused(status: number, code: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'refused' }, code, status, 'POST', URL, BODY)
}

function network(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
const REFUSED: readonly (readonly [what: string, status: number, code: number, kind: PlatformErrorKind])[] = [
  ['an unknown channel', 404, 10003, 'channel-gone'],
  ['an unknown guild', 404, 10004, 'connection-dead'],
  ['an unknown message', 404, 10008, 'message-gone'],
  ['slowmode', 429, 20016, 'retry-after'],
  ['too many messages in a channel', 429, 20028, 'retry-after'],
  ['too many messages in a server', 429, 20029, 'retry-after'],
  ['too many edits of an old message', 429, 30046, 'retry-after'],
  ['a token that is no more', 401, 40001, 'connection-dead'],
  ['messages turned off for a while', 403, 40004, 'retry-after'],
  ['a feature turned off for a while', 403, 40006, 'retry-after'],
  ['direct messages opened too fast', 429, 40003, 'retry-after'],
  ['the network in between, for a moment', 403, 40333, 'retry-after'],
  ['a forum', 400, 40058, 'forbidden'],
  ['no access', 403, 50001, 'forbidden'],
  ['a person who takes no direct messages', 403, 50007, 'forbidden'],
  ['a channel without text', 400, 50008, 'forbidden'],
  ['a missing permission', 403, 50013, 'forbidden'],
  ['a channel of the wrong type', 403, 50024, 'forbidden'],
  ['an archived thread', 400, 50083, 'forbidden'],
  ['a person without a server in common', 403, 50278, 'forbidden'],
  ['a locked thread', 403, 160005, 'forbidden'],
  ['too many open threads', 403, 160006, 'forbidden'],
  ['too many open announcement threads', 400, 160007, 'forbidden'],
  ['a status 401 without a code', 401, 0, 'connection-dead'],
  ['a status 403 without a code', 403, 0, 'forbidden'],
  ['a status 429 without a code', 429, 0, 'retry-after'],
  ['a form that we filled in wrongly', 400, 50035, 'fatal'],
  ['a path that does not exist', 404, 0, 'fatal'],
  ['a request that is too large', 413, 40005, 'fatal'],
]

describe('what Discord refused', () => {
  it.each(REFUSED)('because of %s (status %d, code %d) is %s', (_, status, code, kind) => {
    const error = toPlatformError(refused(status, code))
    expect(error).toBeInstanceOf(PlatformError)
    expect(error.kind).toBe(kind)
  })

  it('keeps the error, and names status and code for the log', () => {
    const cause = refused(403, 50013)
    expect(toPlatformError(cause)).toMatchObject({ cause, message: expect.stringMatching(/403.*50013/) })
  })
})

describe('whether Discord would say the same again', () => {
  it.each([
    [403, 50013, true],
    [404, 10003, true],
    [400, 50035, true],
    [403, 40333, false],
    [429, 20028, false],
    [500, 0, false],
  ])('status %d, code %d: %s', (status, code, expected) => {
    expect(isRefusal(refused(status, code))).toBe(expected)
  })

  it('which a page of the network in between does not tell', () => {
    expect(isRefusal(new DiscordAPIError({} as never, undefined as never, 403, 'GET', URL, BODY))).toBe(false)
    expect(isRefusal(new HTTPError(403, 'x', 'GET', URL, BODY))).toBe(false)
  })
})

describe('what may have been done although no answer came', () => {
  const timeout = new AbortController()
  timeout.abort()
  it.each<readonly [string, unknown]>([
    ...[500, 502, 503, 504, 520].map(
      (status) => [`status ${status}`, new HTTPError(status, 'x', 'POST', URL, BODY)] as const,
    ),
    ['a timeout', timeout.signal.reason],
    ['a connection that broke', network('ECONNRESET')],
    ['a socket that closed', network('UND_ERR_SOCKET')],
    ['an answer that did not end', network('UND_ERR_BODY_TIMEOUT')],
    ['no headers in time', network('UND_ERR_HEADERS_TIMEOUT')],
    ['a pipe that broke', network('EPIPE')],
    ['an error without a code', new Error('x')],
    ['something that is no error', 'x'],
  ])('is ambiguous: %s', (_, error) => {
    expect(toPlatformError(error).kind).toBe('ambiguous')
  })
})

describe('what was never sent', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'may be sent later: %s',
    (code) => {
      expect(toPlatformError(network(code)).kind).toBe('retry-after')
      expect(toPlatformError(Object.assign(new Error(code), { code })).kind).toBe('retry-after')
    },
  )

  it('may be sent after the time that a rate limit asks for', () => {
    const limit = {
      global: false,
      hash: '',
      limit: 5,
      majorParameter: '1',
      method: 'POST',
      route: '',
      scope: 'user',
      url: URL,
    } as const
    const error = new RateLimitError({ ...limit, timeToReset: 7000, retryAfter: 9000, sublimitTimeout: 0 })
    expect(toPlatformError(error)).toMatchObject({ kind: 'retry-after', retryAfter: 9000 })
  })
})

describe('errors as discord.js itself makes them', () => {
  let server: Server | undefined
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
    server = undefined
  })

  /** What a request to a server that answers so is rejected with. */
  async function rejection(answer: Parameters<typeof createServer>[1], timeout = 5000): Promise<PlatformError> {
    server = createServer(answer)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const rest = new REST({ api, retries: 0, timeout }).setToken('x')
    const error = await rest.post('/channels/1/messages', { body: {} }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    server.closeAllConnections()
    return toPlatformError(error)
  }

  it.each([500, 502, 503])('status %d is ambiguous', async (status) => {
    expect((await rejection((_, response) => response.writeHead(status).end())).kind).toBe('ambiguous')
  })

  it('a connection that is cut is ambiguous', async () => {
    expect((await rejection((request) => request.socket.destroy())).kind).toBe('ambiguous')
  })

  it('an answer that does not come is ambiguous', async () => {
    expect((await rejection(() => {}, 50)).kind).toBe('ambiguous')
  })

  it('a refusal in JSON has its code', async () => {
    const error = await rejection((_, response) =>
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"code": 10003, "message": "Unknown Channel"}'),
    )
    expect(error.kind).toBe('channel-gone')
  })

  it('a page of the network in between is no refusal of ours', async () => {
    const error = await rejection((_, response) =>
      response.writeHead(403, { 'content-type': 'text/html' }).end('<html>blocked</html>'),
    )
    expect(error.kind).toBe('retry-after')
  })

  it('a port where nobody listens was not sent to', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const rest = new REST({ api: `http://127.0.0.1:${port}`, retries: 0 }).setToken('x')
    const error = await rest.get('/gateway/bot').catch((reason: unknown) => reason)
    expect(toPlatformError(error).kind).toBe('retry-after')
  })
})

it('an error that is one of ours already stays as it is', () => {
  const error = new PlatformError('message-gone', 'x')
  expect(toPlatformError(error)).toBe(error)
})
