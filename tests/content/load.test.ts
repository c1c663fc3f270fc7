import { describe, expect, it } from 'vitest'
import { toText } from '../../src/chat/markdown.ts'
import type { Problem } from '../../src/content/files.ts'
import { questionsOf, topicsOf } from '../../src/content/library.ts'
import { CONTENT_LIMITS as LIMITS } from '../../src/content/limits.ts'
import { ContentError, describeProblem, loadLibrary } from '../../src/content/load.ts'
import { LOCALES } from '../../src/locales/locale.ts'
import { present } from '../support/builders.ts'
import { type Files, goodContent, NOTE_EN, NOTE_KO, quiz, writeContent } from '../support/fixtures/content.ts'
import { realLibrary } from '../support/fixtures/real.ts'

const YAML = 'aws/compute/lambda.yaml'
const QUIZ = 'aws/compute/lambda.quiz.yaml'
const NOTE = 'aws/compute/lambda.ko.md'

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

/** The good content with one file changed: a piece replaced, or text added at its end. */
function broken(file: string, from: string, to: string): Files {
  const files = goodContent()
  const text = present(files[file])
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  return { ...files, [file]: text.replace(from, to) }
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

type Case = {
  readonly mistake: string
  readonly files: Files
  readonly file: string
  /** A piece of the line that the problem must name; the first line where there is nothing to point at. */
  readonly at?: string
  readonly last?: true
  readonly field: string
  readonly message?: RegExp
}

const long = (length: number): string => '가'.repeat(length)
/** A second topic with the id of the first, in another category, with names of its own. */
const secondLambda: Files = {
  ...goodContent(),
  'aws/storage/lambda.yaml': 'name: Other\nnames: { ko: 다른 것, en: Another }\norder: 20\n',
  'aws/storage/lambda.ko.md': NOTE_KO,
  'aws/storage/lambda.en.md': NOTE_EN,
  'aws/storage/lambda.quiz.yaml': quiz('other'),
}
const withoutNote = Object.fromEntries(Object.entries(goodContent()).filter(([file]) => file !== NOTE))
const withoutQuiz = Object.fromEntries(Object.entries(goodContent()).filter(([file]) => file !== QUIZ))
const SIX_SECTIONS = Array.from({ length: 6 }, (_, i) => `\n## 부분 ${i}\n\n${long(690)}\n`).join('')

const COMPARISONS = 'aws/comparisons.yaml'
const COMPARISON = `- id: lambda-s3
  topics: [lambda, s3]
  gist: { ko: 달라요., en: They differ. }
  rows:
    - aspect: { ko: 종류, en: Kind }
      values: [{ ko: 함수, en: Function }, { ko: 저장소, en: Store }]
    - aspect: { ko: 요금, en: Cost }
      values: [{ ko: 실행, en: Runs }, { ko: 크기, en: Size }]
  choose: { ko: 골라요., en: Choose. }
`
function withComparison(change: (text: string) => string): Files {
  return { ...goodContent(), [COMPARISONS]: change(COMPARISON) }
}

const CASES: readonly Case[] = [
  {
    mistake: 'a related topic that does not exist',
    files: broken(YAML, '  - s3', '  - s4'),
    file: YAML,
    at: '- s4',
    field: 'related.1',
    message: /s4/,
  },
  {
    mistake: 'a topic related to itself',
    files: broken(YAML, '  - s3', '  - lambda'),
    file: YAML,
    at: '- lambda',
    last: true,
    field: 'related.1',
  },
  {
    mistake: 'two topics with one id',
    files: secondLambda,
    file: 'aws/storage/lambda.yaml',
    field: '',
    message: /"lambda" is already in aws\/compute\/lambda/,
  },
  {
    mistake: 'an alias that another topic has',
    files: broken('aws/storage/s3.yaml', '- bucket', '- Virtual-Server'),
    file: 'aws/storage/s3.yaml',
    at: 'Virtual-Server',
    field: 'aliases.0',
    message: /ec2/,
  },
  {
    mistake: 'an alias that is the name of another topic',
    files: broken('aws/storage/s3.yaml', '- bucket', '- 람다'),
    file: 'aws/storage/s3.yaml',
    at: '- 람다',
    field: 'aliases.0',
    message: /lambda/,
  },
  {
    mistake: 'an alias that the topic has already',
    files: broken(YAML, '- 람다 함수', '- Lambda Function'),
    file: YAML,
    at: '- Lambda Function',
    field: 'aliases.1',
  },
  {
    mistake: 'no right choice',
    files: broken(QUIZ, ', right: true', ''),
    file: QUIZ,
    at: '{ ko: 하나',
    field: '0.choices',
    message: /exactly one/,
  },
  {
    mistake: 'two right choices',
    files: broken(QUIZ, 'en: Two }', 'en: Two, right: true }'),
    file: QUIZ,
    at: '{ ko: 하나',
    field: '0.choices',
    message: /exactly one/,
  },
  {
    mistake: 'two choices that are the same',
    files: broken(QUIZ, 'en: Two }', 'en: Three }'),
    file: QUIZ,
    at: '{ ko: 하나',
    field: '0.choices',
    message: /same/,
  },
  {
    mistake: 'only two choices',
    files: broken(QUIZ, '    - { ko: 셋째, en: Three }\n', ''),
    file: QUIZ,
    at: '{ ko: 하나',
    field: '0.choices',
  },
  {
    mistake: 'a prompt that is too long',
    files: broken(QUIZ, '어느 것인가요?', long(LIMITS.prompt + 1)),
    file: QUIZ,
    at: 'prompt:',
    field: '0.prompt.ko',
  },
  {
    mistake: 'a choice that is too long',
    files: broken(QUIZ, '셋째', long(LIMITS.choice + 1)),
    file: QUIZ,
    at: 'en: Three',
    field: '0.choices.2.ko',
  },
  {
    mistake: 'a summary that is too long',
    files: broken(NOTE, '서버 없이 코드를 실행해요.', long(LIMITS.summary + 1)),
    file: NOTE,
    at: '가가',
    field: 'summary',
    message: /221.*220/,
  },
  {
    mistake: 'a section that is too long',
    files: broken(NOTE, '15분까지 실행할 수 있어요.', long(LIMITS.section + 1)),
    file: NOTE,
    at: '가가',
    field: '주의할 점',
    message: /701.*700/,
  },
  {
    mistake: 'a card that is too long, though no section is',
    files: broken(NOTE, '15분까지 실행할 수 있어요.\n', `15분이에요.\n${SIX_SECTIONS}`),
    file: NOTE,
    field: '',
    message: /3600/,
  },
  { mistake: 'a missing Korean note', files: withoutNote, file: NOTE, field: '', message: /missing/ },
  { mistake: 'a missing quiz', files: withoutQuiz, file: QUIZ, field: '', message: /missing/ },
  {
    mistake: 'a text without its English',
    files: broken(YAML, '  en: Lambda\n', ''),
    file: YAML,
    at: 'ko: 람다',
    field: 'names.en',
  },
  {
    mistake: 'an empty text',
    files: broken(QUIZ, 'en: It is one.', "en: ' '"),
    file: QUIZ,
    at: "en: ' '",
    field: '0.explanation.en',
  },
  {
    mistake: 'YAML that is not YAML',
    files: broken(YAML, 'order: 10', 'order: [10'),
    file: YAML,
    at: 'aliases:',
    field: '',
  },
  {
    mistake: 'a field that nobody knows',
    files: broken(YAML, 'tags: [serverless]', 'colour: red'),
    file: YAML,
    at: 'colour:',
    field: 'colour',
    message: /colour/,
  },
  {
    mistake: 'a field that nobody knows, in a question',
    files: broken(QUIZ, '  answer: true', '  answer: true\n  hint: none'),
    file: QUIZ,
    at: 'hint:',
    field: '1.hint',
    message: /hint/,
  },
  {
    mistake: 'a source without https',
    files: broken(YAML, 'https://docs', 'http://docs'),
    file: YAML,
    at: 'http://docs',
    field: 'sources.0.url',
    message: /https/,
  },
  {
    mistake: 'a question whose source the topic does not have',
    files: broken(QUIZ, '  level: 2', '  level: 2\n  source: blog'),
    file: QUIZ,
    at: 'source: blog',
    field: '0.source',
    message: /blog/,
  },
  {
    mistake: 'a misconception whose source the topic does not have',
    files: broken(YAML, '    source: guide', '    source: blog'),
    file: YAML,
    at: 'source: blog',
    field: 'misconceptions.0.source',
    message: /blog/,
  },
  {
    mistake: 'a question id that another topic has',
    files: broken('aws/storage/s3.quiz.yaml', 'id: s3-truth', 'id: lambda-choice'),
    file: 'aws/storage/s3.quiz.yaml',
    at: 'id: lambda-choice',
    field: '1.id',
    message: /lambda-choice/,
  },
  {
    mistake: 'a question id that the file has already',
    files: broken(QUIZ, 'id: lambda-truth', 'id: lambda-choice'),
    file: QUIZ,
    at: 'id: lambda-choice',
    last: true,
    field: '1.id',
  },
  {
    mistake: 'a level that does not exist',
    files: broken(QUIZ, 'level: 2', 'level: 4'),
    file: QUIZ,
    at: 'level: 4',
    field: '0.level',
    message: /1, 2 or 3/,
  },
  {
    mistake: 'a kind of question that does not exist',
    files: broken(QUIZ, 'kind: choice', 'kind: essay'),
    file: QUIZ,
    at: 'kind: essay',
    field: '0.kind',
  },
  {
    mistake: 'a deeper heading in a note',
    files: broken(NOTE, '15분까지', '### 시간\n\n15분까지'),
    file: NOTE,
    at: '### 시간',
    field: '주의할 점',
    message: /heading/,
  },
  {
    mistake: 'an image right below a heading',
    files: broken(NOTE, '## 주의할 점\n', '## 주의할 점\n![그림](https://example.com/a.png)'),
    file: NOTE,
    at: '![그림]',
    field: '주의할 점',
    message: /image/,
  },
  {
    mistake: 'an image in a later paragraph of a section',
    files: broken(NOTE, '- 요청이 없으면 멈춰요.', '\n![그림](https://example.com/a.png)'),
    file: NOTE,
    at: '![그림]',
    field: '하는 일',
    message: /image/,
  },
  {
    mistake: 'a section without text',
    files: broken(NOTE, '15분까지 실행할 수 있어요.', ''),
    file: NOTE,
    at: '## 주의할 점',
    field: '주의할 점',
    message: /empty/,
  },
  {
    mistake: 'a file name that is no id',
    files: { ...goodContent(), 'aws/storage/S3_Glacier.yaml': 'name: x\n' },
    file: 'aws/storage/S3_Glacier',
    field: '',
    message: /kebab-case/,
  },
  {
    mistake: 'a comparison of a topic that does not exist',
    files: withComparison((text) => text.replace('[lambda, s3]', '[lambda, s4]')),
    file: COMPARISONS,
    at: '[lambda, s4]',
    field: '0.topics.1',
    message: /s4/,
  },
  {
    mistake: 'a comparison with a value too few',
    files: withComparison((text) => text.replace(', { ko: 저장소, en: Store }', '')),
    file: COMPARISONS,
    at: 'aspect: { ko: 종류',
    field: '0.rows',
    message: /one value for each topic/,
  },
  {
    mistake: 'two comparisons with one id',
    files: withComparison((text) => `${text}${text}`),
    file: COMPARISONS,
    at: 'id: lambda-s3',
    last: true,
    field: '1.id',
    message: /lambda-s3/,
  },
  {
    mistake: 'a picture that was never drawn',
    files: {
      ...goodContent(),
      'aws/diagrams.yaml': '- id: layers\n  topics: [lambda]\n  alt: { ko: 그림, en: Picture }\n',
      'aws/diagrams/layers.ko.svg': '<svg/>',
      'aws/diagrams/layers.en.svg': '<svg/>',
    },
    file: 'aws/diagrams/layers.ko.png',
    field: '',
    message: /missing.*npm run diagrams/,
  },
  {
    mistake: 'a picture of a topic that does not exist',
    files: {
      ...goodContent(),
      'aws/diagrams.yaml': '- id: layers\n  topics:\n    - lambda\n    - s4\n  alt: { ko: 그림, en: Picture }\n',
    },
    file: 'aws/diagrams.yaml',
    at: '- s4',
    field: '0.topics.1',
    message: /s4/,
  },
  {
    mistake: 'categories without topics',
    files: { 'aws/subject.yaml': present(goodContent()['aws/subject.yaml']) },
    file: 'aws/subject.yaml',
    field: 'categories',
  },
]

describe('a mistake in the content', () => {
  it.each(CASES)('is named with file, line and field: $mistake', async ({ files, file, at, last, field, message }) => {
    const problems = await problemsOf(files)
    const line = at === undefined ? 1 : lineOf(present(files[file]), at, last ? 'last' : 'first')
    expect(problems).toContainEqual({
      file,
      line,
      field,
      message: message ? expect.stringMatching(message) : expect.stringMatching(/./),
    })
  })

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
