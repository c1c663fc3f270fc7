import { beforeEach, describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import { createDelivery, type Delivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { findPost, type Post } from '../../src/store/posts.ts'
import { answerPost } from '../../src/study/answer.ts'
import { type Community, communityOf } from '../../src/study/membership.ts'
import {
  clockAt,
  DAY,
  DEFAULTS,
  type FakePlatform,
  fakePlatform,
  HOUR,
  library,
  memberOf,
  memoryStore,
  silent,
} from '../support/world.ts'

const MINUTE = 60_000

describe('delivery', () => {
  const clock = clockAt('2026-11-18T09:00:00+09:00')
  let store: Store
  let platform: FakePlatform
  let delivery: Delivery

  /** Another process on the same store: what runs after a restart. */
  const process = (): Delivery =>
    createDelivery({ store, library, platforms: [platform], clock, random: () => 0.5, log: silent })
  const community = (): Promise<Community> =>
    communityOf(store, { platform: 'playground', id: 'local', name: 'Playground' }, DEFAULTS, clock.now())
  async function onlyPost(): Promise<Post> {
    const posts = await store.db.selectFrom('post').selectAll().execute()
    const [post] = posts
    if (!post || posts.length !== 1) throw new Error(`there are ${posts.length} posts`)
    return post
  }

  beforeEach(async () => {
    clock.set('2026-11-18T09:00:00+09:00')
    store = await memoryStore()
    platform = fakePlatform()
    delivery = process()
  })

  it('posts the sample once in the life of a store, whoever asks', async () => {
    await Promise.all([
      delivery.postSample(await community(), 'study'),
      process().postSample(await community(), 'study'),
    ])
    await process().postSample(await community(), 'study')
    expect(platform.messages.size).toBe(1)
    expect(await onlyPost()).toMatchObject({ state: 'posted', message_ref: 'message-1', attempts: 1 })
  })

  it('posts a question whose buttons do not tell which choice is right', async () => {
    await delivery.postSample(await community(), 'study')
    const card = [...platform.messages.values()][0]?.card
    const { id } = await onlyPost()
    const ids = card?.rows.flat().flatMap((action) => (action.type === 'choice' ? [action.id] : []))
    expect(ids).toEqual(ids?.map((_, position) => `quiz.answer:${id}:${position}`))
  })

  it('closes a post once its time is over, with the answer and who scored', async () => {
    await delivery.postSample(await community(), 'study')
    const { id, snapshot } = await onlyPost()
    const member = await memberOf(store, '민지', clock.now())
    const { right } = JSON.parse(snapshot)
    await answerPost(store, member, { post: id, choice: right, receivedAt: clock.now(), message: 'message-1' })
    clock.advance(DAY - 1)
    await delivery.tick()
    expect(platform.edits).toEqual([])
    clock.advance(1)
    await delivery.tick()
    await delivery.tick()
    expect(platform.edits).toEqual(['message-1'])
    expect((await findPost(store.db, id))?.state).toBe('closed')
    const text = plainText(
      [...platform.messages.values()][0]?.card ?? { title: '', accent: 'info', blocks: [], rows: [] },
    )
    expect(text).toContain('정답')
    expect(text).toContain('1명 (100%)')
    expect(text).toContain('민지')
  })

  it('finds a post whose answer was lost, and does not post it again', async () => {
    platform.failNext('ambiguous', 'after')
    await delivery.postSample(await community(), 'study')
    expect((await onlyPost()).state).toBe('ambiguous')
    clock.advance(2 * MINUTE)
    await process().tick()
    expect(await onlyPost()).toMatchObject({ state: 'posted', message_ref: 'message-1' })
    expect(platform.messages.size).toBe(1)
  })

  it('posts again what surely did not arrive', async () => {
    platform.failNext('ambiguous', 'before')
    await delivery.postSample(await community(), 'study')
    clock.advance(2 * MINUTE)
    await delivery.tick()
    expect(await onlyPost()).toMatchObject({ state: 'posted', attempts: 2 })
    expect(platform.messages.size).toBe(1)
  })

  it('does not post again where it cannot look, and says so', async () => {
    platform.failNext('ambiguous', 'after')
    platform.sight = 'blind'
    await delivery.postSample(await community(), 'study')
    clock.advance(2 * MINUTE)
    await delivery.tick()
    expect(await onlyPost()).toMatchObject({ state: 'failed' })
    expect((await onlyPost()).failure).toContain('not known')
    expect(platform.messages.size).toBe(1)
  })

  it('leaves a post alone while another process holds its lease', async () => {
    platform.failNext('ambiguous', 'before')
    await delivery.postSample(await community(), 'study')
    clock.advance(30_000)
    await process().tick()
    expect(platform.messages.size).toBe(0)
  })

  it('waits as long as the platform asks, then posts', async () => {
    platform.failNext('retry-after', 'before')
    await delivery.postSample(await community(), 'study')
    expect((await onlyPost()).state).toBe('pending')
    clock.advance(MINUTE)
    await delivery.tick()
    expect((await onlyPost()).state).toBe('posted')
  })

  it.each(['forbidden', 'channel-gone', 'connection-dead', 'fatal'] as const)(
    'gives up at once on %s',
    async (kind) => {
      platform.failNext(kind, 'before')
      await delivery.postSample(await community(), 'study')
      expect(await onlyPost()).toMatchObject({ state: 'failed' })
      clock.advance(HOUR)
      await delivery.tick()
      expect(platform.messages.size).toBe(0)
    },
  )

  it('gives up on a post that could not be sent for an hour', async () => {
    platform.failNext('retry-after', 'before')
    await delivery.postSample(await community(), 'study')
    clock.advance(HOUR + MINUTE)
    await delivery.tick()
    expect(await onlyPost()).toMatchObject({ state: 'failed' })
  })

  it('still finds after more than an hour what was posted all along', async () => {
    platform.failNext('ambiguous', 'after')
    await delivery.postSample(await community(), 'study')
    clock.advance(2 * HOUR)
    await delivery.tick()
    expect(await onlyPost()).toMatchObject({ state: 'posted' })
  })

  it('repeats a closing edit that failed, without changing what it says', async () => {
    await delivery.postSample(await community(), 'study')
    platform.failNext('ambiguous', 'after', 'edit')
    clock.advance(DAY)
    await delivery.tick()
    expect((await onlyPost()).state).toBe('closing')
    clock.advance(2 * MINUTE)
    await process().tick()
    expect((await onlyPost()).state).toBe('closed')
    expect(platform.edits).toEqual(['message-1', 'message-1'])
  })

  it('closes silently when the message was deleted', async () => {
    await delivery.postSample(await community(), 'study')
    platform.messages.clear()
    clock.advance(DAY)
    await delivery.tick()
    expect((await onlyPost()).state).toBe('closed')
  })
})
