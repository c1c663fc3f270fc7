// What a query may have meant to say: without the words around a name, without the vendor, and on the other keyboard layout.

import { convertHangulToQwerty, convertQwertyToHangul, disassemble } from 'es-hangul'
import { letterSet } from './distance.ts'
import { searchKey, tidy } from './normalize.ts'

export type Reading = {
  /** The words, small letters, punctuation gone. */
  readonly words: readonly string[]
  /** All of it as one key. */
  readonly key: string
  /** The key with its Hangul taken apart. */
  readonly jamo: string
  readonly letters: number
  /** Whether it is nothing but initial consonants: ㅂㅇㄱㄹ. */
  readonly isInitials: boolean
  /** `switched`: typed with the keyboard on the other language. */
  readonly layout: 'typed' | 'switched'
}

/** What English speakers put before a name. */
const ENGLISH_OPENING =
  /^(please )?((what('?s| is| are| does| do)|explain|define|describe|tell me about|show me|how does|how do|about|help with|why use|when to use|when should i use|(the )?(advantages?|disadvantages?|benefits?|features?|pros and cons|purpose|use cases?) of) )+((an?|the) )?/
const ENGLISH_ENDING = /( (mean|means|meaning|work|works|please))+$/
/** What Korean speakers put after a name: words of asking, and polite padding. */
const KOREAN_FILLERS =
  /^((뭐|머|뭔)(야|여|예요|에요|죠|지|니|임|냐|데|가요|지요|지)?|무엇(인가요|이에요|이야|인지|인가)?|무슨|어떤|뜻(이야|이에요|이죠|이뭐야|은|이)?|의미|개념|정의|좀|대해(서)?|관해(서)?|알려(줘|줘요|주세요|줄래|달라)|보여(줘|줘요|주세요)|설명(해|해줘|해줘요|해주세요|좀|부탁|부탁해|부탁해요)?|부탁(해|해요|합니다|드려요)?|해줘(요)?|해주세요|궁금(해|해요)?|이란|란|인가요|이야|거야|왜|언제|어디에|어디서|어떻게)$/
/** What people ask of a name that stands before it; alone each could be what they look for. */
const ASPECT = /^(차이점?|비교|특징|장점|단점|장단점|용도|쓰임새)(이|은|을|가|는|를)?$/u
/** Likewise, but only after 의: "IAM 역할" is a role, "VPC의 역할" is what a VPC does. */
const ASPECT_OF = /^(역할|기능|목적|원리|의미|이점)(이|은|을|가|는|를)?$/u
/** How a question ends that asks why, when or how: "람다는 언제 써요". */
const USING =
  /^(쓰?나요|써요?|쓰죠|쓰지|쓰는지|쓰는거야|쓰는건가요|사용해요?|사용하나요|사용하죠|사용하는지|필요해요?|필요한가요|필요하죠|필요한지|동작해요?|동작하나요|작동해요?|작동하나요)$/u
const WHY = /^(왜|언제|어디에|어디서|어떻게)$/u
/** Particles at the end of a word, longest first. */
const PARTICLE =
  /(이란게|이란|라는게|라는|에서는|에서|에게|으로는|으로|이랑|하고|에는|까지|부터|처럼|보다|이나|란|이|가|은|는|을|를|의|에|로|와|과|랑|도|만|나|요)$/u
const SHORT_PARTICLE = /(란|이|가|은|는|을|를|의|에|로|와|과|랑|도|만|나|요)$/u
/** What stands at the end of a name that is called, told or spoken to: "람다야", "람다다", "람다님". */
const CALLING = /(이야|야|아|이다|다|님|씨|쌤|선생님|한테서?|께서?)$/u
const ONLY_INITIALS = /^[ㄱ-ㅎ]+[0-9]*$/
const VENDOR: ReadonlySet<string> = new Set(['aws', 'amazon', '아마존', '에이더블유에스', 'amazonwebservices'])

/**
 * A word without the particle at its end; the word itself when less than `least` letters would be left. A word that stands alone
 * needs two: "지도" is a map and not a particle on "지".
 */
export function withoutParticle(word: string, least = 2, particle = PARTICLE): string {
  const bare = word.replace(particle, '')
  return bare.length >= least || (bare.length === 1 && /[a-z0-9]/.test(bare)) ? bare : word
}

/** The words of a tidy text, each as `searchKey` has it. */
export function toWords(text: string): string[] {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map(searchKey)
    .filter(Boolean)
}

/** Whether a word at the end of a query only asks, given the one before it. */
export function isAsking(word: string, before?: string): boolean {
  if (KOREAN_FILLERS.test(word)) return true
  if (before === undefined) return false
  return ASPECT.test(word) || (before.endsWith('의') && ASPECT_OF.test(word)) || (WHY.test(before) && USING.test(word))
}

/** The words with less and less of the asking around them, the most literal first; a particle on the last one stays. */
function withoutAsking(text: string): string[][] {
  const steps = [toWords(text.replace(ENGLISH_OPENING, '').replace(ENGLISH_ENDING, ''))]
  for (;;) {
    const words = steps.at(-1) ?? []
    const last = words.at(-1)
    if (last === undefined) return steps
    // "vpc란뭐야" is asked without a space; then only the end of the word goes.
    const bare = isAsking(last, words.at(-2))
      ? ''
      : last.replace(/(이|가|은|는)?(뭐|뭔|무엇)(야|예요|에요|죠|지|데|가요|인가요)?$/u, '')
    if (bare === last) return steps
    steps.push([...words.slice(0, -1), ...(bare === '' ? [] : [bare])])
  }
}

export const isVendor = (word: string | undefined): boolean => word !== undefined && VENDOR.has(word)

/** The words without the vendor before them; the vendor alone stays. */
export function withoutVendor(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words
  return isVendor(first) && rest.length > 0 ? rest : words
}

/** Whether a query is nothing but the vendor or words of asking: then it names no topic. */
export function isEmptyQuestion(query: string): boolean {
  const words = withoutAsking(tidy(query)).at(-1) ?? []
  return words.every(isVendor)
}

/** The readings of a query, the most literal first; each key once. */
export function readingsOf(query: string): Reading[] {
  const text = tidy(query)
  const typed = toWords(text)
  const asked = withoutAsking(text)
  const bare = asked.at(-1) ?? []
  const least = bare.length > 1 ? 1 : 2
  const last = bare.at(-1)
  // "인프라는" is 인프라 with 는, and could be 인프 with 라는: the shorter particle first.
  const spoken =
    last === undefined
      ? []
      : [CALLING, SHORT_PARTICLE, PARTICLE].map((particle) => [
          ...bare.slice(0, -1),
          withoutParticle(last, least, particle),
        ])
  const readings = new Map<string, Reading>()
  const add = (words: readonly string[], layout: Reading['layout']): void => {
    const key = words.join('')
    if (key !== '' && !readings.has(key)) {
      const jamo = disassemble(key)
      readings.set(key, { words, key, jamo, letters: letterSet(jamo), isInitials: ONLY_INITIALS.test(key), layout })
    }
  }
  for (const words of [typed, ...asked, ...spoken]) {
    add(words, 'typed')
    add(withoutVendor(words), 'typed')
  }
  const switched = switchLayout(text)
  if (switched !== undefined) add(toWords(switched), 'switched')
  return [...readings.values()]
}

/** The same keys pressed on the other layout; undefined when a text mixes whole syllables of both, so that neither was a slip. */
function switchLayout(text: string): string | undefined {
  const hasHangul = /[\u3131-\u318e가-힣]/u.test(text)
  const hasLatin = /[a-z]/.test(text)
  if (hasHangul && !hasLatin) return convertHangulToQwerty(text).toLowerCase()
  if (!hasLatin || hasHangul) return undefined
  try {
    return convertQwertyToHangul(text)
  } catch {
    // es-hangul throws on letters that make no syllable ("hoh"): such a text was not Korean on the wrong layout.
    return undefined
  }
}
