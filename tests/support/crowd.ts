// Many people who answer quizzes and ask for things without a pause. Whoever gets no result presses again, until there is one.

import { translator } from '../../src/locales/locale.ts'
import type { Member, Shown } from '../journeys/chat.ts'
import type { Arena, Question, Room, Told } from './arena.ts'
import { present } from './builders.ts'
import { until } from './discord-chat.ts'

/** A result that a person saw. */
export type Seen = { readonly by: Member; readonly ref: string; readonly points: number }

export type Counts = {
  /** Results that were shown; first ones and those that were shown again. */
  readonly results: number
  /** Answers to questions. */
  readonly asked: number
  /** Cards that say that the store is not to be had. */
  readonly refusals: number
  /** How often the platform itself had to say that nobody answered, and why. */
  readonly failures: readonly string[]
  readonly silences: number
}

export type Crowd = {
  readonly seen: readonly Seen[]
  counts(): Counts
  /** Resolves when so many more results were shown, and more of anything else that is named. */
  more(what: Partial<Readonly<Record<'results' | 'asked' | 'refusals', number>>>): Promise<void>
  /** Resolves when everybody was told something that they had not been told before. */
  round(): Promise<void>
  /** Everybody gets the result that they are after, and goes home. */
  stop(): Promise<void>
  /** Nobody waits for anything any more. */
  scatter(): void
}

/** More than any of them can press often enough to be held back for it. */
const PEOPLE = 120
/** Every so many presses of a person, a question. */
const ASK_EVERY = 5
const QUESTIONS: readonly Question[] = ['lookup', 'score', 'board', 'practice']
/** How long anything may keep somebody from a result, and how long the crowd may take for what is waited for. In milliseconds. */
const PATIENCE = 60_000

const t = translator('ko')
const RESULTS = [t('result.titleRight'), t('result.titleWrong')]
const REFUSED = t('error.store.title')

const memberOf = (i: number): Member => ({
  id: String(300_000_000_000_100_000 + i * 64),
  name: `학생${i}`,
  locale: 'ko',
})

/** @param atOnce how many of them press at the same moment */
export function gather(arena: Arena, rooms: readonly Room[], atOnce: number): Crowd {
  const seen: Seen[] = []
  const counts = { results: 0, asked: 0, refusals: 0, failures: [] as string[], silences: 0 }
  /** How often each of those who press at once was told something. */
  const told = Array.from({ length: atOnce }, () => 0)
  let turn = 0
  let isOver = false
  let isScattered = false

  /** One of the quizzes that are there; one after the other has all of them. */
  function quizFor(i: number): { readonly room: Room; readonly on: Shown } {
    const shown = rooms.flatMap((room) => arena.history(room).map((on) => ({ room, on })))
    return present(shown[i % shown.length])
  }

  /** A card that answers what was asked; undefined when it must be asked again. */
  function cardOf(answer: Told): string | undefined {
    if (answer.kind === 'failure') counts.failures.push(answer.why)
    if (answer.kind === 'silence') counts.silences += 1
    if (answer.kind !== 'card') return undefined
    if (!answer.text.includes(REFUSED)) return answer.text
    counts.refusals += 1
    return undefined
  }

  async function insist(who: number, what: () => Promise<Told>): Promise<string> {
    const end = performance.now() + PATIENCE
    for (;;) {
      const card = cardOf(await what())
      told[who] = (told[who] ?? 0) + 1
      if (card !== undefined) return card
      if (isScattered) throw new Error('nobody waits any more')
      if (performance.now() > end) throw new Error(`no answer in ${PATIENCE} ms: ${JSON.stringify(counts)}`)
    }
  }

  async function press(who: number, by: Member, nth: number): Promise<void> {
    // Every third press is one more on the quiz before, and on another choice: the first one counts.
    const { room, on } = quizFor(nth % 3 === 2 ? nth - 1 : nth)
    const text = await insist(who, () => arena.press(by, room, on, nth % 2))
    const points = /\+(\d+)점/.exec(text)?.[1]
    if (!RESULTS.some((title) => text.includes(title)) || points === undefined) {
      throw new Error(`${by.name} was told neither a result nor why there is none: ${text}`)
    }
    seen.push({ by, ref: arena.refOf(on), points: Number(points) })
    counts.results += 1
  }

  async function ask(who: number, by: Member, nth: number): Promise<void> {
    const { room } = quizFor(nth)
    const question = present(QUESTIONS[nth % QUESTIONS.length])
    const text = await insist(who, () => arena.ask(by, room, question))
    if (text.includes(t('error.unexpected.title'))) throw new Error(`${question} was answered with: ${text}`)
    counts.asked += 1
  }

  async function walk(who: number): Promise<void> {
    while (!isOver) {
      const now = turn++
      const by = memberOf(now % PEOPLE)
      const nth = Math.floor(now / PEOPLE)
      await (now % ASK_EVERY === ASK_EVERY - 1 ? ask(who, by, now) : press(who, by, nth))
    }
  }

  let broken: unknown
  const walking = Promise.all(Array.from({ length: atOnce }, (_, who) => walk(who))).catch((error) => {
    isOver = true
    broken = error
  })

  async function watch(holds: () => boolean): Promise<void> {
    await until(() => broken !== undefined || holds(), PATIENCE)
    if (broken !== undefined) throw broken
  }

  return {
    seen,
    counts: () => ({ ...counts, failures: [...counts.failures] }),
    more: async (what) => {
      const before = { ...counts }
      const kinds = Object.entries(what) as ['results' | 'asked' | 'refusals', number][]
      await watch(() => kinds.every(([kind, more]) => counts[kind] >= before[kind] + more))
    },
    round: async () => {
      const before = [...told]
      await watch(() => told.every((times, who) => times > (before[who] ?? 0)))
    },
    stop: async () => {
      isOver = true
      await walking
      if (broken !== undefined) throw broken
    },
    scatter: () => {
      isOver = true
      isScattered = true
    },
  }
}
