// What a query may have meant to say: without the words around a name, without the vendor, and on the other keyboard layout.

import { convertHangulToQwerty, convertQwertyToHangul, disassemble } from 'es-hangul'
import { toWords, withoutAsking } from './asking.ts'
import { letterSet } from './distance.ts'
import { tidy } from './normalize.ts'

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
