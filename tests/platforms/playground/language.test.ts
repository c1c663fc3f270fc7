import { describe, expect, it } from 'vitest'
import { topicCard } from '../../../src/cards/topic.ts'
import { LOCALES, translator } from '../../../src/locales/locale.ts'
import { languageAskedFor, languageOf } from '../../../src/platforms/playground/language.ts'
import { POST_ID, postedCards } from '../../support/cards.ts'
import { realSubject } from '../../support/fixtures/real.ts'

describe('the language of a message in the channel', () => {
  it('is told of every quiz, concept and board that can be posted', () => {
    // The cards are named after their language. Those of English quizzes hold Korean names, those of Korean ones English terms.
    const wrong = postedCards().filter(([name, card]) => languageOf(card) !== name.split(' ').at(-1))
    expect(wrong.map(([name]) => name)).toEqual([])
  })

  it('is told of every topic that can be shared', async () => {
    const subject = await realSubject()
    const wrong = [...subject.topics.values()].flatMap((topic) =>
      LOCALES.filter(
        (locale) => languageOf(topicCard({ subject, topic, shareable: false }, locale, translator(locale))) !== locale,
      ).map((locale) => `${topic.id} ${locale}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the language that a button asks for', () => {
  it.each([
    [`quiz.read:${POST_ID}:en`, 'en'],
    [`quiz.read:${POST_ID}:ko`, 'ko'],
    [`quiz.read:${POST_ID}:fr`, undefined],
    [`topic.read:aws:lambda:en:${POST_ID}`, 'en'],
    [`quiz.answer:${POST_ID}:1`, undefined],
    ['<not an id>', undefined],
  ])('%s: %s', (id, language) => {
    expect(languageAskedFor(id)).toBe(language)
  })
})
