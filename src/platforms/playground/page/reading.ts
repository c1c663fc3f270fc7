// Where the reader is, and what is read out: whoever is at the end follows what is new, everybody else stays where they read.

import { composer, element, log, messages, newer, scroll } from './elements.ts'

function motion(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
}

/** How far from the end a reader still counts as being there, in pixels. */
const NEAR = 64
/** Of what shows less of itself than this at the top, nobody reads: about a line, in CSS pixels. */
const LINE = 24

/** On a smooth way to the end: whoever is on it counts as being there. */
let isOnTheWay = false
/** Where the messages began when last looked at, to tell up from down. */
let beginning = 0
/** The message at the top of the window; undefined for a reader at the end. */
let topmost: Element | undefined

function lastShown(): Element | undefined {
  return [...messages.children].filter((item) => item instanceof HTMLElement && !item.hidden).at(-1)
}

/** Where in the window messages are seen. In a low window the page scrolls as a whole, and the message box lies over its end. */
function view(): { top: number; bottom: number } {
  const { top, bottom } = scroll.getBoundingClientRect()
  return { top: Math.max(top, 0), bottom: Math.min(bottom, composer.getBoundingClientRect().top) }
}

function isAtEnd(): boolean {
  const last = lastShown()
  return last === undefined || last.getBoundingClientRect().bottom <= view().bottom + NEAR
}

/** Whether a new message may move the window. Asked before the message is there. */
export function isFollowing(): boolean {
  return isOnTheWay || isAtEnd()
}

export function toEnd(behavior: ScrollBehavior = motion()): void {
  newer.hidden = true
  const last = lastShown()
  if (!last) return
  // A message taller than the window is shown from its beginning.
  const { top, bottom } = view()
  const isTall = last.getBoundingClientRect().height > bottom - top
  last.scrollIntoView({ block: isTall ? 'start' : 'end', behavior })
  isOnTheWay = !isTall && !isAtEnd()
}

// Either the list of messages scrolls or the page; a listener that captures hears of both.
document.addEventListener(
  'scroll',
  () => {
    const { top } = messages.getBoundingClientRect()
    const isThere = isAtEnd()
    if (isThere || top > beginning) isOnTheWay = false
    if (isThere) newer.hidden = true
    beginning = top
    const isInView = (item: Element): boolean => item.getBoundingClientRect().bottom > view().top + LINE
    topmost = isThere ? undefined : [...messages.children].find(isInView)
  },
  { capture: true, passive: true },
)

// A phone that is turned on its side scrolls the page instead of the list, or the other way round: the reader stays at the same message.
let scrolls = getComputedStyle(scroll).overflowY
addEventListener('resize', () => {
  const now = getComputedStyle(scroll).overflowY
  if (now === scrolls) return
  scrolls = now
  if (topmost) topmost.scrollIntoView({ block: 'start' })
  else toEnd('auto')
})

element('to-newer', HTMLButtonElement).addEventListener('click', () => {
  toEnd()
  // The button is gone now; its focus goes where it led.
  titleOf(lastShown())?.focus({ preventScroll: true })
})

/** The title of a message, ready to take the focus. */
export function titleOf(item: Element | undefined): HTMLElement | undefined {
  const title = item?.querySelector<HTMLElement>('h3') ?? undefined
  title?.setAttribute('tabindex', '-1')
  return title
}

let quiet: ReturnType<typeof setTimeout> | undefined

/** Keeps what is shown now from being read out. Browsers tell assistive technology of a change a little later, so it lasts. */
export function keepQuiet(): void {
  log.setAttribute('aria-live', 'off')
  clearTimeout(quiet)
  quiet = setTimeout(() => log.setAttribute('aria-live', 'polite'), 1000)
}
