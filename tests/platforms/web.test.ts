// The web server: what its routes do not catch themselves.

import * as net from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWeb, type Web } from '../../src/platforms/web.ts'

let web: Web
let url: URL
let lines: string[]
let reads: number
const printed = vi.spyOn(console, 'error').mockReturnValue()

beforeEach(async () => {
  lines = []
  reads = 0
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  web = createWeb({ host: '127.0.0.1', port: 0 }, log)
  web.routes.post('/read', async (http) => {
    reads += 1
    return http.text(await http.req.text())
  })
  web.routes.get('/fails', () => {
    throw new Error('a secret of the inside')
  })
  url = new URL(await web.start())
})
afterEach(() => web.stop())

it('says nothing of its inside to whoever meets a mistake, and logs it', async () => {
  const response = await fetch(new URL('/fails', url))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, msg: 'a request failed', path: '/fails' }])
  expect(printed).not.toHaveBeenCalled()
})

it('takes a request that breaks off for what it is', async () => {
  const socket = net.connect(Number(url.port), url.hostname)
  socket.write('POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc')
  await vi.waitFor(() => expect(reads).toBe(1))
  socket.destroy()
  await vi.waitFor(() => expect(lines).toHaveLength(1))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 20, msg: 'a request broke off' })
  expect(printed).not.toHaveBeenCalled()
})
