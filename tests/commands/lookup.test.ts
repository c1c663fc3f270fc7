import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeAction } from '../../src/chat/action.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { type Bot, createBot } from '../../src/commands/dispatch.ts'
import { usage } from '../../src/commands/help.ts'
import { createIndex } from '../../src/content/search.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { createDelivery } from '../../src/schedule/delivery.ts'
import type { Store } from '../../src/store/open.ts'
import { clockAt, DEFAULTS, invocationOf, library, memoryStore, silent } from '../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
let store: Store
let bot: Bot
beforeEach(async () => {
  store = await memoryStore()
  const steady = { now: () => 0 }
  const delivery = createDelivery({ store, library, platforms: [], clock, steady, random: () => 0, log: silent })
  const parts = { store, library, indexes, clock, defaults: DEFAULTS, log: silent, platforms: [], delivery }
  bot = createBot({ ...parts, random: () => 0 })
})
afterEach(() => store.close())

/** The answer to a lookup, after all that follows it. */
async function lookup(query: string): Promise<Card> {
  // Each by somebody else: one person alone may not ask that much.
  const reply = await bot.runLine(invocationOf(query, clock.now()), `/aws ${query}`)
  await reply.after?.()
  return reply.card
}
const kindsOf = ({ rows }: Card): (string | undefined)[] =>
  rows.flat().map((action) => (action.type === 'link' ? undefined : decodeAction(action.id)?.kind))
/** How a command is written in the language of who asks. */
function written(path: string): string {
  const command = bot.commands.find((each) => each.path.join(' ') === path)
  if (!command) throw new Error(`no command is called ${path}`)
  return usage(command, 'ko')
}
async function missed(): Promise<string[]> {
  const rows = await store.db.selectFrom('missed_query').select('query').execute()
  return rows.map(({ query }) => query)
}

describe('a posted concept', () => {
  it.each([
    ['topic.show:aws:lambda', '하는 일'],
    ['topic.read:aws:lambda:en', 'What it does'],
    ['topic.read:aws:lambda:xx', '하는 일'],
  ])('is read in the language of the person, or the one of the button: %s', async (id, heading) => {
    const { card, visibility } = await bot.press(invocationOf('minji', clock.now()), id, undefined)
    expect([plainText(card).includes(`\n${heading}\n`), visibility]).toEqual([true, 'private'])
  })
})

describe('/aws', () => {
  it('takes no longer for a page of text than for a line, within reason', async () => {
    const cost = async (length: number): Promise<number> => {
      const costs: number[] = []
      for (let i = 0; i < 3; i++) {
        const since = performance.now()
        await lookup(`${i}${'a'.repeat(length)}`)
        costs.push(performance.now() - since)
      }
      return Math.min(...costs)
    }
    await cost(90)
    const line = await cost(90)
    // A hundred times the text; what grows with its square would take ten thousand times as long.
    expect((await cost(9000)) / line).toBeLessThan(50)
  })

  it.each([
    ['도움말', 'study help'],
    ['퀴즈', 'study quiz'],
    ['quiz', 'study quiz'],
    ['quiz?', 'study quiz'],
    ['study quiz', 'study quiz'],
    ['/study quiz', 'study quiz'],
    ['순위표', 'study leaderboard'],
    ['순위표 보여줘', 'study leaderboard'],
    ['leaderboard', 'study leaderboard'],
    ['help', 'study help'],
    ['HELP', 'study help'],
    ['팀', 'study team create'],
    ['team', 'study team join'],
    ['순위', 'study leaderboard'],
    ['순위 알려줘', 'study leaderboard'],
    ['랜덤', 'study quiz'],
    ['문제 내줘', 'study quiz'],
    ['random question', 'study quiz'],
  ])('says for the name of a command how it is written: %s', async (query, path) => {
    const card = await lookup(query)
    expect(card.title).toBe(translator('ko')('called.title'))
    expect(plainText(card)).toContain(written(path))
    expect(kindsOf(card)).toEqual(['help.show'])
    expect(await missed()).toEqual([])
  })

  it('knows every command by its names in each language', async () => {
    for (const command of bot.commands.filter(({ path }) => path.length === 2)) {
      for (const name of LOCALES.map((locale) => command.describe(locale).name)) {
        const text = plainText(await lookup(name))
        expect([name, text]).toEqual([name, expect.stringContaining(usage(command, 'ko'))])
      }
    }
    expect(plainText(await lookup('팀 만들기'))).toContain(written('study team create'))
  })

  it('counts what nobody wrote about, and offers the table of contents', async () => {
    const card = await lookup('붕어빵')
    expect(kindsOf(card)).toEqual(['topic.contents'])
    expect(await missed()).toEqual(['붕어빵'])
    const line = await bot.runLine(invocationOf('지우', clock.now()), '/study compare s3 vs 붕어빵')
    await line.after?.()
    const rows = await store.db.selectFrom('missed_query').select(['query', 'count']).execute()
    expect(rows).toEqual([{ query: '붕어빵', count: 2 }])
  })

  it.each(['eks', 'ecs vs eks', 'ssh 접속', '고정 IP'])(
    'counts it too when something else is near: %s',
    async (query) => {
      expect(kindsOf(await lookup(query))).toContain('topic.show')
      expect(await missed()).toEqual([query.toLowerCase()])
    },
  )

  it.each(['컴퓨팅', 'storage', 'vs', '차이', '알려줘', 'aws', '목차', '랜덤', 's3', 'ec2 vs lambda'])(
    'counts nothing that no topic could be written about, or that one is: %s',
    async (query) => {
      await lookup(query)
      expect(await missed()).toEqual([])
    },
  )

  it.each(['목차', '목차 보여줘', '주제 목록', 'table of contents', 'topics'])(
    'opens the contents for %s',
    async (query) => {
      const card = await lookup(query)
      expect(card.title).toBe((await lookup('')).title)
      expect(await missed()).toEqual([])
    },
  )

  it('compares two names side by side, and offers each of three', async () => {
    expect((await lookup('ec2 람다')).title).toBe('비교 · EC2 · 람다')
    expect((await lookup('리전 az')).title).toContain('비교 · ')
    const card = await lookup('lambda ec2 s3')
    expect(kindsOf(card)).toEqual(['topic.show', 'topic.show', 'topic.show', 'topic.contents'])
  })

  it.each([
    ['ec2 vs lambda vs ecs', '비교 · ECS · EC2 · 람다'],
    ['iaas paas saas 차이', '비교 · 서비스형 인프라 · 서비스형 플랫폼 · 서비스형 소프트웨어'],
    ['rds dynamodb documentdb 비교', '비교 · RDS · 다이나모DB · 도큐먼트DB'],
  ])('shows the comparison that somebody wrote of three: %s', async (query, title) => {
    expect((await lookup(query)).title).toBe(title)
  })
})
