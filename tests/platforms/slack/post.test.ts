// One attempt to post has an end, however slow Slack is.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noticeCard } from '../../../src/cards/notice.ts'
import { createPosts } from '../../../src/platforms/slack/post.ts'
import { oneWorkspace } from '../../../src/platforms/slack/workspaces.ts'
import { silent } from '../../support/world.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const long = noticeCard('info', '제목', Array.from({ length: 4000 }, (_, i) => `낱말${i}`).join(' '))
const pictures = { ready: async () => new Map(), forget: async () => {} }

let chat: SlackChat
/** What passes with each message that Slack takes. In milliseconds. */
let pace: number
beforeEach(async () => {
  chat = await openSlackChat()
  pace = 0
})
afterEach(() => chat.close())

async function post(): Promise<string> {
  const { sim, workspace, room } = chat
  const workspaces = await oneWorkspace(workspace.botToken, sim.apiUrl, silent, new AbortController().signal)
  const steady = (): number => sim.history(room.id).length * pace
  const posts = createPosts(workspaces, pictures, (card) => card, silent, steady)
  return posts.post({ connection: workspace.id, channel: room.id }, long, 'post-1')
}

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
