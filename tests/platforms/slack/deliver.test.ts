import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { webApi } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import { privately } from '../../../src/chat/invocation.ts'
import { plain } from '../../../src/chat/markdown.ts'
import { NO_METRICS } from '../../../src/metrics.ts'
import { createGate } from '../../../src/platforms/slack/answers.ts'
import { createDeliver, type Way } from '../../../src/platforms/slack/deliver.ts'
import { RESPONSES } from '../../../src/platforms/slack/limits.ts'
import { type Message, render } from '../../../src/platforms/slack/render.ts'
import type { Workspace } from '../../../src/platforms/slack/workspaces.ts'
import { silent } from '../../support/world.ts'

const IMAGE = 'aws/diagrams/x.ko.png'

/** A response_url that takes no blocks of some types, and nothing at all after its fifth use. */
let server: http.Server
let uses: number
/** Answers that were counted as lost. */
let lost: number
let taken: Message[]
let refuses: { readonly types: readonly string[]; readonly problem: string }

beforeEach(async () => {
  uses = 0
  lost = 0
  taken = []
  refuses = { types: [], problem: 'invalid_blocks' }
  server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    uses += 1
    const message = JSON.parse(body) as Message
    const problem =
      uses > RESPONSES
        ? 'expired_url'
        : message.blocks.some(({ type }) => refuses.types.includes(type))
          ? refuses.problem
          : undefined
    if (problem === undefined) taken.push(message)
    response.writeHead(problem ? 400 : 200).end(JSON.stringify(problem ? { ok: false, error: problem } : { ok: true }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

/** @param spare what else a way may have */
async function answer(card: Card, spare: Partial<Way> = {}): Promise<void> {
  const metrics = { ...NO_METRICS, answerLost: () => void lost++ }
  const { port } = server.address() as AddressInfo
  await createDeliver(
    (same) => same,
    silent,
    metrics,
  )(privately(card), {
    id: 'x',
    workspace: {} as Workspace,
    gate: createGate(async () => {}, silent),
    inAck: false,
    responseUrl: `http://127.0.0.1:${port}/`,
    user: 'U1',
    replaceable: false,
    ...spare,
  })
}

describe('an answer with a picture', () => {
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
    await answer(card)
    expect(taken.map(({ text }) => text)).toEqual(inWords.map(({ text }) => text))
    expect(JSON.stringify(taken[0]?.blocks)).toContain('그림의 설명')
    expect(uses).toBe(count)
  })
})

describe('an answer whose blocks Slack refuses', () => {
  const rows = [{ cells: [plain('김민지'), plain('120')], marked: true }]
  const board: Card = {
    title: '순위표',
    accent: 'info',
    blocks: [{ type: 'table', columns: ['이름', '점수'], rows }],
    rows: [[{ type: 'button', id: 'board.show:week:members', label: '이번 주', primary: false }]],
  }

  it.each(['invalid_blocks', 'invalid_blocks_format', 'invalid_attachments', 'msg_blocks_too_long'])(
    'comes again with its table as a list: %s',
    async (problem) => {
      refuses = { types: ['table'], problem }
      await answer(board)
      expect(taken.map(({ blocks }) => blocks.map(({ type }) => type))).toEqual([['header', 'rich_text', 'actions']])
      expect(JSON.stringify(taken)).toContain('점수: ')
      expect([uses, lost]).toEqual([2, 0])
    },
  )

  it('comes as its text alone when nothing else is taken', async () => {
    refuses = { types: ['table', 'rich_text'], problem: 'invalid_blocks' }
    await answer(board)
    expect(taken.map(({ text, blocks }) => [text, blocks])).toEqual([[render(board)[0]?.text, []]])
    expect([uses, lost]).toEqual([3, 0])
  })

  it('is lost, and counted, when not even that is', async () => {
    const tried: unknown[] = []
    const postMessage = async ({ blocks }: Message) => {
      tried.push(blocks.map(({ type }) => type))
      throw new webApi.WebAPIPlatformError({ ok: false, error: 'invalid_blocks' })
    }
    const workspace = { clients: { post: { chat: { postMessage } } } } as unknown as Workspace
    await answer(board, { workspace, responseUrl: undefined })
    expect(tried).toEqual([['header', 'table', 'actions'], ['header', 'rich_text', 'actions'], []])
    expect(lost).toBe(1)
  })

  it('is not sent again for anything else', async () => {
    refuses = { types: ['table'], problem: 'invalid_payload' }
    await answer(board)
    expect([uses, lost]).toEqual([1, 1])
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
  await answer(card, { workspace })
  expect(taken.map(({ text }) => text)).toEqual(whole.slice(0, RESPONSES).map(({ text }) => text))
  expect(told).toMatchObject(whole.slice(RESPONSES).map(({ text }) => ({ channel: 'U1', text })))
})
