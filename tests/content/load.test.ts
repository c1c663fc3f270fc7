import { describe, expect, it } from 'vitest'
import { toText } from '../../src/chat/markdown.ts'
import { questionsOf, topicsOf } from '../../src/content/library.ts'
import { CONTENT_LIMITS as LIMITS } from '../../src/content/limits.ts'
import { loadLibrary } from '../../src/content/load.ts'
import { ContentError, describeProblem, type Problem } from '../../src/content/problem.ts'
import { LOCALES } from '../../src/locales/locale.ts'
import { present } from '../support/builders.ts'
import { type Files, goodContent, writeContent } from '../support/fixtures/content.ts'
import { broken, long, MISTAKES, NOTE, QUIZ, withComparison, YAML } from '../support/fixtures/mistakes.ts'
import { realLibrary } from '../support/fixtures/real.ts'

async function problemsOf(files: Files): Promise<readonly Problem[]> {
  const root = await writeContent(files)
  try {
    await loadLibrary(root, { questions: true })
  } catch (error) {
    if (error instanceof ContentError) return error.problems
    throw error
  }
  return []
}

/** The 1-based line of the first (or last) line that holds a piece of text. */
function lineOf(text: string, piece: string, which: 'first' | 'last' = 'first'): number {
  const lines = text.split('\n')
  const i =
    which === 'first'
      ? lines.findIndex((line) => line.includes(piece))
      : lines.findLastIndex((line) => line.includes(piece))
  if (i < 0) throw new Error(`no line holds ${piece}`)
  return i + 1
}

describe('the content that ships', () => {
  it('loads without a problem: 45 topics, each with a note and questions in both languages', async () => {
    const { subjects } = await realLibrary()
    const topics = subjects.flatMap((subject) => [...subject.topics.values()])
    expect(topics).toHaveLength(45)
    for (const topic of topics) {
      expect(topic.questions.length).toBeGreaterThan(0)
      for (const locale of LOCALES) {
        expect(toText(topic.notes[locale].summary)).not.toBe('')
        expect(topic.notes[locale].sections.length).toBeGreaterThan(0)
        expect(topic.names[locale]).not.toBe('')
        for (const { prompt, explanation, choices } of topic.questions) {
          const texts = [prompt, explanation, ...choices.map(({ text }) => text)].map((text) => text[locale].trim())
          expect(texts).not.toContain('')
        }
      }
    }
  })

  it('has one right choice in each question, and each question once', async () => {
    const questions = questionsOf(await realLibrary())
    expect(questions.filter(({ choices }) => choices.filter(({ right }) => right).length !== 1)).toEqual([])
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
  })

  it('says in both languages which sections a topic has', async () => {
    const { subjects } = await realLibrary()
    const uneven = subjects
      .flatMap((subject) => [...subject.topics.values()])
      .filter(({ notes }) => notes.ko.sections.length !== notes.en.sections.length)
    expect(uneven.map(({ id }) => id)).toEqual([])
  })
})

describe('a good content folder', () => {
  it('becomes a subject with its topics in learning order', async () => {
    const { subjects } = await loadLibrary(await writeContent(goodContent()), { questions: true })
    const subject = present(subjects[0])
    expect(subjects).toHaveLength(1)
    expect(subject).toMatchObject({ id: 'aws', command: 'aws', name: { ko: 'AWS 기초', en: 'AWS basics' } })
    expect([...subject.topics.keys()]).toEqual(['lambda', 'ec2', 's3'])
    expect(topicsOf(subject, 'storage').map(({ id }) => id)).toEqual(['s3'])
  })

  it('becomes topics with their notes, sources and questions', async () => {
    const { subjects } = await loadLibrary(await writeContent(goodContent()), { questions: true })
    const lambda = present(subjects[0]?.topics.get('lambda'))
    expect(lambda).toMatchObject({
      name: 'AWS Lambda',
      names: { ko: '람다', en: 'Lambda' },
      category: 'compute',
      aliases: ['lambda function', '람다 함수'],
      related: ['ec2', 's3'],
      misconceptions: [{ source: { id: 'guide', title: 'Developer Guide' } }],
    })
    expect(toText(lambda.notes.ko.summary)).toBe('서버 없이 코드를 실행해요.')
    expect(lambda.notes.ko.sections.map(({ heading }) => heading)).toEqual(['하는 일', '주의할 점'])
    expect(lambda.questions.map(({ id, kind, level }) => [id, kind, level])).toEqual([
      ['lambda-choice', 'choice', 2],
      ['lambda-truth', 'true-false', 3],
    ])
    expect(lambda.questions[1]?.choices.map(({ right }) => right)).toEqual([true, false])
  })

  it.each(['.vscode/settings.json', '.git/HEAD', 'lost+found/lost', 'aws/.obsidian/app.json', 'aws/compute/.#s3.yaml'])(
    'may have what an editor, a tool or the file system put there: %s',
    async (name) => {
      const content = await loadLibrary(await writeContent(goodContent()), { questions: true })
      const { subjects } = await loadLibrary(await writeContent({ ...goodContent(), [name]: '' }), { questions: true })
      expect(subjects).toEqual(content.subjects)
    },
  )

  it('may compare topics', async () => {
    const { subjects } = await loadLibrary(await writeContent(withComparison((text) => text)), { questions: true })
    expect(subjects[0]?.comparisons).toMatchObject([
      { id: 'lambda-s3', topics: ['lambda', 's3'], rows: [{ aspect: { en: 'Kind' } }, { aspect: { en: 'Cost' } }] },
    ])
    expect(
      (await loadLibrary(await writeContent(goodContent()), { questions: true })).subjects[0]?.comparisons,
    ).toEqual([])
  })

  it('gives a question another revision when its text changes, and only then', async () => {
    const revisions = async (files: Files): Promise<(string | undefined)[]> => {
      const { subjects } = await loadLibrary(await writeContent(files), { questions: true })
      return ['lambda', 's3'].map((id) => subjects[0]?.topics.get(id)?.questions[0]?.revision)
    }
    const [lambda, s3] = await revisions(goodContent())
    const [edited, same] = await revisions(broken(QUIZ, 'en: Three', 'en: Third'))
    expect(lambda).toMatch(/^[0-9a-f]{12}$/)
    expect(edited).not.toBe(lambda)
    expect(same).toBe(s3)
  })

  it('is read without its questions when only the notes are wanted', async () => {
    const files = broken(QUIZ, 'level: 2', 'level: 9')
    const library = await loadLibrary(await writeContent(files), { questions: false })
    expect(questionsOf(library)).toEqual([])
  })
})

describe('a mistake in the content', () => {
  it.each(MISTAKES)(
    'is named with file, line and field: $mistake',
    async ({ files, file, at, last, field, message }) => {
      const problems = await problemsOf(files)
      const line = at === undefined ? 1 : lineOf(present(files[file]), at, last ? 'last' : 'first')
      expect(problems).toContainEqual({
        file,
        line,
        field,
        message: message ? expect.stringMatching(message) : expect.stringMatching(/./),
      })
    },
  )

  it('is reported together with all the others', async () => {
    const files = {
      ...goodContent(),
      ...Object.fromEntries([
        [YAML, present(broken(YAML, 'order: 10', 'order: first')[YAML])],
        [QUIZ, present(broken(QUIZ, 'level: 2', 'level: 4')[QUIZ]).replace('answer: true', 'answer: maybe')],
        [NOTE, '# 람다\n'],
        ['aws/compute/ec2.en.md', `${long(LIMITS.summary + 1)}\n`],
      ]),
    }
    const problems = await problemsOf(files)
    expect(new Set(problems.map(({ file, field }) => `${file} ${field}`))).toEqual(
      new Set([
        'aws/compute/ec2.en.md summary',
        `${NOTE} summary`,
        `${QUIZ} 0.level`,
        `${QUIZ} 1.answer`,
        `${YAML} order`,
      ]),
    )
  })

  it('is not blamed on the sound topics that refer to the broken one', async () => {
    const problems = await problemsOf(broken(QUIZ, 'level: 2', 'level: 4'))
    expect(problems.map(describeProblem)).toEqual([`${QUIZ}:3: 0.level: must be 1, 2 or 3`])
  })

  it('is written for people as file:line: field: message', async () => {
    const problem = { file: QUIZ, line: 3, field: '0.level', message: 'must be 1, 2 or 3' }
    expect(new ContentError([problem]).message).toContain(`${QUIZ}:3: 0.level: must be 1, 2 or 3`)
    expect(describeProblem({ file: NOTE, line: 1, field: '', message: 'is missing' })).toBe(`${NOTE}:1: is missing`)
  })

  it('is also an empty content folder, or none', async () => {
    const empty = await writeContent({})
    await expect(loadLibrary(empty, { questions: true })).rejects.toThrow('no subject')
    await expect(loadLibrary(`${empty}/nowhere`, { questions: true })).rejects.toThrow('no subject')
  })
})
