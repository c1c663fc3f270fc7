import { describe, expect, it } from 'vitest'
import { comparisonCard, sideBySideCard } from '../../src/cards/compare.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { both, buildComparison, buildSubject, present, sampleTopics } from '../support/builders.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'
import { realSubject } from '../support/fixtures/real.ts'

const en = translator('en')
const subject = buildSubject()
const [lambda, ec2] = sampleTopics()
const idsOf = (card: Card): string[] => card.rows.flat().flatMap((action) => ('id' in action ? [action.id] : []))

describe('a written comparison', () => {
  it('has one labelled entry for each aspect, in the order of the topics', () => {
    expect(plainText(comparisonCard({ subject, comparison: buildComparison() }, 'en', en))).toBe(
      [
        en('compare.title', { names: 'Lambda · EC2' }),
        'One is a function, one a server.',
        [`- Unit, Lambda: Function, EC2: Instance`, `- Cost, Lambda: Per run, EC2: Per hour`].join('\n'),
        `${en('compare.choose')}\nLambda for rare work.`,
        '[Lambda]\n[EC2]',
      ].join('\n\n'),
    )
  })

  it('calls a topic in Korean what its cells call it', () => {
    const columnsOf = (text: string): readonly string[] => {
      const comparison = buildComparison({ gist: both(text, text), rows: [], choose: both('-', '-') })
      const { blocks } = comparisonCard({ subject, comparison }, 'ko', translator('ko'))
      return present(blocks.find((block) => block.type === 'table')).columns
    }
    expect(columnsOf('람다는 함수예요.')).toEqual(['', '람다', '가상 서버'])
    expect(columnsOf('Lambda는 함수, EC2는 서버예요.')).toEqual(['', 'Lambda', 'EC2'])
  })

  it('leads to each of its topics', () => {
    const card = comparisonCard({ subject, comparison: buildComparison() }, 'ko', translator('ko'))
    expect(idsOf(card)).toEqual(['topic.show:aws:lambda', 'topic.show:aws:ec2'])
  })

  it.each(HOSTILE)('shows content as it was written: %s', async (text) => {
    const values = [both(text, text), both('b', 'b')]
    const comparison = buildComparison({
      gist: both(text, text),
      rows: [{ aspect: both(text, text), values }],
      choose: both(text, text),
    })
    const card = comparisonCard({ subject, comparison }, 'en', en)
    expect(plainText(card)).toContain(`${text}, Lambda: ${text}, EC2: b`)
    expect(foreignMarkup(await cardHtml(card, 'en'))).toEqual([])
  })

  it('of the content that ships names every topic and fills every cell', async () => {
    const real = await realSubject()
    expect(real.comparisons.length).toBeGreaterThan(0)
    for (const comparison of real.comparisons) {
      for (const locale of LOCALES) {
        const card = comparisonCard({ subject: real, comparison }, locale, translator(locale))
        const table = present(card.blocks.find((block) => block.type === 'table'))
        expect(table.columns).toHaveLength(comparison.topics.length + 1)
        for (const { cells } of table.rows) expect(cells).toHaveLength(table.columns.length)
        expect(plainText(card).length).toBeLessThanOrEqual(4000)
      }
    }
  })
})

describe('two topics that nobody compared', () => {
  it('stand one beside the other, section by section', () => {
    const card = sideBySideCard({ first: present(lambda), second: present(ec2) }, 'en', en)
    expect(plainText(card)).toBe(
      [
        en('compare.title', { names: 'Lambda · EC2' }),
        'AWS Lambda\nRuns code without servers.',
        'Amazon EC2\nRuns code without servers.',
        'What it does · Lambda\nRuns when an event happens.',
        'What it does · EC2\nRuns when an event happens.',
        en('compare.unwritten'),
        '[Lambda]\n[EC2]',
      ].join('\n\n'),
    )
  })
})
