import { describe, expect, it } from 'vitest'
import { checkContent } from '../../src/content/check.ts'
import { present } from '../support/builders.ts'
import { type Files, goodContent, writeContent } from '../support/fixtures/content.ts'
import { CONTENT } from '../support/fixtures/real.ts'

/** The sources of the fixture were checked in this month. */
const TODAY = '2026-11-22'

const QUIZ = 'aws/compute/lambda.quiz.yaml'

function withQuiz(change: (quiz: string) => string): Files {
  const files = goodContent()
  return { ...files, [QUIZ]: change(present(files[QUIZ])) }
}

describe('the content check', () => {
  it('counts questions by topic, level and kind', async () => {
    const { counts, problems } = await checkContent(await writeContent(goodContent()), TODAY)
    expect(problems).toEqual([])
    expect(counts.questions).toBe(6)
    expect(counts.topics).toHaveLength(3)
    expect(counts.topics[2]).toEqual({
      subject: 'aws',
      category: 'storage',
      topic: 's3',
      questions: 2,
      levels: [0, 1, 1],
      kinds: { choice: 1, 'true-false': 1 },
    })
  })

  it('reports the problems of broken content instead of throwing', async () => {
    const { problems, counts } = await checkContent(
      await writeContent(withQuiz((quiz) => quiz.replace('level: 2', 'level: 4'))),
      TODAY,
    )
    expect(problems).toContainEqual({ file: QUIZ, line: 3, field: '0.level', message: 'must be 1, 2 or 3' })
    expect(counts.questions).toBe(0)
  })

  it('finds nothing to warn of in even questions', async () => {
    expect((await checkContent(await writeContent(goodContent()), TODAY)).warnings).toEqual([])
  })

  it.each([
    ['a topic without a question of level 3', (quiz: string) => quiz.replace('level: 3', 'level: 1'), /level 3/],
    [
      'right choices that are the longest in one language',
      (quiz: string) => quiz.replace('en: One', 'en: The one and only'),
      /longest in 1 of 1 questions \(en\)/,
    ],
    [
      'a Korean prompt without Korean',
      (quiz: string) => quiz.replace('ko: 참인가요', 'ko: Is it true?'),
      /Korean prompt of lambda-truth/,
    ],
    [
      'an English text in Korean',
      (quiz: string) => quiz.replace('en: It is one.', 'en: 하나예요.'),
      /English text of lambda-choice/,
    ],
  ])('warns of %s', async (_, change, message) => {
    const { warnings, problems } = await checkContent(await writeContent(withQuiz(change)), TODAY)
    expect(problems).toEqual([])
    expect(warnings).toEqual([{ file: QUIZ, line: 1, field: '', message: expect.stringMatching(message) }])
  })

  it.each([
    ['2027-10-31', []],
    ['2027-11-01', []],
    [
      '2027-11-02',
      [{ file: 'aws/compute/lambda.yaml', line: 1, field: 'sources.guide', message: 'was last checked 2026-11' }],
    ],
  ])('warns on %s of a source that nobody has looked at for a year', async (today, warnings) => {
    expect((await checkContent(await writeContent(goodContent()), today)).warnings).toEqual(warnings)
  })

  it('warns when most right choices stand at the same place', async () => {
    const files = Object.fromEntries(
      Object.entries(goodContent()).map(([file, text]) => [
        file,
        text.replace('    - { ko: 셋째, en: Three }', '    - { ko: 셋째, en: Three }\n    - { ko: 넷째, en: Four }'),
      ]),
    )
    const { warnings } = await checkContent(await writeContent(files), TODAY)
    expect(warnings.map(({ message }) => message)).toEqual(['the right choice stands at place 1 in 3 of 3 questions'])
  })

  it.each([
    [39, 0, []],
    [40, 6, []],
    [40, 5, ['the longest choice is the right one in only 5 of 40 questions (en)']],
  ])('warns when of %i questions with a longest choice, it is right in %i', async (all, right, messages) => {
    // The two other topics have one such question each.
    const questions = Array.from({ length: all - 2 }, (_, at) => {
      const [one, two] = at < right ? ['Twelve', 'Ten'] : ['Ten', 'Twelve']
      return [
        `- id: question-${at}`,
        '  kind: choice',
        `  level: ${(at % 3) + 1}`,
        '  source: guide',
        '  prompt: { ko: 몇인가요, en: How many? }',
        '  choices:',
        `    - { ko: 하나, en: ${one}, right: true }`,
        `    - { ko: 둘, en: ${two} }`,
        '    - { ko: 셋, en: Six }',
        '  explanation: { ko: 하나예요., en: It is one. }',
      ].join('\n')
    })
    const { warnings, problems } = await checkContent(await writeContent(withQuiz(() => questions.join('\n'))), TODAY)
    expect(problems).toEqual([])
    expect(warnings.flatMap(({ file, message }) => (file === '.' ? message : []))).toEqual(messages)
  })

  it('finds no problem in the content that ships, and no habit', async () => {
    const { problems, warnings, counts } = await checkContent(CONTENT, TODAY)
    expect(problems).toEqual([])
    // Sources grow old by themselves.
    expect(warnings.filter(({ message }) => !message.startsWith('was last checked'))).toEqual([])
    expect(counts.topics).toHaveLength(45)
    expect(counts.questions).toBe(counts.topics.reduce((sum, topic) => sum + topic.questions, 0))
  })
})
