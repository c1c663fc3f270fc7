// What is sure, what is only near, and what comes first, in queries that members wrote.

import { describe, expect, it } from 'vitest'
import { topicsOf } from '../../src/content/library.ts'
import { createIndex } from '../../src/content/search.ts'
import { realSubject } from '../support/fixtures/real.ts'

const subject = await realSubject()
const index = createIndex(subject)
const found = (query: string): string | undefined => index.find(query).topic?.id
const near = (query: string): string[] => index.find(query).nearest.map(({ topic }) => topic.id)

describe('find', () => {
  it('offers the topics of a category for its name, and is sure of none', () => {
    for (const { id, name } of subject.categories) {
      const own = topicsOf(subject, id).map((topic) => topic.id)
      for (const written of [...Object.values(name), `${name.ko} 종류`, `${name.ko}란?`]) {
        // 글로벌 인프라 and Global infrastructure are topics, too.
        if (found(written) === 'global-infrastructure') continue
        const offered = near(written)
        expect([written, found(written), offered.length]).toEqual([written, undefined, Math.min(5, own.length)])
        expect(own).toEqual(expect.arrayContaining(offered))
      }
    }
  })

  it.each([
    ['클라우드 서비스 모델', ['iaas', 'paas', 'saas']],
    ['cloud service model', ['iaas', 'paas', 'saas']],
    ['클라우드 서비스 모델이 뭐야?', ['iaas', 'paas', 'saas']],
  ])('has the topics of a comparison for a tag that they share: %s', (query, topics) => {
    expect([found(query), index.find(query).several.map(({ id }) => id)]).toEqual([undefined, topics])
  })

  it.each([
    ['스케일 인 아웃', ['scale-in', 'scale-out']],
    ['스케일 아웃 인 차이', ['scale-out', 'scale-in']],
    ['스케일 업 아웃', ['scale-up', 'scale-out']],
    ['scale in out', ['scale-in', 'scale-out']],
    ['scale up and out', ['scale-up', 'scale-out']],
    ['scale up vs out', ['scale-up', 'scale-out']],
  ])('has both names where the second leaves out its first word: %s', (query, pair) => {
    expect(index.find(query).pair?.map(({ id }) => id)).toEqual(pair)
  })

  it.each(['saa', 'SAA', 'iaa', 'edg'])('takes another abbreviation for no beginning of one: %s', (query) => {
    expect(near(query)).toEqual([])
  })

  it.each([
    ['서버는 어디 있나요', ['data-center', 'region']],
    ['서버는 어디에 있어?', ['data-center', 'region']],
    ['where are the servers', ['data-center', 'region']],
    ['클라우드 컴퓨팅', ['ec2']],
    ['캐시 서버', ['elasticache', 'cdn']],
    ['온프레미스', ['direct-connect']],
    ['멀티 az', ['availability-zone', 'rds']],
    ['multi-az', ['availability-zone', 'rds']],
    ['장애조치', ['route-53', 'rds']],
    ['failover', ['route-53', 'rds']],
    ['공동 책임 모델', ['iaas', 'paas']],
    ['shared responsibility', ['iaas', 'paas']],
    ['비관계형', ['dynamodb', 'documentdb']],
    ['캐시 히트', ['cloudfront', 'cdn']],
    ['cache hit', ['cloudfront', 'cdn']],
    ['이미지 저장소', ['ecs', 's3']],
    ['보안그룹이랑 방화벽 차이', ['security-group', 'nacl']],
  ])('offers, and is not sure: %s', (query, topics) => {
    expect(found(query)).toBeUndefined()
    expect(near(query)).toEqual(expect.arrayContaining(topics))
  })

  it.each([
    ['엣지 로케이션은 어디에 있나요?', 'edge-location'],
    ['가용 영역은 어디에 있나요', 'availability-zone'],
    ['where is s3?', 's3'],
    ['vpc 피어링 요금', 'vpc-peering'],
    ['로그 s3 저장', 'trail'],
    ['서버 만드는 법', 'ec2'],
    ['포트 여는 법', 'security-group'],
    ['람다가 느려요', 'cold-start'],
    ['람다 느린데', 'cold-start'],
    ['누가 지웠지', 'cloudtrail'],
    ['vpc 두 개 연결', 'vpc-peering'],
    ['서버 하나 띄우기', 'ec2'],
    ['사용자 만들기', 'iam'],
    ['알람 설정', 'cloudwatch'],
    ['버켓 만들기', 's3'],
  ])('is sure: %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it('puts the topic first whose whole name stands in a query, when it is sure of none', () => {
    const others = [
      '로그 파일',
      'DB 인스턴스',
      '버전 관리',
      '요청 처리',
      '데이터 복제',
      'database connection',
      'log files',
    ]
    const wrong = [...subject.topics.values()].flatMap(({ id, names }) =>
      Object.values(names).flatMap((name) =>
        others
          .map((words) => `${name} ${words}`)
          .filter((query) => found(query) === undefined && near(query)[0] !== id)
          .map((query) => `${query}: ${near(query)}`),
      ),
    )
    expect(wrong).toEqual([])
  })

  it.each([
    ['22번 포트 열기', 'security-group'],
    ['80 포트', 'security-group'],
    ['우분투 서버', 'ec2'],
    ['람다가 처음에 느린 이유', 'cold-start'],
    ['who deleted my bucket', 'cloudtrail'],
    ['웹앱 쉽게 배포', 'elastic-beanstalk'],
    ['트래픽 몰릴 때 서버 늘리기', 'auto-scaling'],
    ['오래된 데이터 싸게 보관', 'glacier'],
    ['요금이 제일 싼 저장소', 'glacier'],
    ['권한이 없다고 나와요', 'iam'],
  ])('offers a topic of which a whole tag stands among other words: %s', (query, topic) => {
    expect([found(query), near(query)]).toEqual([undefined, expect.arrayContaining([topic])])
  })
})
