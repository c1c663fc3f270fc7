import { describe, expect, it } from 'vitest'
import { contentsCard, notFoundCard, topicCard, topicTitle } from '../../src/cards/topic.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { type Action, type Card, plainText } from '../../src/chat/card.ts'
import { LOCALES, type Locale, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { both, buildComparison, buildSubject, buildTopic, GUIDE, present, sampleTopics } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup, readMarkup } from '../support/fixtures/markup.ts'
import { realSubject } from '../support/fixtures/real.ts'

const real = await realSubject()
const ko = translator('ko')
const en = translator('en')

const idsOf = (card: Card): string[] => card.rows.flat().flatMap((action) => ('id' in action ? [action.id] : []))
const labelsOf = (row: readonly Action[] | undefined): string[] => (row ?? []).map(({ label }) => label)

function show(changes: Parameters<typeof buildTopic>[0], locale: Locale = 'ko', shareable = true): Card {
  const topic = buildTopic(changes)
  const subject = buildSubject([topic, ...sampleTopics().filter(({ id }) => id !== topic.id)])
  return topicCard({ subject, topic, shareable }, locale, translator(locale))
}

describe('the title of a topic', () => {
  it.each<[string, string, Locale, string]>([
    ['AWS Lambda', '람다', 'ko', 'AWS Lambda · 람다'],
    ['AWS Lambda', 'Lambda', 'en', 'AWS Lambda'],
    ['Amazon Elastic Compute Cloud (Amazon EC2)', 'ec2', 'ko', 'Amazon Elastic Compute Cloud (Amazon EC2)'],
    ['Network ACL', '네트워크 ACL', 'ko', 'Network ACL · 네트워크 ACL'],
  ])('is %s, with %s (%s) only where that says more', (name, local, locale, title) => {
    expect(topicTitle(buildTopic({ name, names: both(local, local) }), locale)).toBe(title)
  })
})

describe('a topic card', () => {
  const full = {
    notice: both('곧 끝나요.', 'It ends soon.'),
    filedUnder: both('컴퓨팅에 있어요.', 'Filed under compute.'),
    related: ['ec2', 's3'],
    further: [{ title: 'A post', url: 'https://blog.example.com/post', language: 'ko' as const }],
    misconceptions: [
      { claim: both('비싸요.', 'It is expensive.'), truth: both('아니에요.', 'It is not.'), source: GUIDE },
      { claim: both('느려요.', 'It is slow.'), truth: both('빨라요.', 'It is fast.'), source: undefined },
    ],
  }

  it('says everything that the topic holds, in the language asked for', () => {
    expect(plainText(show(full, 'en'))).toBe(
      [
        'AWS Lambda',
        'Know this first\nIt ends soon.',
        'Runs code without servers.',
        'What it does\nRuns when an event happens.',
        'Common misconceptions\nMyth: It is expensive.\nFact: It is not.\n\nMyth: It is slow.\nFact: It is fast.',
        'Filed under compute.',
        'Sources: Developer Guide (https://docs.example.com/guide) (checked 2026-11)',
        'Further reading: A post (https://blog.example.com/post) (in Korean)',
        '[EC2]\n[S3]',
        '[Practice question]\n[Share in channel]',
      ].join('\n\n'),
    )
    const korean = plainText(show(full, 'ko'))
    for (const text of [
      'AWS Lambda · 람다',
      '곧 끝나요.',
      '서버 없이 코드를 실행해요.',
      '오해: 비싸요.',
      '2026-11 확인',
      'A post (https://blog.example.com/post)\n\n',
    ]) {
      expect(korean).toContain(text)
    }
    expect(korean).not.toContain('It ')
  })

  it('leaves out what the topic does not have', () => {
    const card = show({ sources: [], questions: [], related: [] }, 'en', false)
    expect(card.rows).toEqual([])
    expect(plainText(card)).toBe(
      'AWS Lambda\n\nRuns code without servers.\n\nWhat it does\nRuns when an event happens.',
    )
  })

  it('warns by its colour of a service that ended', () => {
    expect(show(full).accent).toBe('danger')
    expect(show({}).accent).toBe('info')
  })

  it('can be shared only where there is a channel', () => {
    expect(idsOf(show({}, 'ko', true))).toContain('topic.share:aws:lambda')
    expect(idsOf(show({}, 'ko', false))).not.toContain('topic.share:aws:lambda')
  })

  it('leads to related topics and to practice', () => {
    const card = show(full)
    expect(idsOf(card)).toEqual([
      'topic.show:aws:ec2',
      'topic.show:aws:s3',
      'quiz.practise:aws:lambda',
      'topic.share:aws:lambda',
    ])
    expect(labelsOf(card.rows[0])).toEqual(['가상 서버', '에스쓰리'])
  })

  it('shows the pictures of its topic in the language asked for', () => {
    const topic = buildTopic()
    const picture = (id: string, of: string) => ({
      id,
      topics: [of],
      alt: both(`${id} 그림`, `Picture ${id}`),
      files: both(`aws/diagrams/${id}.ko.png`, `aws/diagrams/${id}.en.png`),
    })
    const subject = { ...buildSubject(), diagrams: [picture('a', 'ec2'), picture('b', 'lambda')] }
    const images = topicCard({ subject, topic, shareable: true }, 'en', en).blocks.filter(
      ({ type }) => type === 'image',
    )
    expect(images).toEqual([{ type: 'image', image: 'aws/diagrams/b.en.png', alt: 'Picture b' }])
  })

  it('leads to the comparisons that its topic is in, named by the other topics', () => {
    const comparisons = [buildComparison(), buildComparison({ id: 's3-ec2', topics: ['s3', 'ec2'] })]
    const topic = buildTopic()
    const card = topicCard({ subject: { ...buildSubject(), comparisons }, topic, shareable: true }, 'ko', ko)
    expect(idsOf(card).filter((id) => id.startsWith('compare'))).toEqual(['compare.show:aws:lambda-ec2'])
    expect(plainText(card)).toContain(`[${ko('compare.with', { others: '가상 서버' })}]`)
  })

  it('leads to every related topic, also when there are as many as the content may name', () => {
    const others = Array.from({ length: 8 }, (_, i) =>
      buildTopic({ id: `topic-${i}`, names: both(`주제 ${i}`, `T${i}`) }),
    )
    const topic = buildTopic({ related: others.map(({ id }) => id) })
    const card = topicCard({ subject: buildSubject([topic, ...others]), topic, shareable: true }, 'ko', ko)
    expect(idsOf(card).filter((id) => id.startsWith('topic.show'))).toEqual(
      others.map(({ id }) => `topic.show:aws:${id}`),
    )
    expect(card.rows.every((row) => row.length <= 5)).toBe(true)
  })

  it.each(HOSTILE)('shows content as text that is no Markdown of ours: %s', async (text) => {
    const card = show({
      name: `Name ${text}`,
      notice: both(text, text),
      filedUnder: both(text, text),
      misconceptions: [{ claim: both(text, text), truth: both(text, text), source: undefined }],
      further: [{ title: text, url: 'https://example.com', language: 'ko' as const }],
    })
    expect(plainText(card)).toContain(`오해: ${text}\n사실: ${text}`)
    expect(plainText(card)).toContain(`더 읽을거리: ${text} (https://example.com)`)
    const html = await cardHtml(card, 'ko')
    expect(foreignMarkup(html)).toEqual([])
    expect(readMarkup(html).text).toContain(`오해: ${text}`)
  })
})

describe('the topic cards of the content that ships', () => {
  const cards = [...real.topics.values()].flatMap((topic) =>
    LOCALES.map((locale) => ({
      topic,
      locale,
      card: topicCard({ subject: real, topic, shareable: true }, locale, translator(locale)),
    })),
  )

  it('fit the 4,000 characters of a Discord message whole', () => {
    // The description of a picture is not part of the message's text.
    const textOf = (card: Card): string =>
      plainText({ ...card, blocks: card.blocks.filter(({ type }) => type !== 'image'), rows: [] })
    const tooLong = cards.filter(({ card }) => textOf(card).length > 4000)
    expect(tooLong.map(({ topic, locale }) => `${topic.id}.${locale}`)).toEqual([])
  })

  it('have valid action ids, each once in a card, and rows of at most five', () => {
    for (const { card } of cards) {
      const ids = idsOf(card)
      expect(ids.filter((id) => decodeAction(id) === undefined)).toEqual([])
      expect(new Set(ids).size).toBe(ids.length)
      expect(card.rows.filter((row) => row.length === 0 || row.length > 5)).toEqual([])
    }
  })

  it('lead to every related topic', () => {
    const missing = cards.flatMap(({ topic, card }) =>
      topic.related.filter((id) => !idsOf(card).includes(`topic.show:aws:${id}`)).map((id) => `${topic.id} → ${id}`),
    )
    expect([...new Set(missing)]).toEqual([])
  })
})

describe('the table of contents', () => {
  it('offers every topic of every category, in learning order', () => {
    const card = contentsCard(real, 'ko', ko)
    const picks = card.rows.flat().flatMap((action) => (action.type === 'pick' ? [action] : []))
    expect(picks.map(({ label }) => label)).toEqual(real.categories.map(({ name }) => name.ko))
    expect(picks.flatMap(({ options }) => options.map(({ value }) => value))).toEqual([...real.topics.keys()])
    expect(picks.every(({ options }) => options.length <= 25)).toBe(true)
    expect(plainText(card)).toContain('45개')
    expect(plainText(card)).toContain('/aws')
  })

  it('leaves out a category without topics', () => {
    const card = contentsCard(buildSubject([buildTopic()]), 'en', en)
    expect(card.rows.map(labelsOf)).toEqual([['Compute']])
    expect(plainText(card)).toContain('1 topic,')
  })
})

describe('the card for a topic that was not found', () => {
  const subject = buildSubject()
  const nearest = sampleTopics()
  const notFound = (query: string, near = nearest, open: 'topic.show' | 'quiz.practise' = 'topic.show'): Card =>
    notFoundCard({ subject, query, nearest: near, open }, 'en', en)

  it('offers the nearest topics and the table of contents', () => {
    expect(plainText(notFound('lambada'))).toBe(
      'No exact match\n\nNo single topic fits “lambada”. Did you mean one of these?\n\n[Lambda]\n[EC2]\n[S3]\n\n[Show all topics]',
    )
  })

  it('offers the table of contents alone when nothing is near', () => {
    const card = notFound('kubernetes', [])
    expect(idsOf(card)).toEqual(['topic.contents:aws'])
    expect(plainText(card)).toContain('There is no topic for “kubernetes” yet.')
  })

  it('goes on to practice when practice was asked for', () => {
    expect(idsOf(notFound('lambada', [present(nearest[0])], 'quiz.practise'))[0]).toBe('quiz.practise:aws:lambda')
  })

  it('repeats at most sixty characters of what was typed', () => {
    const text = plainText(notFound('가'.repeat(10_000)))
    expect(text).toContain(`“${'가'.repeat(59)}…”`)
    expect(text.length).toBeLessThan(200)
  })

  it.each(HOSTILE)('repeats what was typed as text: %s', async (query) => {
    expect(plainText(notFound(query))).toContain(`“${query}”`)
    const html = await cardHtml(notFound(query), 'en')
    expect(foreignMarkup(html)).toEqual([])
    expect(readMarkup(html).text).toContain(`“${query}”`)
  })

  it('repeats nothing that a reader cannot see', () => {
    expect(plainText(notFound('a\u202eb\u0007\nc'))).toContain('“a b c”')
  })
})
