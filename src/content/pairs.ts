// Queries that name two topics side by side, or more: "EC2와 람다의 차이", "s3 vs ebs vs glacier".

import { isAsking, toWords } from './asking.ts'
import { tidy } from './normalize.ts'
import { withoutParticle } from './readings.ts'

/** What English speakers put before two names, or after them. */
const COMPARING_OPENING =
  /^(what('?s| is| are) )?(the )?(differences? between|comparison (of|between)|(how (do i|to) )?choose between|compare|which (one )?is better[:,]?)\s+/
const COMPARING_ENDING = /\s+(differences?|comparison|compared)\W*$/
/** What Korean speakers put after two names that they compare. */
const COMPARING =
  /^((차이점?|다른점|다른거|비교|구분|구별)(이|가|은|는|을|를|도|만|좀)?(뭐야|뭔가요|뭐예요|뭐에요|해줘|해줘요|해주세요)?|중에?서?|둘|서로|다른가요|다른지|다르나요|다르죠|달라요?|좋아요?|좋을까요?|나아요?|나을까요?)$/u
/** What stands with those words, and asks nothing by itself. */
const CHOOSING =
  /^(뭐가|뭐를|뭘|무엇이|무엇을|어떤게|어떤걸|어느|어느게|어느걸|걸|게|쪽[이을]?|더|써야|골라야|해요?|하나요|하죠|할까요?|쓸까요?|고를까요?|써야해요?|써야하나요)$/u
/** What stands between two names as a word of its own; signs are read as one of them. */
const BETWEEN: ReadonlySet<string> = new Set([
  'vs',
  'versus',
  'and',
  'or',
  'with',
  '및',
  '그리고',
  '대',
  '또는',
  '아니면',
])
const SIGNS = /\s*[/,&+]\s*/g
/** Particles that say "and", at the end of the first name. */
const JOINING = /(이랑|랑|와|과|하고)$/u
/** No name has more words; a longer query is not parted at every place, nor at every word that joins. */
const MOST_WORDS = 8

/** Whether a query is nothing but what stands between and behind names: "vs", "차이". */
export function isJoining(query: string): boolean {
  return toWords(tidy(query)).every((word) => BETWEEN.has(word) || COMPARING.test(word))
}

/** How a query may be parted into two names. */
export type Partings = {
  /** The two names, each without what stands around it; empty when the query does not ask for two. */
  readonly ways: readonly (readonly [string, string])[]
  /** All that is named, however many: the texts between what joins them. One where nothing does, none where too much does. */
  readonly names: readonly string[]
  /** Whether something stands between the two that joins them. */
  readonly isJoined: boolean
  /** Whether it says that the two are to be compared, and does not just put them side by side. */
  readonly isComparing: boolean
}

/** Whether what a query is parted into are names only the index can tell: "결과 확인" is parted too. */
export function partings(query: string): Partings {
  const text = tidy(query)
  const bare = text.replace(COMPARING_OPENING, '').replace(COMPARING_ENDING, '')
  let isComparing = bare !== text
  const words = toWords(bare.replace(SIGNS, ' vs '))
  for (let last = words.at(-1); last !== undefined; last = words.at(-1)) {
    if (COMPARING.test(last)) isComparing = true
    else if (!CHOOSING.test(last) && !isAsking(last)) break
    words.pop()
  }
  const part = (first: readonly string[], second: readonly string[]) => [first.join(' '), second.join(' ')] as const
  const isJoint = (word: string, at: number): boolean =>
    BETWEEN.has(word) ? at > 0 : withoutParticle(word, 1, JOINING) !== word
  const joints = words.flatMap((word, at) => (at < words.length - 1 && isJoint(word, at) ? at : []))
  /** The words between two of them, without what joins at the end. */
  const between = (from: number, to: number): string[] => {
    const last = words[to] ?? ''
    return [...words.slice(from, to), ...(BETWEEN.has(last) ? [] : [withoutParticle(last, 1, JOINING)])]
  }
  const joined = joints.slice(0, MOST_WORDS).map((at) => part(between(0, at), words.slice(at + 1)))
  const isJoined = joined.length > 0
  const starts = [0, ...joints.map((at) => at + 1)]
  const parts = starts.map((from, i) => (i < joints.length ? between(from, joints[i] ?? from) : words.slice(from)))
  const names = joints.length < MOST_WORDS ? parts.map((name) => name.join(' ')).filter(Boolean) : []
  if (isJoined || !isComparing) return { ways: joined, names, isJoined, isComparing }
  const ways = words.slice(1, MOST_WORDS).map((_, at) => part(words.slice(0, at + 1), words.slice(at + 1)))
  return { ways, names, isJoined, isComparing }
}
