// What the faults need of a simulated platform, whichever it is.

import type { Chat, Member, Shown } from '../journeys/chat.ts'
import type { Answer, Call, Crossing } from './crossing.ts'

/** A platform with everything that the faults need of it. Its bot reaches it through the crossing. */
export type Ground = {
  readonly chat: Chat
  readonly crossing: Crossing
  /** When the story begins; epoch milliseconds. */
  readonly start: number
  /** Sets the platform's clock, where it has one of its own. */
  setTime(now: number): void
  /** A new channel that the bot may post to; its id. */
  addChannel(name: string): string
  /** A channel as a command's option wants it. */
  option(channel: string): string
  /** The messages of a channel, oldest first. */
  history(channel: string): readonly Shown[]
  press(by: Member, channel: string, on: Shown, label: string): Promise<Shown>
  /** What the bot told a person directly. */
  told(member: Member): readonly string[]
  /** How the store calls a message. */
  refOf(message: Shown): string
  /** How the store calls a person's account. */
  accountOf(member: Member): string
  /** A request that posts a message, to a channel or to a person. */
  isSend(call: Call): boolean
  isEdit(call: Call): boolean
  /** A request that looks into a channel's history. */
  isFind(call: Call): boolean
  /** How the platform says that it is asked too much, and to come again in so many seconds. */
  tooMany(seconds: number): Answer
  /** What keeps a post from a channel for good. */
  readonly obstacles: readonly Obstacle[]
  /** Breaks the connection over which events come; the platform lets the bot open a new one. */
  dropEvents(): void
  close(): Promise<void>
}

/** Something that happens to a channel, and how it is undone where it can be. */
export type Obstacle = {
  readonly name: string
  /** What the schedule is paused for. */
  readonly reason: 'forbidden' | 'channel-gone'
  /** A channel to which it can happen, when not every one is. */
  readonly addChannel?: (name: string) => string
  readonly happen: (channel: string) => unknown
  readonly undo?: (channel: string) => void
}
