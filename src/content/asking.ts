// The words that stand around a name and only ask: "explain … please", "…이 뭐야", "… 요금", "intro to …".

import { searchKey } from './normalize.ts'

/** What English speakers put before a name. */
const ENGLISH_OPENING =
  /^(please )?((what('?s| is| are| does| do)|why( (do|should) (i|we|you|people))?( (use|need))?|explain|define|describe|tell me about|show me|how does|how do|how much (is|are|does|do)|how to use|about|help( me)? (with|understand)|(understand|learn)(ing)?( about)?|intro(duction)? to|getting started with|when to use|when should i use|(is|are)(?= .* free\W*$)|(the )?(advantages?|disadvantages?|benefits?|features?|pros and cons|purpose|use cases?|basics|overview|definition|meaning|types|limits|price|pricing|cost|examples?) of) )+((an?|the) )?/
/** What they put after one, what they ask of it included; alone each could be what they look for. */
const ENGLISH_ENDING =
  /^(means?|meaning|works?|please|pls|plz|thanks|tutorials?|basics|overview|pricing|prices?|costs?|limits?|limitations|quotas?|definitions?|cases?|features?|help|examples?|explained|explanation|introduction|intro|guide|docs|documentation|setup|settings?|config|configuration|types|summary|notes|free|benefits|advantages|disadvantages|usage|location|for|beginners)$/
/** What Korean speakers put after a name: words of asking, and polite padding. */
const KOREAN_FILLERS =
  /^((뭐|머|뭔)(야|여|예요|에요|죠|지|니|임|냐|데|가요|지요|지)?|무엇(인가요|이에요|이야|인지|인가)?|무슨|어떤|뜻(이야|이에요|이죠|이뭐야|은|이)?|의미|개념|정의|좀|대해(서)?|관해(서)?|알려(줘|줘요|주세요|줄래|달라)|보여(줘|줘요|주세요)|설명(해|해줘|해줘요|해주세요|좀|부탁|부탁해|부탁해요)?|부탁(해|해요|합니다|드려요)?|해줘(요)?|해주세요|궁금(해|해요)?|모르겠(어|어요|다|네요|음|습니다)|몰라요?|얼마(야|예요|에요|인가요|나)?|이란|란|인가요|이야|거야|왜|언제|어디에|어디서|어떻게)$/u
/** What people ask of a name that stands before it; alone each could be what they look for. */
const ASPECT =
  /^(차이점?|비교|특징|특성|장점|단점|장단점|용도|쓰임새|사용처|이유|종류|가격|비용|요금제?|과금|유료|무료|공짜|한도|제한|제약|(사용|이용|활용|쓰는|하는|만드는|설정|생성|작동|동작)?(방?법|방식)|사용|이용|활용|예시?|예제|사례|실습|정리|요약|공부|학습|설정|만들기|보기|생성|위치|시작하기|기초|입문|소개|튜토리얼|강의|기능|원리|(작동|동작)원리|구조|주의할?점|주의사항)(이|은|을|가|는|를|도|만|하기|해줘요?|해주세요|인가요|이에요|예요|에요|야|이야|인지)?$/u
/** Likewise, but only after 의: "IAM 역할" is a role, "VPC의 역할" is what a VPC does. */
const ASPECT_OF = /^(역할|목적|이점)(이|은|을|가|는|를)?$/u
/** What joins a name and "way", "reason" or "point": "S3를 쓰는 이유", "s3 만드는 법", "S3 use cases". */
const DOING = /^(동작|작동|사용|쓰는|사용하는|이용하는|활용하는|필요한|만드는|배우는|하는|설정하는|주의할|use)$/u
const DONE = /^((방?법|방식|원리|이유|점)|cases?)(이|은|을|가|는|를)?$/u
/** How a question ends that asks why, when, how or how much: "람다는 언제 써요", "S3는 얼마나 드나요". */
const USING =
  /^(쓰?나요|써요?|쓰죠|쓰지|쓰는지|쓰는거야|쓰는건가요|사용해요?|사용하나요|사용하죠|사용하는지|필요해요?|필요한가요|필요하죠|필요한지|동작해요?|동작하나요|작동해요?|작동하나요|드나요|들어요?|나오나요|나와요?)$/u
const WHY = /^(왜|언제|어디에|어디서|어떻게|얼마나?)$/u

/** The words of a tidy text, each as `searchKey` has it. */
export function toWords(text: string): string[] {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map(searchKey)
    .filter(Boolean)
}

/** Whether a word at the end of a query only asks, given the one before it and the one that stood after it. */
export function isAsking(word: string, before?: string, after?: string): boolean {
  if (KOREAN_FILLERS.test(word)) return true
  if (before === undefined) return false
  return (
    ASPECT.test(word) ||
    ENGLISH_ENDING.test(word) ||
    (before.endsWith('의') && ASPECT_OF.test(word)) ||
    (WHY.test(before) && USING.test(word)) ||
    (DONE.test(word) && DOING.test(before)) ||
    (after !== undefined && DONE.test(after) && DOING.test(word))
  )
}

/** The words of a tidy text with less and less of the asking around them, the most literal first; a particle on the last one stays. */
export function withoutAsking(text: string): string[][] {
  const steps = [toWords(text.replace(ENGLISH_OPENING, ''))]
  let after: string | undefined
  for (;;) {
    const words = steps.at(-1) ?? []
    const last = words.at(-1)
    if (last === undefined) return steps
    // "vpc란뭐야" is asked without a space; then only the end of the word goes.
    const bare = isAsking(last, words.at(-2), after)
      ? ''
      : last.replace(/(이|가|은|는)?(뭐|뭔|무엇)(야|예요|에요|죠|지|데|가요|인가요)?$/u, '')
    if (bare === last) return steps
    after = last
    steps.push([...words.slice(0, -1), ...(bare === '' ? [] : [bare])])
  }
}
