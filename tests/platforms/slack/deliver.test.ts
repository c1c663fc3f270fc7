import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import { privately } from '../../../src/chat/invocation.ts'
import { plain } from '../../../src/chat/markdown.ts'
import { createGate } from '../../../src/platforms/slack/answers.ts'
import { createDeliver } from '../../../src/platforms/slack/deliver.ts'
import type { Pictures } from '../../../src/platforms/slack/files.ts'
import { RESPONSES } from '../../../src/platforms/slack/limits.ts'
import { type Message, render } from '../../../src/platforms/slack/render.ts'
import type { Workspace } from '../../../src/platforms/slack/workspaces.ts'
import { silent } from '../../support/world.ts'

const IMAGE = 'aws/diagrams/x.ko.png'
const pictures: Pictures = { ready: async () => new Map([[IMAGE, 'F1']]), forget: async () => {} }

/** A response_url that never takes a picture, and nothing at all after its fifth use. */
let server: http.Server
let uses: number
let taken: Message[]

beforeEach(async () => {
  uses = 0
  taken = []
  server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    uses += 1
    const message = JSON.parse(body) as Message
    const problem =
      uses > RESPONSES
        ? 'expired_url'
        : message.blocks.some(({ type }) => type === 'image')
          ? 'invalid_blocks'
          : undefined
    if (problem === undefined) taken.push(message)
    response.writeHead(problem ? 400 : 200).end(JSON.stringify(problem ? { ok: false, error: problem } : { ok: true }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

describe('an answer with a picture that Slack never shows', () => {
  it.each([1, 2, 3, 4])('arrives whole in words, though it takes %i messages', async (count) => {
    const image = { type: 'image', image: IMAGE, alt: '그림의 설명' } as const
    // Each fills most of a message.
    const texts = Array.from({ length: count }, (_, i) => ({
      type: 'text' as const,
      text: plain(
        Array.from({ length: 700 }, (_, n) => `말${i}${n}`)
          .join(' ')
          .slice(0, 2990),
      ),
    }))
    const card: Card = { title: '', accent: 'info', blocks: [image, ...texts], rows: [] }
    const inWords = render(card)
    expect(inWords.length).toBe(count)
    const { port } = server.address() as AddressInfo
    await createDeliver(
      pictures,
      (same) => same,
      silent,
    )(privately(card), {
      id: 'x',
      workspace: {} as Workspace,
      gate: createGate(async () => {}, silent),
      inAck: true,
      responseUrl: `http://127.0.0.1:${port}/`,
      user: 'U1',
      replaceable: false,
    })
    expect(taken.map(({ text }) => text)).toEqual(inWords.map(({ text }) => text))
    expect(uses).toBeLessThanOrEqual(RESPONSES)
  })
})

it('an answer that takes more messages than the response_url goes on in the messages with the app', async () => {
  const told: unknown[] = []
  const workspace = {
    clients: { post: { chat: { postMessage: async (message: unknown) => void told.push(message) } } },
  } as unknown as Workspace
  const text = (i: number) => ({ type: 'text', text: plain(`말${i} `.repeat(700)) }) as const
  const card: Card = { title: '', accent: 'info', blocks: Array.from({ length: 7 }, (_, i) => text(i)), rows: [] }
  const whole = render(card)
  expect(whole.length).toBe(7)
  const { port } = server.address() as AddressInfo
  await createDeliver(
    pictures,
    (same) => same,
    silent,
  )(privately(card), {
    ...{ id: 'x', workspace, user: 'U1', replaceable: false, inAck: false },
    gate: createGate(async () => {}, silent),
    responseUrl: `http://127.0.0.1:${port}/`,
  })
  expect(taken.map(({ text }) => text)).toEqual(whole.slice(0, RESPONSES).map(({ text }) => text))
  expect(told).toMatchObject(whole.slice(RESPONSES).map(({ text }) => ({ channel: 'U1', text })))
})
