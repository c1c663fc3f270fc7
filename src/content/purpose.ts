// Questions that ask what serves a purpose: "파일 저장하려면 뭐 써?", "how do I store files".

import { isAsking, toWords } from './asking.ts'
import { tidy } from './normalize.ts'
import { isVendor, withoutParticle } from './readings.ts'

/** Korean words that ask by what, where or how, wherever they stand. */
const ASKING =
  /^((뭐|뭘|뭔|머|무엇|어디|어느|어떤|어떻)(로|으로|를|을|가|이|에|다|서|게|걸|것|거|곳|데)*|무슨|어떡해)$/u
/** The verbs a Korean question ends with, whatever it is about, and what joins them: "써야 하나요", "하고 싶은데", "할 수 있는 게". */
const HELPING =
  /^(사용|이용|필요|가능|추천)?(하|해|할|한|쓰|써|쓸|쓴|되|돼|될|된|있|싶|좋|나아|나을|고르|골라|고를|알|보|봐|볼)(은|을|는|어|아)?(나요?|냐|니|죠|지요?|데요?|까요?|면|려면|려고|고|게|거야?|건데|건가요|가요|요|야|야지|야되나요?|야돼요?|야하나요?|야해요?|야할까요?|줘요?|주세요)?$/u
const JOINING = /^(수|때|데|게|걸|건|것|거)(은|는|이|가|을|를|도|야|요)?$/u
/** What may stand before those verbs, and may be a word of the purpose: "저장하는 방법", "저장할 수 있는 서비스". */
const THING =
  /^(서비스|제품|방법|방식|법|도구|추천|필요|사용|이용|경우|용도|곳)(은|는|이|가|을|를|로|으로|에|도|야|요)?$/u
/** What an English question begins with. */
const OPENING = toSet('how where what which i we is are can could should need want looking best')
/** What may follow before the purpose itself. */
const PADDING = toSet(
  'do does did would must have has s d m to for a an the my our some you one it there that any way ways good better use uses used using like service services tool tools please help me',
)
/** What may follow after it. */
const ENDING = toSet('in on with for to at from please me i we you it should can do use used using')

/** Where something is, asked behind it or around it. */
const KOREAN_WHERE =
  /\s*(은|는|이|가)?\s*어디(에|인)?\s*(있(어|나|는|을|죠|지|니)\p{L}*|위치\p{L}*|야|예요|에요|인가요|인지|죠)\W*$/u
const ENGLISH_WHERE = /^where(?:'s| is| are) (?:the |my |our |all )?(.+?)( located)?\W*$/

function toSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** The words of a purpose without the question around them, the fewest first where more may belong to it; none where nothing asks. */
export function purposesOf(query: string): string[] {
  const text = tidy(query)
  const place = KOREAN_WHERE.exec(text) ? text.replace(KOREAN_WHERE, '') : ENGLISH_WHERE.exec(text)?.[1]
  // What is asked is the place and not the thing: a server's is no matter of EC2.
  if (place) return [`${place} ${KOREAN_WHERE.test(text) ? '위치' : 'location'}`]
  const words = toWords(text).filter((word) => !isVendor(withoutParticle(word)))
  const [first = ''] = words
  const ways = OPENING.has(first) ? [withoutEnglish(words)] : withoutKorean(words)
  const bare = ways.filter((way) => way.length > 0 && way.length < words.length).map((way) => way.join(' '))
  return [...new Set(bare)]
}

function withoutEnglish(words: readonly string[]): readonly string[] {
  const from = words.findIndex((word) => !OPENING.has(word) && !PADDING.has(word))
  return from < 0 ? [] : words.slice(from, words.findLastIndex((word) => !ENDING.has(word)) + 1)
}

function withoutKorean(words: readonly string[]): (readonly string[])[] {
  const telling = words.filter((word) => !ASKING.test(word) && !isAsking(word))
  const until = (isPurpose: (word: string) => boolean) => telling.slice(0, telling.findLastIndex(isPurpose) + 1)
  const isHelping = (word: string): boolean => HELPING.test(word) || JOINING.test(word)
  return [until((word) => !isHelping(word) && !THING.test(word)), until((word) => !isHelping(word))]
}
