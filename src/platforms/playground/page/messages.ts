// The messages: what came by the channel, and what one member was told privately.

import { writeWhen } from './clock.ts'
import { messages, newer, texts } from './elements.ts'
import { currentMember, nameOf } from './member.ts'
import { isFollowing, keepQuiet, titleOf, toEnd } from './reading.ts'

export type Shown = { id: string; html: string; at: number; edited: boolean }
export type Answer =
  | { visibility: 'public'; id: string }
  | { visibility: 'private'; mode: 'new' | 'update'; html: string; at: number }

/** The bot's HTML, which the server made and escaped. */
function fill(target: HTMLElement, html: string): void {
  target.innerHTML = html
}

function messageItem(at: number, edited: boolean, html: string): HTMLLIElement {
  const item = document.createElement('li')
  item.className = 'message'
  const head = document.createElement('div')
  head.className = 'head'
  const name = document.createElement('strong')
  name.textContent = texts['bot'] ?? ''
  const tag = document.createElement('span')
  tag.className = 'tag'
  tag.textContent = texts['botTag'] ?? ''
  const when = document.createElement('time')
  when.dateTime = new Date(at).toISOString()
  when.dataset['edited'] = String(edited)
  writeWhen(when)
  head.append(name, tag, when)
  const body = document.createElement('div')
  body.className = 'body'
  fill(body, html)
  const avatar = document.createElement('img')
  avatar.src = '/icon.svg'
  avatar.alt = ''
  avatar.className = 'bot-avatar'
  const content = document.createElement('div')
  content.className = 'content'
  content.append(head, body)
  item.append(avatar, content)
  return item
}

/** What the channel's messages look like, by their ids. */
const shownHtml = new Map<string, string>()
/** Messages that this page had posted, and which have not come by the channel yet. */
const awaited = new Set<string>()

/**
 * Puts a channel message where it belongs: in its own place when it is already there, so that an edit or a repeated history adds nothing.
 *
 * @returns whether it was added at the end
 */
function place({ id, at, edited, html }: Shown): boolean {
  // A reconnect repeats the history; what has not changed keeps its focus and is not read out again.
  if (shownHtml.get(id) === html) return false
  shownHtml.set(id, html)
  const item = messageItem(at, edited, html)
  item.dataset['message'] = id
  const present = messages.querySelector(`[data-message="${CSS.escape(id)}"]`)
  if (present) replaceMessage(present, item)
  else messages.append(item)
  return !present
}

export function showInChannel(message: Shown): void {
  const follows = isFollowing()
  if (!place(message)) return
  if (awaited.delete(message.id) || follows) toEnd()
  // Whoever reads older messages goes on reading.
  else newer.hidden = false
}

/** The channel as it was when the page was opened is shown at its end at once, and not read out from its beginning. */
export function showHistory(history: readonly Shown[]): void {
  if (shownHtml.size > 0) {
    for (const message of history) showInChannel(message)
    return
  }
  for (const message of history) place(message)
  toEnd('auto')
  keepQuiet()
}

/**
 * Puts the next version of a message in its place. The focus stays at the same control, or goes to the title where that is no more.
 *
 * @param pressed what led to the new version; not every browser gives the focus to what is clicked
 */
function replaceMessage(old: Element, item: HTMLElement, pressed?: Element): void {
  const focused = document.activeElement
  const isFree = focused === null || focused === document.body
  const from = focused && old.contains(focused) ? focused : isFree ? pressed : undefined
  old.replaceWith(item)
  if (!(from instanceof HTMLElement)) return
  const controls = [...item.querySelectorAll<HTMLElement>('button, a, summary')]
  const same = controls.find((control) => identityOf(control) === identityOf(from))
  // What was picked from a list is hidden in the next version, where the list is closed.
  const target = same?.closest('details')?.querySelector('summary') ?? same ?? titleOf(item)
  // An edit that comes by itself leaves the window where it is.
  target?.focus({ preventScroll: pressed === undefined })
}

/** What a control is known by in another version of its message. */
function identityOf(control: HTMLElement): string {
  const { action, picked } = control.dataset
  return JSON.stringify([action ?? control.textContent, picked])
}

function showPrivately(
  answer: { html: string; at: number; mode: string },
  asked: string,
  line: string | undefined,
  source: Element | undefined,
): void {
  const item = messageItem(answer.at, false, answer.html)
  item.classList.add('private')
  // Whoever asked may have been switched away from while the answer was under way.
  item.dataset['for'] = asked
  item.hidden = asked !== currentMember()
  const badge = document.createElement('p')
  badge.className = 'badge'
  badge.textContent = texts['private'] ?? ''
  item.querySelector('.content')?.append(badge)
  if (line !== undefined) {
    const used = document.createElement('p')
    used.className = 'used'
    const code = document.createElement('code')
    code.textContent = line.length > 80 ? `${line.slice(0, 79)}…` : line
    used.append(`${nameOf(asked)} · `, code)
    item.querySelector('.content')?.prepend(used)
  }
  const old = answer.mode === 'update' ? source?.closest('.message.private') : undefined
  if (old) replaceMessage(old, item, source)
  else {
    messages.append(item)
    if (asked === currentMember()) toEnd()
  }
}

/** Shows what came back. A public answer comes by the channel, where its own page goes along with it. */
export function show(answer: Answer, asked: string, line: string | undefined, source: Element | undefined): void {
  if (answer.visibility === 'private') showPrivately(answer, asked, line, source)
  else if (shownHtml.has(answer.id)) toEnd()
  else awaited.add(answer.id)
}
