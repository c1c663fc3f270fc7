import { josa } from 'es-hangul'
import { describe, expect, it } from 'vitest'
import { searchKey } from '../../src/content/normalize.ts'
import { createIndex } from '../../src/content/search.ts'
import { both, buildSubject, buildTopic } from '../support/builders.ts'
import { realSubject } from '../support/fixtures/real.ts'

const subject = await realSubject()
const index = createIndex(subject)
const found = (query: string): string | undefined => index.find(query).topic?.id

/** Every name of every topic of the content, with the topic. */
const NAMES = [...subject.topics.values()].flatMap((topic) =>
  [topic.id, topic.name, ...Object.values(topic.names), ...topic.aliases].map((name) => ({ name, topic: topic.id })),
)

describe('find', () => {
  it.each<[string, (name: string) => string]>([
    ['as written', (name) => name],
    ['in capitals', (name) => name.toUpperCase()],
    ['in small letters', (name) => name.toLowerCase()],
    ['without spaces', (name) => name.replaceAll(' ', '')],
    ['with too many spaces', (name) => `  ${name.replaceAll(' ', '   ')} `],
    ['with hyphens for spaces', (name) => name.replaceAll(' ', '-')],
    ['with spaces for hyphens', (name) => name.replaceAll('-', ' ')],
    ['in full-width letters', (name) => name.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
    ['in decomposed Korean', (name) => name.normalize('NFD')],
    ['in quotation marks', (name) => `"${name}"`],
    ['with a question mark', (name) => `${name}?`],
    ['with the topic particle', (name) => josa(name, '은/는')],
    ['with the subject particle', (name) => josa(name, '이/가')],
    ['with the object particle', (name) => josa(name, '을/를')],
    ['with the particle 의', (name) => `${name}의`],
    ['with the particle 에서', (name) => `${name}에서`],
    ['with the particle for a means', (name) => josa(name, '으로/로')],
    ['asked with 란', (name) => `${josa(name, '이란/란')}?`],
    ['asked with 뭐야', (name) => `${josa(name, '이/가')} 뭐야`],
    ['asked with 뭐예요', (name) => `${josa(name, '은/는')} 뭐예요?`],
    ['asked with 알려줘', (name) => `${josa(name, '을/를')} 알려줘`],
    ['asked with 설명해줘', (name) => `${name} 설명해줘`],
    ['asked with its 특징', (name) => `${name}의 특징은?`],
    ['asked with its 장단점', (name) => `${name} 장단점 알려줘`],
    ['asked with what it does', (name) => `${name}의 역할이 뭐야?`],
    ['asked when', (name) => `${josa(name, '은/는')} 언제 써요?`],
    ['asked why', (name) => `${josa(name, '이/가')} 왜 필요한가요?`],
    ['asked in English', (name) => `What is ${name}?`],
    ['asked in English when', (name) => `When to use ${name}?`],
    ['asked in English for its benefits', (name) => `benefits of ${name}`],
    ['called', (name) => josa(name, '아/야')],
    ['called politely', (name) => `${name}님`],
    ['told', (name) => `${name}다`],
    ['spoken to', (name) => `${name}한테`],
  ])('knows every name and alias of the content %s', (_, write) => {
    const isSpoken = /[가-힣]/.test(write('x'))
    // Nobody says a name with its brackets in a sentence.
    const names = NAMES.filter(({ name }) => !isSpoken || !name.includes('('))
    const wrong = names.filter(({ name, topic }) => found(write(name)) !== topic)
    expect(wrong.map(({ name, topic }) => `${write(name)} is ${topic}, not ${found(write(name))}`)).toEqual([])
  })

  it.each([
    ['ＥＣ２', 'ec2'],
    ['e c 2', 'ec2'],
    ['amazon ec2', 'ec2'],
    ['AWS S3', 's3'],
    ['람다', 'lambda'],
    ['람다'.normalize('NFD'), 'lambda'],
    ['SG', 'security-group'],
    ['로드밸런서', 'elb'],
    ['route53', 'route-53'],
    ['CloudTrail Lake', 'cloudtrail-lake'],
    ['trail', 'trail'],
    ['람다😀', 'lambda'],
    ['ec2\u200b', 'ec2'],
  ])('finds %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each([
    ['lamda', 'lambda'],
    ['lambad', 'lambda'],
    ['lambbda', 'lambda'],
    ['dinamodb', 'dynamodb'],
    ['clodfront', 'cloudfront'],
    ['cloudfornt', 'cloudfront'],
    ['glacer', 'glacier'],
    ['람더', 'lambda'],
    ['보안구룹', 'security-group'],
    ['클라우드프론드', 'cloudfront'],
    ['콜드 스타드', 'cold-start'],
  ])('sees through the typing error in %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each([
    ['fkaek', 'lambda'],
    ['qhdks rmfnq', 'security-group'],
    ['ㄷㅊ2', 'ec2'],
    ['ㅣ므ㅠㅇㅁ', 'lambda'],
  ])('reads %s as typed on the other keyboard layout', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each([
    ['ㅂㅇㄱㄹ', 'security-group'],
    ['ㄱㅇㅇㅇ', 'availability-zone'],
    ['ㅋㄷㅅㅌㅌ', 'cold-start'],
  ])('knows a name by its initial consonants %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each([
    ['dynamo d', 'dynamodb'],
    ['elastic bean', 'elastic-beanstalk'],
    ['sticky', 'sticky-session'],
    ['load balance', 'elb'],
    ['cloudwatch log', 'cloudwatch'],
    ['보안 그', 'security-group'],
  ])('completes the beginning %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each([
    ['another product', 'kubernetes'],
    ['a dish', '김치찌개'],
    ['laughter', 'ㅋㅋㅋㅋ'],
    ['nothing', ''],
    ['spaces', '   '],
    ['punctuation', '?!.,'],
    ['emoji', '🚀🎉'],
    ['a flag and a family', '🇰🇷👩‍👩‍👧'],
    ['SQL', "'; DROP TABLE answer; --"],
    ['HTML', '<script>alert("lambda")</script>'],
    ['a path', '../../etc/passwd'],
    ['a name of JavaScript', 'constructor'],
    ['a prototype', '__proto__'],
    ['a pattern', '(.*)+$'],
    ['a control character', '\u0000'],
    ['half a character', '\ud83d'],
    ['one letter', 's'],
    ['ten thousand characters', 'x'.repeat(10_000)],
    ['ten thousand characters of a name', '람다'.repeat(5_000)],
    ['ten thousand characters of a question', '파일 저장 뭐 써? '.repeat(1000)],
    ['ten thousand spaces', ' '.repeat(10_000)],
    ['the name of the vendor', 'AWS'],
    ['the other name of the vendor', 'Amazon'],
    ['the Korean name of the vendor', '아마존'],
  ])('is sure of no topic for %s', (_, query) => {
    expect(found(query)).toBeUndefined()
  })

  it.each(['kubernetes', '김치찌개', 'ㅋㅋㅋㅋ', '', '🚀🎉', "'; DROP TABLE answer; --"])(
    'has nothing near %j either',
    (query) => {
      expect(index.find(query).nearest).toEqual([])
    },
  )

  it.each([
    ['클라우드포메', 'cloudformation'],
    ['클라우드포메이', 'cloudformation'],
    ['클라우드트', 'cloudtrail'],
    ['cloudt', 'cloudtrail'],
    ['보안', 'security-group'],
  ])('has the topic nearest whose name %s begins', (query, topic) => {
    expect(index.find(query).nearest[0]?.topic.id).toBe(topic)
  })

  it.each(['scale', '스케일', '데이터베이스'])('offers several topics for %s and is sure of none', (query) => {
    const { topic, nearest } = index.find(query)
    expect(topic).toBeUndefined()
    expect(nearest.length).toBeGreaterThan(1)
  })

  it('offers at most five topics, each once, best first', () => {
    for (const query of ['a', 'aws', 'amazon', 'cl', 'cloud', 'e', '서버', 'network', '스케일']) {
      const { nearest } = index.find(query)
      const scores = nearest.map(({ score }) => score)
      expect(nearest.length).toBeLessThanOrEqual(5)
      expect(new Set(nearest.map(({ topic }) => topic.id)).size).toBe(nearest.length)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(scores.every((score) => score > 0 && score <= 1)).toBe(true)
    }
  })

  it('puts a name before a word of what a topic is for', () => {
    const named = buildTopic({ id: 'cache', name: 'Cache', names: both('캐시', 'Cache'), aliases: [], tags: [] })
    const tagged = buildTopic({ id: 'cdn', name: 'CDN', names: both('씨디엔', 'CDN'), aliases: [], tags: ['cache'] })
    expect(createIndex(buildSubject([tagged, named])).find('cache').topic?.id).toBe('cache')
    expect(createIndex(buildSubject([tagged])).find('cache')).toMatchObject({
      topic: { id: 'cdn' },
      nearest: [{ why: 'purpose' }],
    })
  })
})

/** Services and subjects that the content has no topic for, as people write them. */
const FOREIGN = [
  ...['elastic file system', '엘라스틱 파일 시스템', 'EFS', 'elastic container registry', '컨테이너 레지스트리', 'ECR'],
  ...['api gateway', 'api 게이트웨이', 'sms 게이트웨이', 'app 게이트웨이', 'iot 게이트웨이', 'ses 게이트웨이'],
  ...[
    'transit gateway',
    '트랜짓 게이트웨이',
    'vpn gateway',
    'virtual private gateway',
    'storage gateway',
    '게이트웨이',
  ],
  ...[
    'api endpoint',
    'api 엔드포인트',
    'rds 스냅샷',
    '웹 방화벽',
    'waf',
    'shield',
    '쉴드',
    'data lake',
    '데이터 레이크',
  ],
  ...[
    'eventbridge',
    '이벤트 브리지',
    '암호화',
    'encryption',
    'step functions',
    '스텝 펑션',
    'sqs',
    'sns',
    'ses',
    '메시지 큐',
  ],
  ...['kinesis', '키네시스', 'redshift', '레드시프트', 'athena', '아테나', 'glue', '글루', 'cognito', '코그니토'],
  ...[
    'secrets manager',
    '시크릿 매니저',
    'kms',
    '키 관리 서비스',
    'guardduty',
    '가드듀티',
    'fsx',
    '파일 서버',
    'lightsail',
  ],
  ...[
    '라이트세일',
    'app runner',
    '앱 러너',
    'batch',
    '배치',
    'eks',
    'eks cluster',
    '쿠버네티스',
    'codebuild',
    '코드빌드',
  ],
  ...[
    'codepipeline',
    '코드파이프라인',
    'codedeploy',
    'neptune',
    '넵튠',
    'memorydb',
    'memory db',
    'keyspaces',
    '키스페이스',
  ],
  ...['quicksight', '퀵사이트', 'sagemaker', '세이지메이커', 'bedrock', '베드락', 'privatelink', '프라이빗 링크'],
  ...['global accelerator', '글로벌 액셀러레이터', 'backup', 'organizations', '조직', 'control tower', '컨트롤 타워'],
  ...['config', '컨피그', 'systems manager', '시스템 매니저', 'x-ray', '엑스레이', 'amplify', 'appsync', '앱싱크'],
  ...['site-to-site vpn', 'client vpn', 'vpn', 'iot core', 'macie', '메이시', 'inspector', '인스펙터', 'security hub'],
  ...[
    'opensearch',
    '오픈서치',
    '엘라스틱서치',
    'cloudsearch',
    '클라우드서치',
    'cloud wan',
    'cloudhsm',
    'emr',
    'msk',
    'mq',
  ],
  ...[
    'dms',
    'cdk',
    'sam',
    'ram',
    'sso',
    'sts',
    'dax',
    'resource groups',
    'elastic ip',
    'elastic transcoder',
    'health dashboard',
  ],
]

describe('find, asked for what the content has no topic for,', () => {
  it.each<[string, (name: string) => string]>([
    ['by its name', (name) => name],
    ['without spaces', (name) => name.replaceAll(' ', '')],
    ['with the vendor', (name) => `AWS ${name}`],
    ['with the other vendor', (name) => `amazon ${name}`],
    ['with the Korean vendor', (name) => `아마존 ${name}`],
    ['in a Korean question', (name) => `${josa(name, '이/가')} 뭐야?`],
    ['in an English question', (name) => `what is ${name}?`],
    ['as a means in Korean', (name) => `${josa(name, '을/를')} 쓰려면 어떻게 해야 해요?`],
    ['as what may serve in Korean', (name) => `${name} 뭐 써?`],
    ['as a means in English', (name) => `how do I use ${name}?`],
  ])('is sure of nothing: %s', (_, write) => {
    const wrong = FOREIGN.flatMap((name) => {
      const { topic, pair } = index.find(write(name))
      return topic || pair ? [`${write(name)}: ${topic?.id ?? pair?.map(({ id }) => id)}`] : []
    })
    expect(wrong).toEqual([])
  })

  it('takes no word of a name for another of its length: "eks cluster" for "ecs cluster"', () => {
    const wrong = NAMES.flatMap(({ name }) => {
      // Every short word of a name of several, turned into one that does not exist.
      const words = name.split(' ')
      return words.flatMap((word, at) => {
        if (words.length < 2 || !/^[a-z]{3}$/i.test(word)) return []
        const query = words.with(at, 'qjz').join(' ')
        return found(query) === undefined ? [] : [query]
      })
    })
    expect(wrong).toEqual([])
  })

  it('still asks whether a single slip was meant', () => {
    for (const query of ['vcp peering', 'eks cluster']) expect(index.find(query).nearest).not.toEqual([])
  })
})

describe('find, asked what serves a purpose,', () => {
  const nearest = (query: string): string[] => index.find(query).nearest.map(({ topic }) => topic.id)
  const isKorean = (text: string): boolean => /[가-힣]$/u.test(text)
  const tags = [...new Set([...subject.topics.values()].flatMap((topic) => topic.tags))]

  it.each<[string, (tag: string) => string]>([
    ['what is used', (tag) => `${tag} 뭐 써?`],
    ['what is best', (tag) => `${josa(tag, '은/는')} 뭘로 하는 게 좋을까요?`],
    ['how', (tag) => `${josa(tag, '은/는')} 어떻게 해야 하나요?`],
    ['where', (tag) => `${tag} 어디에다 해야 돼요?`],
    ['what is needed', (tag) => `${josa(tag, '을/를')} 하려면 뭐가 필요해요?`],
    ['for the vendor', (tag) => `aws에서 ${tag} 어떻게 하죠?`],
  ])('is as sure as of its words alone, asked in Korean %s', (_, write) => {
    const wrong = tags.filter((tag) => isKorean(tag) && found(tag) && found(write(tag)) !== found(tag))
    expect(wrong.map((tag) => `${write(tag)}: ${found(write(tag))}, not ${found(tag)}`)).toEqual([])
  })

  it.each<[string, (tag: string) => string]>([
    ['how', (tag) => `How do I ${tag}?`],
    ['where', (tag) => `where can we ${tag}`],
    ['which', (tag) => `Which AWS service should I use for ${tag}?`],
    ['what', (tag) => `what's the best way to ${tag}`],
    ['what there is', (tag) => `Is there a service for ${tag} in AWS?`],
    ['by a wish', (tag) => `I want to ${tag} on aws please`],
  ])('is as sure as of its words alone, asked in English %s', (_, write) => {
    const wrong = tags.filter((tag) => !/[가-힣]/u.test(tag) && found(tag) && found(write(tag)) !== found(tag))
    expect(wrong.map((tag) => `${write(tag)}: ${found(write(tag))}, not ${found(tag)}`)).toEqual([])
  })

  it.each([
    ['데이터베이스 뭐 써?', '데이터베이스'],
    ['백업 어디에 해?', '백업'],
    ['which database should i use', 'database'],
    ['how do I speed up my website', 'speed up my website'],
  ])('offers what the words alone would where they are not sure: %s', (query, words) => {
    expect([found(query), nearest(query)]).toEqual([undefined, nearest(words)])
  })

  it.each([
    ['파일 저장하려면 뭐 써?', 's3'],
    ['파일을 저장하고 싶은데 뭘 써야 하나요?', 's3'],
    ['파일 어디에 저장해?', 's3'],
    ['파일 저장할 수 있는 서비스 추천해줘', 's3'],
    ['코드만 올리면 되는 서비스 있어?', 'elastic-beanstalk'],
    ['how do I store files', 's3'],
    ['what should I use for storing files?', 's3'],
    ['서버 늘리려면 어떻게 해?', 'scale-out'],
    ['서버를 어떻게 늘려?', 'scale-out'],
    ['포트 열려면 어떻게 하나요', 'security-group'],
    ['특정 IP는 어떻게 막아요?', 'nacl'],
    ['트래픽 분산하려면?', 'elb'],
    ['디스크 추가', 'ebs'],
  ])('understands the verbs that people write: %s', (query, topic) => {
    expect(found(query)).toBe(topic)
  })

  it.each(['뭐 써?', '어떻게 해?', '뭐 할 수 있어?', 'what should I do', 'how do I use it', 'can you help me'])(
    'finds nothing in a question without a purpose: %s',
    (query) => {
      expect(index.find(query)).toEqual({ topic: undefined, nearest: [], pair: undefined, several: [] })
    },
  )

  it.each(['scale', '감사해요', '감사해'])('takes no word for a verb in %s', (query) => {
    expect(found(query)).toBeUndefined()
  })
})

describe('find, asked for two topics,', () => {
  /** Each topic with the one after it. */
  const ids = [...subject.topics.keys()]
  const pairs = ids.map((id, at) => [id, ids[(at + 1) % ids.length] ?? id] as const)
  const named = (id: string, locale: 'ko' | 'en'): string => subject.topics.get(id)?.names[locale] ?? id
  const pairOf = (query: string): string[] | undefined => index.find(query).pair?.map(({ id }) => id)

  it.each<[string, 'ko' | 'en', (first: string, second: string) => string]>([
    ['A와 B의 차이', 'ko', (first, second) => `${josa(first, '와/과')} ${second}의 차이`],
    ['A랑 B 차이가 뭐야?', 'ko', (first, second) => `${josa(first, '이랑/랑')} ${second} 차이가 뭐야?`],
    ['A하고 B의 차이점은?', 'ko', (first, second) => `${first}하고 ${second}의 차이점은?`],
    ['A와 B 비교해줘', 'ko', (first, second) => `${josa(first, '와/과')} ${josa(second, '을/를')} 비교해줘`],
    ['A B 비교', 'ko', (first, second) => `${first} ${second} 비교`],
    ['A와 B', 'ko', (first, second) => `${josa(first, '와/과')} ${second}`],
    ['A vs B', 'ko', (first, second) => `${first} vs ${second}`],
    ['A/B 차이', 'en', (first, second) => `${first}/${second} 차이`],
    ['A와 B 중에 뭐가 좋아요', 'ko', (first, second) => `${josa(first, '와/과')} ${second} 중에 뭐가 좋아요?`],
    ['difference between A and B', 'en', (first, second) => `What is the difference between ${first} and ${second}?`],
    ['A and B', 'en', (first, second) => `${first} and ${second}`],
    ['A vs. B', 'en', (first, second) => `${first} vs. ${second}`],
    ['A B difference', 'en', (first, second) => `${first} ${second} difference`],
  ])('has both, whichever they are: %s', (_, locale, write) => {
    const wrong = pairs.flatMap(([first, second]) => {
      const query = write(named(first, locale), named(second, locale))
      const pair = pairOf(query)
      return pair?.[0] === first && pair[1] === second ? [] : [`${query}: ${pair ?? found(query)}`]
    })
    expect(wrong).toEqual([])
  })

  it.each([
    ['람다랑 ec2 중 뭐 써야 해?', ['lambda', 'ec2']],
    ['s3하고 ebs 중에 어느 걸 쓸까요', ['s3', 'ebs']],
    ['보안 그룹이랑 네트워크 ACL 뭐가 달라요?', ['security-group', 'nacl']],
    ['how to choose between ec2 and lambda', ['ec2', 'lambda']],
    ['Which is better, EC2 or Lambda?', ['ec2', 'lambda']],
    ['AWS Lambda와 Amazon EC2의 차이', ['lambda', 'ec2']],
  ])('in words such as people use: %s', (query, pair) => {
    expect(pairOf(query)).toEqual(pair)
  })

  /** What people write in a hurry: the short names, in either language. */
  const short = ids.map((id) => [named(id, 'ko'), named(id, 'en')])

  it('has both where two names stand side by side, unless together they are one name', () => {
    const known = new Map(NAMES.map(({ name, topic }) => [searchKey(name), topic]))
    const wrong = ids.flatMap((first, i) =>
      ids.flatMap((second, j) => {
        if (first === second) return []
        const queries = (short[i] ?? []).flatMap((one) => (short[j] ?? []).map((other) => `${one} ${other}`))
        return queries.flatMap((query) => {
          const one = known.get(searchKey(query))
          const isRight = one ? found(query) === one : pairOf(query)?.join() === `${first},${second}`
          return isRight ? [] : [`${query}: ${pairOf(query) ?? found(query)}`]
        })
      }),
    )
    expect(wrong).toEqual([])
  })

  it.each([
    ['lambda ec2 s3', ['lambda', 'ec2', 's3']],
    ['s3 ec2 lambda', ['s3', 'ec2', 'lambda']],
    ['람다 aws s3 ebs 뭐야?', ['lambda', 's3', 'ebs']],
  ])('offers the three that stand side by side, in their order: %s', (query, topics) => {
    const { topic, pair, nearest } = index.find(query)
    expect([topic, pair, nearest.map((match) => match.topic.id)]).toEqual([undefined, undefined, topics])
  })

  it.each([
    ['iaas paas', ['iaas', 'paas']],
    ['aws iaas paas', ['iaas', 'paas']],
    ['리전 az', ['region', 'availability-zone']],
    ['람다 s3는 뭐야', ['lambda', 's3']],
    ['lambda cold start s3', ['cold-start', 's3']],
    ['vpc subnet nacl', ['vpc', 'nacl']],
  ])('takes names without a word between them for two: %s', (query, pair) => {
    expect(pairOf(query)).toEqual(pair)
  })

  it.each([
    ['vpc peering', 'vpc-peering'],
    ['ec2 auto scaling', 'auto-scaling'],
    ['ec2 auto scaling group', 'auto-scaling'],
    ['lambda cold start', 'cold-start'],
    ['람다의 콜드 스타트', 'cold-start'],
    ['rds multi az', 'rds'],
    ['s3 glacier', 'glacier'],
    ['s3 glacier deep archive', 'glacier'],
    ['cloudtrail trail', 'trail'],
    ['opsworks stack', 'opsworks'],
    ['elb 상태 확인', 'health-check'],
    ['vpc 서브넷', 'vpc'],
    ['s3 정적 웹사이트', 's3'],
    ['ec2 요금', 'ec2'],
  ])('is sure of one topic where a longer name, or a purpose, is meant: %s', (query, topic) => {
    expect([found(query), pairOf(query)]).toEqual([topic, undefined])
  })

  it('also with a slip in a name', () => {
    expect(pairOf('보안구룹과 네트워크 acl의 차이')).toEqual(['security-group', 'nacl'])
    expect(pairOf('difference between lamda and ec2')).toEqual(['lambda', 'ec2'])
  })

  it('is sure of one topic when both names are its own', () => {
    expect([found('버킷과 s3의 차이'), pairOf('버킷과 s3의 차이')]).toEqual(['s3', undefined])
  })

  it.each([
    ['identity and access management', 'iam'],
    ['Identity and Access Management 권한', 'iam'],
    ['vpc와 서브넷', 'vpc'],
    ['S3/Glacier', 'glacier'],
  ])('does not take a name or its words apart: %s', (query, topic) => {
    expect([found(query), pairOf(query)]).toEqual([topic, undefined])
  })

  it.each([
    ['ec2와 람다 연결하기', ['ec2', 'lambda']],
    ['ec2, lambda, ecs 차이', ['ec2', 'ecs', 'lambda']],
  ])('offers them all, and is sure of none, when they are not compared or more than two: %s', (query, topics) => {
    const { topic, pair, nearest } = index.find(query)
    expect([topic, pair]).toEqual([undefined, undefined])
    expect(nearest.map((match) => match.topic.id).sort()).toEqual(topics)
  })

  it.each([
    ['ec2 vs lambda vs ecs', ['ec2', 'lambda', 'ecs']],
    ['aws iaas paas saas 차이', ['iaas', 'paas', 'saas']],
    ['IaaS, PaaS, SaaS의 차이가 뭐야?', ['iaas', 'paas', 'saas']],
    ['rds dynamodb documentdb 비교해줘', ['rds', 'dynamodb', 'documentdb']],
    ['EC2랑 람다랑 ECS 중에 뭐 써야 해?', ['ec2', 'lambda', 'ecs']],
    ['What is the difference between S3, EBS, and Glacier?', ['s3', 'ebs', 'glacier']],
    ['Amazon EC2 / AWS Lambda / Amazon S3', ['ec2', 'lambda', 's3']],
    ['lamda vs ec2 vs ecs', ['lambda', 'ec2', 'ecs']],
    ['ec2 람다, ecs', ['ec2', 'lambda', 'ecs']],
  ])('has all that are named where they are more: %s', (query, topics) => {
    const { topic, pair, several } = index.find(query)
    expect([topic, pair, several.map(({ id }) => id)]).toEqual([undefined, undefined, topics])
  })

  it.each(['ec2 vs lambda vs kubernetes', 'ec2, 람다, s3 연결하기', 'ec2 람다', 'ec2', 'a, b, c', 'ec2,'.repeat(20)])(
    'has no more than two in %s',
    (query) => {
      expect(index.find(query).several).toEqual([])
    },
  )

  it.each(['테스트 결과 확인', '와 과', 'and', 'vs', '차이', '/', 'a and b', '와'.repeat(100), 'and '.repeat(25)])(
    'finds no two topics in %j',
    (query) => {
      expect(pairOf(query)).toBeUndefined()
    },
  )
})

describe('complete', () => {
  const completed = (prefix: string, limit = 8): string[] => index.complete(prefix, limit).map(({ id }) => id)

  it('gives the first topics in learning order for nothing', () => {
    expect(completed('', 3)).toEqual([...subject.topics.keys()].slice(0, 3))
    expect(completed('  ', 3)).toEqual([...subject.topics.keys()].slice(0, 3))
  })

  it.each([
    ['lam', 'lambda'],
    ['람', 'lambda'],
    ['ㄹㅏ', 'lambda'],
    ['ＬＡＭ', 'lambda'],
    ['cloudw', 'cloudwatch'],
    ['보안', 'security-group'],
    ['security g', 'security-group'],
  ])('has the topic first that %s begins', (prefix, topic) => {
    expect(completed(prefix)[0]).toBe(topic)
  })

  it.each(['', 'a', 'cloud', 'aws', '스'])('gives no more than asked for, each topic once, for %j', (prefix) => {
    for (const limit of [1, 3, 25]) {
      const ids = completed(prefix, limit)
      expect(ids.length).toBeLessThanOrEqual(limit)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  it.each(['kubernetes', '김치찌개', 'ㅋㅋㅋㅋ', '람다'.repeat(5_000), 'x'.repeat(10_000)])(
    'gives nothing for %s',
    (prefix) => {
      expect(completed(prefix)).toEqual([])
    },
  )

  it.each(["'; DROP TABLE answer; --", '<script>', '(.*)+$', '__proto__', '\u0000', '\ud83d', '🚀'])(
    'takes %j for text',
    (prefix) => {
      expect(completed(prefix, 3).length).toBeLessThanOrEqual(3)
    },
  )
})
