import { describe, expect, it } from 'vitest'
import { CONCEPT_LENGTH, conceptCard } from '../../src/cards/concept.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { conceptSnapshot, takeConcept } from '../../src/content/concept.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { present } from '../support/builders.ts'
import { library } from '../support/world.ts'

const subject = present(library.subjects[0])
const topics = [...subject.topics.values()]
const POST = 'V1StGXR8_Z5jdHi6B-myT'

const snapshotOf = (at: number) =>
  conceptSnapshot.parse(JSON.parse(JSON.stringify(takeConcept(library, present(topics[at]), topics[at + 1]))))
const show = (at: number, locale: (typeof LOCALES)[number], length?: number): Card =>
  conceptCard({ snapshot: snapshotOf(at), postId: POST }, locale, translator(locale), length)
const all = topics.flatMap((topic, at) => LOCALES.map((locale) => [topic.id, locale, at] as const))

describe('a posted concept', () => {
  it.each(all)('fits a message and carries its post: %s (%s)', (_, locale, at) => {
    const card = show(at, locale)
    const topic = present(topics[at])
    expect(plainText(card).length).toBeLessThanOrEqual(CONCEPT_LENGTH)
    const actions = card.rows.flat().map((action) => decodeAction('id' in action ? action.id : ''))
    expect(actions[0]).toEqual({ kind: 'topic.show', args: ['aws', topic.id, POST] })
    const other = locale === 'ko' ? 'en' : 'ko'
    expect(actions[1]).toEqual({ kind: 'topic.read', args: ['aws', topic.id, other, POST] })
    for (const action of actions) expect(action?.args).toContain(POST)
    // The summary and at least one section, each of them whole.
    const note = topic.notes[locale]
    const bodies = card.blocks.flatMap((block) => (block.type === 'text' ? [block.text.markdown] : []))
    const expected = [note.summary, ...note.sections.map(({ body }) => body)].map(({ markdown }) => markdown)
    expect(bodies.length).toBeGreaterThan(1)
    expect(bodies).toEqual(expected.slice(0, bodies.length))
  })

  it('names what comes next, and nothing after the last', () => {
    const next = present(topics[1]).names
    expect(plainText(show(0, 'ko'))).toContain(`다음 개념: ${next.ko}`)
    expect(plainText(show(0, 'en'))).toContain(`Next concept: ${next.en}`)
    expect(plainText(show(topics.length - 1, 'ko'))).not.toContain('다음 개념')
  })

  it('says that there is more when sections had to go', () => {
    const whole = plainText(show(0, 'ko', 100_000))
    const short = plainText(show(0, 'ko', 700))
    expect(whole).not.toContain('나머지는')
    expect(short).toContain('나머지는')
    expect(short.length).toBeLessThanOrEqual(700)
  })

  it('keeps its summary, whatever the length', () => {
    expect(show(0, 'ko', 1).blocks.filter(({ type }) => type === 'text')).toHaveLength(1)
  })
})
