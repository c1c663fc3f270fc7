// What people write around a name: it must neither hide the name nor make one of what is none.

import { josa } from 'es-hangul'
import { describe, expect, it } from 'vitest'
import { createIndex } from '../../src/content/search.ts'
import { realSubject } from '../support/fixtures/real.ts'

const subject = await realSubject()
const index = createIndex(subject)
const found = (query: string): string | undefined => index.find(query).topic?.id

/** What a topic is called in each language. */
const NAMES = [...subject.topics.values()].flatMap((topic) =>
  Object.values(topic.names).map((name) => ({ name, topic: topic.id })),
)

const KOREAN = [
  ...[
    '가격',
    '비용',
    '요금',
    '요금이 얼마예요?',
    '가격 알려줘',
    '무료인가요?',
    '한도',
    '제한',
    '종류',
    '설정',
    '설정 방법',
  ],
  ...[
    '사용법',
    '사용 방법',
    '쓰는 법',
    '만드는 법',
    '만들기',
    '쓰는 이유',
    '필요한 이유가 뭐야?',
    '예시',
    '사용 예시',
    '예제',
  ],
  ...[
    '실습',
    '정리',
    '정리해줘',
    '공부',
    '공부하기',
    '기초',
    '입문',
    '소개',
    '구조',
    '원리',
    '동작 원리',
    '기능',
    '주의할 점',
  ],
  ...['뭔지 모르겠어요', '얼마예요?', '튜토리얼'],
]
const ENGLISH = [
  ...['X pricing', 'X price', 'X cost', 'how much does X cost?', 'is X free?', 'cost of X', 'X limits', 'X quotas'],
  ...['why X', 'why use X?', 'why do we use X?', 'X tutorial', 'X basics', 'X overview', 'X definition', 'X use cases'],
  ...['X features', 'X help', 'help with X', 'X pls', 'intro to X', 'introduction to X', 'learn X', 'learn about X'],
  ...[
    'how to use X',
    'X examples',
    'X setup',
    'X settings',
    'X for beginners',
    'getting started with X',
    'X explained pls',
  ],
  ...['types of X', 'X 요금 알려줘', 'X pricing 알려줘'],
]

describe('find, asked with words around a name,', () => {
  it.each(KOREAN.map((words) => [words]))('knows every name of every topic before: %s', (words) => {
    const wrong = NAMES.flatMap(({ name, topic }) =>
      [`${name} ${words}`, `${josa(name, '을/를')} ${words}`, `${name}의 ${words}`].flatMap((query) =>
        found(query) === topic ? [] : [`${query} is ${found(query)}`],
      ),
    )
    expect(wrong).toEqual([])
  })

  it.each(ENGLISH.map((words) => [words]))('knows every name of every topic in: %s', (words) => {
    const queries = NAMES.map(({ name, topic }) => ({ query: words.replace('X', name), topic }))
    const wrong = queries.filter(({ query, topic }) => found(query) !== topic)
    expect(wrong.map(({ query }) => `${query} is ${found(query)}`)).toEqual([])
  })

  it('is sure of nothing that has no topic, whatever is asked of it', () => {
    const foreign = [
      'kubernetes',
      'eks',
      'api gateway',
      'elastic ip',
      '쿠버네티스',
      '키네시스',
      'data lake',
      '김치찌개',
    ]
    const queries = foreign.flatMap((name) => [
      ...KOREAN.map((words) => `${name} ${words}`),
      ...ENGLISH.map((words) => words.replace('X', name)),
    ])
    const wrong = queries.filter((query) => found(query))
    expect(wrong.map((query) => `${query} is ${found(query)}`)).toEqual([])
  })

  it.each(['가격', '요금', '정리', '사용법', '비용이 얼마예요?', 'pricing', 'limits', 'help', 'use cases', 'pls help'])(
    'is sure of nothing where nothing is named: %s',
    (query) => {
      expect(found(query)).toBeUndefined()
    },
  )

  it('takes nothing for such a word that belongs to a longer name or a purpose', () => {
    expect([found('스택 생성'), found('인스턴스 유형'), found('인프라 구조'), found('서버 만들기')]).toEqual([
      'stack',
      'ec2',
      'global-infrastructure',
      'ec2',
    ])
  })
})
