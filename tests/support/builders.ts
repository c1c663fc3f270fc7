// A small library built in code, and the pieces tests change of it. Each call makes new objects.

import { markdownFromContent } from '../../src/chat/markdown.ts'
import type { StudyCommand } from '../../src/commands/context.ts'
import { commandTable } from '../../src/commands/table.ts'
import type { Comparison, Library, Note, Question, Source, Subject, Topic } from '../../src/content/library.ts'
import { createIndex } from '../../src/content/search.ts'
import type { QuizSnapshot } from '../../src/content/snapshot.ts'
import type { Localized } from '../../src/locales/locale.ts'

/** The value, or a failed test where there is none. */
export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('expected a value, got none')
  return value
}

export function both(ko: string, en: string): Localized {
  return { ko, en }
}

export const GUIDE: Source = {
  id: 'guide',
  title: 'Developer Guide',
  url: 'https://docs.example.com/guide',
  checked: '2026-11',
}

export function buildQuestion(changes: Partial<Question> = {}): Question {
  return {
    id: 'lambda-timeout',
    revision: '0123456789ab',
    topic: 'lambda',
    category: 'compute',
    kind: 'choice',
    level: 2,
    prompt: both('함수는 얼마나 오래 실행되나요?', 'How long may a function run?'),
    choices: [
      { text: both('5분', '5 minutes'), right: false },
      { text: both('15분', '15 minutes'), right: true },
      { text: both('하루', 'One day'), right: false },
    ],
    explanation: both('제한은 15분이에요.', 'The limit is 15 minutes.'),
    source: GUIDE,
    ...changes,
  }
}

export function buildTrueFalse(changes: Partial<Question> = {}): Question {
  return buildQuestion({
    id: 'lambda-needs-server',
    kind: 'true-false',
    level: 1,
    prompt: both('Lambda에는 서버를 준비해야 해요.', 'Lambda needs a server of yours.'),
    choices: [
      { text: both('맞아요', 'True'), right: false },
      { text: both('틀려요', 'False'), right: true },
    ],
    explanation: both('서버는 AWS가 준비해요.', 'AWS brings the servers.'),
    ...changes,
  })
}

function buildNote(summary: string, heading: string, body: string): Note {
  return { summary: markdownFromContent(summary), sections: [{ heading, body: markdownFromContent(body) }] }
}

export function buildTopic(changes: Partial<Topic> = {}): Topic {
  return {
    id: 'lambda',
    subject: 'aws',
    category: 'compute',
    name: 'AWS Lambda',
    names: both('람다', 'Lambda'),
    aliases: ['lambda function'],
    tags: ['serverless'],
    filedUnder: undefined,
    notice: undefined,
    related: [],
    sources: [GUIDE],
    further: [],
    misconceptions: [],
    notes: {
      ko: buildNote('서버 없이 코드를 실행해요.', '하는 일', '**이벤트**가 생기면 실행해요.'),
      en: buildNote('Runs code without servers.', 'What it does', 'Runs when an **event** happens.'),
    },
    questions: [buildQuestion(), buildTrueFalse()],
    ...changes,
  }
}

export function buildSubject(topics: readonly Topic[] = sampleTopics()): Subject {
  return {
    id: 'aws',
    command: 'aws',
    name: both('AWS 기초', 'AWS basics'),
    description: both('AWS 개념을 찾아봐요', 'Look up an AWS concept'),
    categories: [
      { id: 'compute', name: both('컴퓨팅', 'Compute') },
      { id: 'storage', name: both('스토리지', 'Storage') },
    ],
    topics: new Map(topics.map((topic) => [topic.id, topic])),
    comparisons: [],
    diagrams: [],
  }
}

/** Lambda and Amazon EC2 in compute, Amazon S3 in storage; each with questions. */
export function sampleTopics(): Topic[] {
  const lambda = buildTopic({ related: ['ec2'] })
  const ec2 = buildTopic({
    id: 'ec2',
    name: 'Amazon EC2',
    names: both('가상 서버', 'EC2'),
    aliases: ['virtual server'],
    tags: [],
    related: ['lambda'],
    questions: [buildQuestion({ id: 'ec2-billing', topic: 'ec2', level: 1 })],
  })
  const s3 = buildTopic({
    id: 's3',
    category: 'storage',
    name: 'Amazon S3',
    names: both('에스쓰리', 'S3'),
    aliases: ['bucket'],
    tags: [],
    questions: [buildQuestion({ id: 's3-objects', topic: 's3', category: 'storage', level: 3 })],
  })
  return [lambda, ec2, s3]
}

/** AWS Lambda and Amazon EC2 side by side. */
export function buildComparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    id: 'lambda-ec2',
    topics: ['lambda', 'ec2'],
    gist: both('하나는 함수, 하나는 서버예요.', 'One is a function, one a server.'),
    rows: [
      { aspect: both('단위', 'Unit'), values: [both('함수', 'Function'), both('인스턴스', 'Instance')] },
      { aspect: both('요금', 'Cost'), values: [both('실행한 만큼', 'Per run'), both('켜 둔 만큼', 'Per hour')] },
    ],
    choose: both('가끔이면 람다예요.', 'Lambda for rare work.'),
    ...changes,
  }
}

export function buildLibrary(): Library {
  return { root: '/nowhere', subjects: [buildSubject()] }
}

/** The bot's own command table over the small library. */
export function buildCommands(library: Library = buildLibrary()): readonly StudyCommand[] {
  const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
  return commandTable({ library, indexes })
}

export function buildSnapshot(changes: Partial<QuizSnapshot> = {}): QuizSnapshot {
  return {
    subject: 'aws',
    topic: 'lambda',
    topicName: 'AWS Lambda',
    category: 'compute',
    categoryName: both('컴퓨팅', 'Compute'),
    question: 'lambda-timeout',
    revision: '0123456789ab',
    kind: 'choice',
    level: 2,
    prompt: both('함수는 얼마나 오래 실행되나요?', 'How long may a function run?'),
    choices: [both('5분', '5 minutes'), both('15분', '15 minutes'), both('하루', 'One day')],
    right: 1,
    explanation: both('제한은 15분이에요.', 'The limit is 15 minutes.'),
    source: { title: GUIDE.title, url: GUIDE.url },
    ...changes,
  }
}

export function buildTrueFalseSnapshot(changes: Partial<QuizSnapshot> = {}): QuizSnapshot {
  return buildSnapshot({
    kind: 'true-false',
    prompt: both('Lambda에는 서버를 준비해야 해요.', 'Lambda needs a server of yours.'),
    choices: [both('맞아요', 'True'), both('틀려요', 'False')],
    right: 1,
    ...changes,
  })
}
