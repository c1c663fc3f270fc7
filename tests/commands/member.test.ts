import { beforeEach, describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import type { Invocation } from '../../src/chat/invocation.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { clockAt, DEFAULTS, invocationOf, library, memoryStore, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
let bot: Bot
let store: Store

beforeEach(async () => {
  store = await memoryStore()
  const delivery = createDelivery({ store, library, platforms: [], clock, random: () => 0, log: silent })
  const parts = { store, library, clock, random: () => 0, defaults: DEFAULTS, log: silent, delivery }
  bot = createBot({ ...parts, indexes: new Map(), platforms: [] })
  for (const name of ['이준호', '김민지', '박민지', 'Sora Lee', 'under_score', '해님']) await meet(name)
})

const as = (name: string, more: Partial<Invocation> = {}): Invocation =>
  invocationOf(`id-${name}`, clock.now(), { account: { id: `id-${name}`, name }, ...more })
const meet = (name: string, more: Partial<Invocation> = {}) => bot.runLine(as(name, more), '/study score')
const say = async (line: string, more: Partial<Invocation> = {}): Promise<string> =>
  plainText((await bot.runLine(as('admin', { isAdmin: async () => true, ...more }), line)).card)

describe('a member whose score is asked for', () => {
  it.each([
    ['이준호', '이준호'],
    ['이준호님', '이준호'],
    ['이준호 님', '이준호'],
    ['준호', '이준호'],
    ['@준호', '이준호'],
    ['준호씨', '이준호'],
    ['sora', 'Sora Lee'],
    ['lee', 'Sora Lee'],
    ['해님', '해님'],
    ['r_s', 'under_score'],
  ])('%s is %s', async (typed, name) => {
    expect(await say(`/study score ${typed}`)).toContain(`${name}님의 점수`)
  })

  it.each(['없는사람', '호', '님', '%', '__', 'a%e', "'"])('%s is nobody', async (typed) => {
    const text = await say(`/study score ${typed}`)
    expect(text).toContain('참가자가 없어요')
    expect(text).not.toContain('여러 명')
  })

  it('is one of several: they are named', async () => {
    expect(await say('/study score 민지')).toContain('“민지”에 맞는 참가자가 여러 명이에요: 김민지, 박민지. 전체 이름')
    expect(await say('/study score 민지님', { locale: 'en' })).toContain('matches “민지님”: 김민지, 박민지.')
  })

  it('is one of very many: five are named', async () => {
    for (let i = 0; i < 8; i++) await meet(`참가자${i}`)
    expect(await say('/study score 참가자')).toContain('참가자0, 참가자1, 참가자2, 참가자3, 참가자4, …. 전체')
  })

  it('is never somebody of another community', async () => {
    await meet('최하늘', { connection: { id: 'elsewhere', name: 'Elsewhere' } })
    expect(await say('/study score 하늘')).toContain('참가자가 없어요')
  })

  it('has a name that calls nobody', async () => {
    await meet('<!channel> 나래')
    await meet('@everyone 나래')
    const { card } = await bot.runLine(as('admin'), '/study score 나래')
    const [text] = card.blocks.flatMap((block) => (block.type === 'text' ? [block.text.markdown] : []))
    expect(text).toContain('\\<\\!channel\\> 나래')
    expect(text).toContain('\\@everyone 나래')
  })

  it('whom a platform does not know by the bot is nobody whose name is like it', async () => {
    expect(await say('/study score @준호\u2060')).toContain('참가자가 없어요')
  })
})

describe('a member who gets rights', () => {
  it.each(['이준호', '이준호님', '@이준호 님'])(
    'is called by the whole name, and by that alone gets none: %s',
    async (typed) => {
      const admin = as('admin', { isAdmin: async () => true })
      const { card } = await bot.runLine(admin, `/study-admin admins add ${typed}`)
      expect(plainText(card)).toMatch(/이준호님을 관리자로 추가할까요\?[\s\S]*계정 ID: id-이준호\n/)
      expect(await say('/study-admin admins list')).toContain('아직 없어요')
      const [[button] = []] = card.rows
      if (button?.type !== 'button') throw new Error('no button')
      // Whoever sees the button is no admin by that.
      expect(
        plainText((await bot.press(as('이준호', { isAdmin: async () => false }), button.id, undefined)).card),
      ).toContain('관리자만')
      expect(plainText((await bot.press(admin, button.id, undefined)).card)).toContain('이제 이준호님도')
      expect(await say('/study-admin admins list')).toContain('이준호')
    },
  )

  it('is nobody whose person is not of this place', async () => {
    await meet('최하늘', { connection: { id: 'elsewhere', name: 'Elsewhere' } })
    const [{ person_id: person } = { person_id: '' }] = await store.db
      .selectFrom('member')
      .select('person_id')
      .where('name', '=', '최하늘')
      .execute()
    const { card } = await bot.press(as('admin', { isAdmin: async () => true }), `admins.grant:${person}`, undefined)
    expect(plainText(card)).toContain('이제 쓸 수 없는 버튼이에요')
    expect(await say('/study-admin admins list')).toContain('아직 없어요')
  })

  it.each([
    ['준호', '이준호'],
    ['민지', '김민지, 박민지'],
  ])('is not the one with a part of the name: %s', async (typed, names) => {
    const text = await say(`/study-admin admins add ${typed}`)
    expect(text).toContain(
      `“${typed}”만으로는 누구인지 확실하지 않아서 아무것도 바꾸지 않았어요. 이런 사람이 있어요: ${names}.`,
    )
    expect(await say('/study-admin admins list')).toContain('아직 없어요')
  })

  it('is nobody where nobody is called so', async () => {
    expect(await say('/study-admin admins add 없는사람')).toContain('“없는사람”에 맞는 사람이 없어요.')
  })
})
