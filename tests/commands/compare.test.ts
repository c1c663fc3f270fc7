import { describe, expect, it } from 'vitest'
import { plainText } from '../../src/chat/card.ts'
import type { Reply } from '../../src/chat/invocation.ts'
import { compareCommand } from '../../src/commands/compare.ts'
import type { Context } from '../../src/commands/context.ts'
import { createIndex } from '../../src/content/search.ts'
import { translator } from '../../src/locales/locale.ts'
import { DEFAULTS, invocationOf, library, memoryStore, silent } from '../support/world.ts'

const [subject] = library.subjects
if (!subject) throw new Error('the content holds no subject')
const topics = [...subject.topics.values()]
const command = compareCommand({ library, indexes: new Map([[subject.id, createIndex(subject)]]) })

/** Only what follows an answer asks anything of the context. */
async function run(first: string, second: string, context: Partial<Context> = {}): Promise<Reply> {
  return command.run(context as Context, invocationOf('minji', 0), { first, second })
}

/** What is compared, by the title. */
const compared = async (first: string, second: string): Promise<string> => (await run(first, second)).card.title

function titleOf(ids: readonly string[]): string {
  const names = ids.map((id) => subject?.topics.get(id)?.names.ko).join(' · ')
  return translator('ko')('compare.title', { names })
}

/** A comparison that somebody wrote names its topics in its own order. */
function titlesOf(first: string, second: string): string[] {
  const written = subject?.comparisons.find(({ topics: both }) => both.includes(first) && both.includes(second))
  return [titleOf([first, second]), ...(written ? [titleOf(written.topics)] : [])]
}

describe('/study compare', () => {
  it.each<[string, (name: string, other: string) => [string, string]]>([
    ['as two options', (name, other) => [name, other]],
    // As a line of text comes: the first word, and the rest.
    [
      'one after the other in a line',
      (name, other) => {
        const [first = '', ...rest] = `${name} ${other}`.split(' ')
        return [first, rest.join(' ')]
      },
    ],
  ])(
    'compares what was named, whichever two names it is, %s',
    async (_, write) => {
      const wrong: string[] = []
      for (const [at, topic] of topics.entries()) {
        for (const other of topics.slice(at + 1)) {
          for (const [one, two] of [
            [topic.name, other.name],
            [other.names.ko, topic.names.ko],
            [topic.names.ko, other.name],
          ] as const) {
            const title = await compared(...write(one, two))
            const expected = one === other.names.ko ? titlesOf(other.id, topic.id) : titlesOf(topic.id, other.id)
            if (!expected.includes(title)) wrong.push(`${one} + ${two}: ${title}`)
          }
        }
      }
      expect(wrong).toEqual([])
    },
    60_000,
  )

  it.each([
    ['Data center', 'Global infrastructure', ['data-center', 'global-infrastructure']],
    ['람다', 'VPC peering', ['lambda', 'vpc-peering']],
    // Not names, and not taken apart where a person would.
    ['객체', '스토리지 ec2', ['s3', 'ec2']],
    ['elastic', 'beenstalk ec2', ['elastic-beanstalk', 'ec2']],
  ])('understands %s and %s', async (first, second, [one = '', two = '']) => {
    expect(titlesOf(one, two)).toContain(await compared(first, second))
  })

  it.each<[string, string, readonly [string, string]]>([
    ['lambda', 'vs ec2', ['lambda', 'ec2']],
    ['람다', 'vs ec2', ['lambda', 'ec2']],
    ['ec2', '대 람다', ['ec2', 'lambda']],
    ['s3', 'vs ebs', ['s3', 'ebs']],
    ['elastic', 'beanstalk vs. ec2', ['elastic-beanstalk', 'ec2']],
    ['s3와', 'ebs의 차이', ['s3', 'ebs']],
    ['ec2', 'versus lambda difference', ['ec2', 'lambda']],
    ['identity and access management', 'ec2', ['iam', 'ec2']],
    ['identity', 'and access management vs ec2', ['iam', 'ec2']],
  ])('parts a line where the lookup does: %s %s', async (first, second, [one, two]) => {
    expect(titlesOf(one, two)).toContain(await compared(first, second))
  })

  it('does not take what joins two names for a part of one that it does not know', async () => {
    const { card } = await run('s3', 'vs 쿠버네티스')
    expect(plainText(card)).toContain('“쿠버네티스”')
  })

  it.each(['좀 ', 'what is ', 'mean ', 'ec2 and ', '람다랑 ', 'x/'])(
    'holds nobody up over texts that are no names: %s',
    async (word) => {
      const took = async (text: string): Promise<number> => {
        const began = performance.now()
        await compared(text, text)
        return performance.now() - began
      }
      const long = word.repeat(9600 / word.length)
      await took('ec2')
      // The longest that may be a name, against what Discord lets through; it was ten thousand times as long.
      const usual = Math.max(await took(word.repeat(96 / word.length)), 1)
      expect((await took(long)) / usual).toBeLessThan(200)
    },
  )

  it('shows the comparison that somebody wrote of three, however they are given', async () => {
    const title = titleOf(['ecs', 'ec2', 'lambda'])
    expect(await compared('ec2', 'vs lambda vs ecs')).toBe(title)
    expect(await compared('ec2', 'lambda ecs')).toBe(title)
    expect(await compared('람다랑', 'ec2랑 ecs의 차이')).toBe(title)
    const long =
      'Amazon Elastic Compute Cloud vs Amazon Elastic Container Service vs AWS Identity and Access Management'
    const cards = [await run('lambda', 'ec2 s3'), await run('lambda', 'vs ec2 vs s3'), await run(long, 'vs AWS Lambda')]
    for (const { card } of cards) expect(card.title).toBe(translator('ko')('notFound.title'))
    expect(cards.map(({ card }) => card.rows.flat().length)).toEqual([4, 4, expect.any(Number)])
  })

  it.each([
    ['kubernetes', 's3', ['kubernetes']],
    ['s3', 'vs kubernetes', ['kubernetes']],
    ['kubernetes', 'vs 붕어빵', ['kubernetes', '붕어빵']],
    ['ec2', 'vs lambda vs kubernetes', ['kubernetes']],
    ['붕어빵이랑', 's3의 차이', ['붕어빵']],
    // Near several topics, and none of them.
    ['s3', '스케일', ['스케일']],
    ['s3', '네트워킹', []],
    ['s3', 'ebs', []],
    ['s3', '버킷', []],
  ])('counts each name that is no topic for sure, alone: %s %s', async (first, second, missed) => {
    const store = await memoryStore()
    try {
      const { after } = await run(first, second, { store, defaults: DEFAULTS, log: silent })
      await after?.()
      const rows = await store.db.selectFrom('missed_query').select('query').execute()
      expect(rows.map(({ query }) => query).sort()).toEqual(missed)
    } finally {
      await store.close()
    }
  })

  it('says which of the two it does not know', async () => {
    expect(await compared('s3', '쿠버네티스')).toBe(translator('ko')('notFound.title'))
    expect(await compared('s3', '버킷')).toBe(translator('ko')('compare.same.title'))
  })
})
