// A simulated platform with many people in several rooms, and a bot of several processes: how each of them is reached, and what people
// are told.

import { decodeAction } from '../../src/chat/action.ts'
import type { Member, Shown } from '../journeys/chat.ts'
import type { ControlledProcess } from './controlled.ts'
import type { Call, Crossing } from './crossing.ts'

/** A channel that the bot posts to. */
export type Room = { readonly place: string; readonly channel: string }

/** `failure`: the platform itself said that the bot did not answer. `silence`: it was acknowledged, and nothing followed. */
export type Told =
  | { readonly kind: 'card'; readonly text: string }
  | { readonly kind: 'failure'; readonly why: string }
  | { readonly kind: 'silence' }

/** What people ask for besides answering. */
export type Question = 'lookup' | 'score' | 'board' | 'practice'

export type Arena = {
  /** What a process's environment needs to reach the platform, which is through the crossing. */
  readonly env: Readonly<Record<string, string>>
  readonly crossing: Crossing
  /** When the story begins; epoch milliseconds. */
  readonly start: number
  /** Whether processes hold leases for their connections, which they must renew. */
  readonly hasLeases: boolean
  setTime(now: number): void
  /** New; the rooms of several study groups where the platform has several. */
  addRoom(): Room
  schedule(room: Room, time: string): Promise<void>
  history(room: Room): readonly Shown[]
  press(by: Member, room: Room, on: Shown, choice: number): Promise<Told>
  ask(by: Member, room: Room, question: Question): Promise<Told>
  /** How the store calls a message, and an account. */
  refOf(on: Shown): string
  accountOf(by: Member): string
  isSend(call: Call): boolean
  /** These are the processes from now on: for whoever deals requests out to them. */
  serve(bots: readonly ControlledProcess[]): void
  /** Resolves when everything that people do reaches one of so many processes. */
  ready(processes: number): Promise<void>
  /** Answers that were refused since another process had given one. */
  doubled(): number
  close(): Promise<void>
}

/** Whether a button chooses this answer of a posted question. */
export function isChoice(actionId: string | null | undefined, choice: number): boolean {
  const action = decodeAction(actionId ?? '')
  return action?.kind === 'quiz.answer' && action.args[1] === String(choice)
}

export const TEXTS: Readonly<Record<Question, readonly [path: string, text: string]>> = {
  lookup: ['aws', '람다'],
  score: ['study', 'score'],
  board: ['study', 'leaderboard'],
  practice: ['study', 'quiz'],
}
