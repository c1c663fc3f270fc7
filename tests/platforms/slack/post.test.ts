// One attempt to post or to edit: it has an end, however slow Slack is, and is made plainer when Slack refuses what is in it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noticeCard } from '../../../src/cards/notice.ts'
import type { Card } from '../../../src/chat/card.ts'
import { plain } from '../../../src/chat/markdown.ts'
import { createPosts, type Posts } from '../../../src/platforms/slack/post.ts'
import type { Files } from '../../../src/platforms/slack/render.ts'
import { oneWorkspace } from '../../../src/platforms/slack/workspaces.ts'
import { silent } from '../../support/world.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const long = noticeCard('info', '제목', Array.from({ length: 4000 }, (_, i) => `낱말${i}`).join(' '))
const IMAGE = 'aws/diagrams/x.ko.png'
const picture: Card = {
  ...noticeCard('info', '제목', '내용'),
  blocks: [{ type: 'image', image: IMAGE, alt: '그림의 설명' }],
}
const board: Card = {
  title: '순위표',
  accent: 'info',
  blocks: [
    { type: 'table', columns: ['이름', '점수'], rows: [{ cells: [plain('김민지'), plain('120')], marked: false }] },
  ],
  rows: [[{ type: 'button', id: 'board.show:week:members', label: '이번 주', primary: false }]],
}

let chat: SlackChat
/** What passes with each message that Slack takes. In milliseconds. */
let pace: number
/** Files that the bot was told Slack refuses. */
let refused: string[]
beforeEach(async () => {
  chat = await openSlackChat()
  pace = 0
  refused = []
})
afterEach(() => chat.close())

async function posts(): Promise<Posts> {
  const { sim, workspace, room } = chat
  const workspaces = await oneWorkspace(workspace.botToken, sim.apiUrl, silent, new AbortController().signal)
  const steady = (): number => sim.history(room.id).length * pace
  const pictures = {
    ready: async () => new Map([[IMAGE, 'F1']]),
    refused: async (files: Files) => void refused.push(...files.values()),
  }
  return createPosts(workspaces, pictures, (card) => card, silent, steady)
}

async function post(card = long): Promise<string> {
  const destination = { connection: chat.workspace.id, channel: chat.room.id }
  return (await posts()).post(destination, card, 'post-1')
}

const fail = (problem: string, times: number, method = 'chat.postMessage'): void =>
  chat.sim.fault.fail({ method }, problem, { times })
/** What every message in the channel is made of. */
const shapes = (): string[][] => chat.sim.history(chat.room.id).map(({ blocks }) => blocks.map(({ type }) => type))

describe('a post of many messages', () => {
  it('is whole while there is time', async () => {
    await post()
    expect(chat.sim.history(chat.room.id).length).toBeGreaterThan(4)
  })

  it('ends where its time does, though its end is lacking: it is there, and nobody sends it again', async () => {
    pace = 10_000
    const ref = await post()
    const shown = chat.sim.history(chat.room.id)
    expect(shown).toHaveLength(3)
    expect(ref.endsWith(shown[0]?.ts ?? '?')).toBe(true)
  })
})

describe('a post whose blocks Slack refuses', () => {
  it.each(['invalid_blocks', 'invalid_blocks_format', 'invalid_attachments', 'msg_blocks_too_long'])(
    'comes with its table as a list, and is found as before: %s',
    async (problem) => {
      fail(problem, 1)
      const ref = await post(board)
      expect(shapes()).toEqual([['header', 'rich_text', 'actions']])
      const room = { connection: chat.workspace.id, channel: chat.room.id }
      expect(await (await posts()).find(room, 'post-1', 0)).toEqual({ kind: 'found', ref })
    },
  )

  it('comes as its text alone when nothing else is taken', async () => {
    fail('invalid_blocks', 2)
    await post(board)
    expect(shapes()).toEqual([[]])
    expect(chat.sim.history(chat.room.id)[0]?.text).toContain('김민지')
  })

  it('fails when not even that is', async () => {
    fail('invalid_blocks', 3)
    await expect(post(board)).rejects.toMatchObject({ kind: 'fatal' })
    expect(chat.sim.count('chat.postMessage')).toBe(3)
  })

  it('is not sent again once it may be there', async () => {
    fail('invalid_blocks', 1)
    fail('internal_error', 1)
    await expect(post(board)).rejects.toMatchObject({ kind: 'ambiguous' })
    expect(chat.sim.count('chat.postMessage')).toBe(2)
  })

  it('has its end in another form too', async () => {
    chat.sim.fault.fail({ method: 'chat.postMessage' }, 'invalid_blocks')
    await post()
    const [first, ...more] = shapes()
    expect(first).toEqual([])
    expect(more.every(({ length }) => length > 0)).toBe(true)
  })
})

describe('a picture that Slack refuses', () => {
  it.each(['invalid_blocks', 'missing_file_data'])('is tried for a moment, then told in words: %s', async (problem) => {
    fail(problem, 3)
    await post(picture)
    expect(shapes()).toEqual([['header', 'rich_text']])
    expect(chat.sim.count('chat.postMessage')).toBe(4)
    expect(refused).toEqual(['F1'])
  })

  it('in a channel that takes no files is told in words at once, and stays uploaded for others', async () => {
    fail('slack_connect_file_link_sharing_blocked', 1)
    await post(picture)
    expect(shapes()).toEqual([['header', 'rich_text']])
    expect(refused).toEqual([])
  })

  it('is not waited for where something else is refused', async () => {
    fail('msg_blocks_too_long', 1)
    await post(picture)
    expect(shapes()).toEqual([['header', 'rich_text']])
    expect([chat.sim.count('chat.postMessage'), refused]).toEqual([2, []])
  })

  it('is no reason for a post without one', async () => {
    fail('missing_file_data', 1)
    await expect(post(board)).rejects.toMatchObject({ kind: 'fatal' })
    expect(chat.sim.count('chat.postMessage')).toBe(1)
  })
})

describe('an edit', () => {
  const room = () => chat.sim.history(chat.room.id)[0]
  /** One message of more bytes than an edit may have. */
  const wide = noticeCard('info', '제목', '가나다라 & 마바사 '.repeat(190))

  it('has a text of as many bytes as Slack takes, and everything in its blocks', async () => {
    await (await posts()).edit(await post(board), wide)
    const { text = '', blocks } = room() ?? {}
    expect(Buffer.byteLength(text)).toBeGreaterThan(3800)
    expect(text).toMatch(/…$/)
    expect(JSON.stringify(blocks).match(/마바사/g)).toHaveLength(190)
  })

  it('has a shorter one where that is still too long', async () => {
    const ref = await post(board)
    fail('msg_too_long', 1, 'chat.update')
    await (await posts()).edit(ref, wide)
    expect(Buffer.byteLength(room()?.text ?? '')).toBeLessThan(1000)
    expect(JSON.stringify(room()?.blocks).match(/마바사/g)).toHaveLength(190)
  })

  it('whose blocks Slack refuses is made in another form', async () => {
    const ref = await post(wide)
    fail('invalid_blocks', 1, 'chat.update')
    await (await posts()).edit(ref, board)
    expect(shapes()).toEqual([['header', 'rich_text', 'actions']])
  })

  it('shows its pictures in words: an edit shares no file', async () => {
    await (await posts()).edit(await post(board), picture)
    expect(shapes()).toEqual([['header', 'rich_text']])
    expect(chat.sim.count('chat.update')).toBe(1)
  })

  it('in a channel that is archived finds it gone', async () => {
    const ref = await post(board)
    chat.room.archived = true
    await expect((await posts()).edit(ref, wide)).rejects.toMatchObject({ kind: 'channel-gone' })
  })
})
