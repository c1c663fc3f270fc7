// The page's behaviour: sends lines and presses, shows what comes back, follows the channel. Served without its types.

type Shown = { id: string; html: string; at: number; edited: boolean }
type Answer =
  | { visibility: 'public'; id: string }
  | { visibility: 'private'; mode: 'new' | 'update'; html: string; at: number }
type Completion = { line: string; label: string; detail: string }

const locale = document.documentElement.lang
const texts = JSON.parse(document.documentElement.dataset['texts'] ?? '{}') as Record<string, string>
const messages = element('messages', HTMLOListElement)
const scroll = element('scroll', HTMLElement)
const log = element('log', HTMLElement)
const newer = element('newer', HTMLElement)
const composer = element('composer', HTMLFormElement)
const status = element('status', HTMLElement)
const input = element('line', HTMLInputElement)
const list = element('completions', HTMLUListElement)

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`#${id} is missing`)
  return found
}

// ── Who, and how it looks ───────────────────────────────────────────────────────────────────────────────────────────

const members = [...document.querySelectorAll<HTMLButtonElement>('[data-member]')]
const known = (id: string | null): id is string => members.some((button) => button.dataset['member'] === id)
const remembered = sessionStorage.getItem('member')
let member = known(remembered) ? remembered : (members[0]?.dataset['member'] ?? '')

function switchMember(id: string): void {
  member = id
  sessionStorage.setItem('member', id)
  for (const button of members) button.setAttribute('aria-pressed', String(button.dataset['member'] === id))
  const follows = isFollowing()
  // What is there again for the next one has been read out before.
  if (messages.childElementCount > 0) keepQuiet()
  // What one member was told privately is not for the next one's eyes.
  for (const item of messages.querySelectorAll<HTMLElement>('[data-for]')) item.hidden = item.dataset['for'] !== id
  if (follows) toEnd()
}
for (const button of members) button.addEventListener('click', () => switchMember(button.dataset['member'] ?? ''))

const themes = [...document.querySelectorAll<HTMLButtonElement>('[data-theme-choice]')]
function setTheme(theme: string): void {
  localStorage.setItem('theme', theme)
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  for (const button of themes) button.setAttribute('aria-pressed', String(button.dataset['themeChoice'] === theme))
}
for (const button of themes) button.addEventListener('click', () => setTheme(button.dataset['themeChoice'] ?? 'auto'))
setTheme(localStorage.getItem('theme') ?? 'auto')

// ── Messages ────────────────────────────────────────────────────────────────────────────────────────────────────────

const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
const dateAndTime = new Intl.DateTimeFormat(locale, {
  month: 'short',
  day: 'numeric',
  weekday: 'short',
  hour: 'numeric',
  minute: '2-digit',
})
/** How far the bot's clock is ahead of this computer's, in milliseconds: of one that cannot be set, not at all. */
let ahead = 0
const botNow = (): number => Date.now() + ahead
const dayOf = (at: number): string => new Date(at).toDateString()

function whenText(at: number): string {
  return (dayOf(at) === dayOf(botNow()) ? time : dateAndTime).format(at)
}

/** Writes when a message came: of another day than the bot's today, with its date. */
function writeWhen(when: HTMLTimeElement): void {
  const edited = when.dataset['edited'] === 'true' ? ` ${texts['edited'] ?? ''}` : ''
  when.textContent = whenText(Date.parse(when.dateTime)) + edited
}

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

function showInChannel(message: Shown): void {
  const follows = isFollowing()
  if (!place(message)) return
  if (awaited.delete(message.id) || follows) toEnd()
  // Whoever reads older messages goes on reading.
  else newer.hidden = false
}

/** The channel as it was when the page was opened: shown at its end at once, and not read out from its beginning. */
function showHistory(history: readonly Shown[]): void {
  for (const message of history) place(message)
  toEnd('auto')
  keepQuiet()
}

let quiet: ReturnType<typeof setTimeout> | undefined

/** Keeps what is shown now from being read out. Browsers tell assistive technology of a change a little later, so it lasts. */
function keepQuiet(): void {
  log.setAttribute('aria-live', 'off')
  clearTimeout(quiet)
  quiet = setTimeout(() => log.setAttribute('aria-live', 'polite'), 1000)
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

/** The title of a message, ready to take the focus. */
function titleOf(item: Element | undefined): HTMLElement | undefined {
  const title = item?.querySelector<HTMLElement>('h3') ?? undefined
  title?.setAttribute('tabindex', '-1')
  return title
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
  item.hidden = asked !== member
  const badge = document.createElement('p')
  badge.className = 'badge'
  badge.textContent = texts['private'] ?? ''
  item.querySelector('.content')?.append(badge)
  if (line !== undefined) {
    const used = document.createElement('p')
    used.className = 'used'
    const who = members.find((button) => button.dataset['member'] === asked)?.querySelector('.name')?.textContent ?? ''
    const code = document.createElement('code')
    code.textContent = line.length > 80 ? `${line.slice(0, 79)}…` : line
    used.append(`${who} · `, code)
    item.querySelector('.content')?.prepend(used)
  }
  const old = answer.mode === 'update' ? source?.closest('.message.private') : undefined
  if (old) replaceMessage(old, item, source)
  else {
    messages.append(item)
    if (asked === member) toEnd()
  }
}

// ── Where the reader is ─────────────────────────────────────────────────────────────────────────────────────────────

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
function isFollowing(): boolean {
  return isOnTheWay || isAtEnd()
}

function toEnd(behavior: ScrollBehavior = motion()): void {
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

// ── Sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function post<T = Answer>(path: string, body: object): Promise<T | undefined> {
  say(texts['sending'] ?? '')
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ member, locale, ...body }),
    })
    if (!response.ok) throw new Error(String(response.status))
    say('')
    return (await response.json()) as T
  } catch {
    say(texts['failed'] ?? '', true)
    return undefined
  }
}

function say(text: string, isError = false): void {
  // The browser tries to connect every few seconds: that it is still without a connection is not read out each time.
  if (status.textContent !== text) status.textContent = text
  status.classList.toggle('error', isError)
}

async function sendLine(line: string): Promise<void> {
  const asked = member
  const answer = await post('/api/command', { line })
  if (answer) show(answer, asked, line, undefined)
  // What could not be sent is not lost: it goes back to where it was typed, unless something else is there already.
  else if (input.value === '') input.value = line
}

/** Shows what came back. A public answer comes by the channel, where its own page goes along with it. */
function show(answer: Answer, asked: string, line: string | undefined, source: Element | undefined): void {
  if (answer.visibility === 'private') showPrivately(answer, asked, line, source)
  else if (shownHtml.has(answer.id)) toEnd()
  else awaited.add(answer.id)
}

messages.addEventListener('click', async (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[data-action]') : null
  if (!button || button.getAttribute('aria-busy') === 'true') return
  button.setAttribute('aria-busy', 'true')
  const asked = member
  const { action, picked } = button.dataset
  const message = button.closest<HTMLElement>('[data-message]')?.dataset['message']
  const answer = await post('/api/action', { action, picked, message })
  button.removeAttribute('aria-busy')
  if (answer) show(answer, asked, undefined, button)
})

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-line]')) {
  button.addEventListener('click', () => void sendLine(button.dataset['line'] ?? ''))
}

composer.addEventListener('submit', (event) => {
  event.preventDefault()
  const line = input.value.trim()
  if (line === '') return input.focus()
  input.value = ''
  close()
  void sendLine(line.startsWith('/') ? line : `/aws ${line}`)
})

// A browser leaves a button that is cut off at the edge of its row as it is. Whoever comes to it with the keyboard sees it whole.
for (const row of document.querySelectorAll('.members, .tries')) {
  row.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
}

// ── The clock, where it can be set ──────────────────────────────────────────────────────────────────────────────────

const clock = document.querySelector<HTMLOutputElement>('#clock')

const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
/** The day whose messages show their time alone. */
let today = dayOf(botNow())

function setClock(now: number): void {
  ahead = now - Date.now()
  showClock()
}

function showClock(): void {
  const now = botNow()
  // With the zone: schedules have their own, which may be another than the visitor's.
  const name = zone.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const text = `${dateAndTime.format(now)} ${name}`.trim()
  if (clock && clock.textContent !== text) clock.textContent = text
  if (dayOf(now) === today) return
  today = dayOf(now)
  for (const when of messages.querySelectorAll<HTMLTimeElement>('.head time')) writeWhen(when)
}
if (clock) setClock(Number(clock.dataset['now']))
setInterval(showClock, 1000)

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-skip]')) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return
    button.setAttribute('aria-busy', 'true')
    // Where it leads is read out; each minute that goes by is not.
    clock?.setAttribute('aria-live', 'polite')
    const answer = await post<{ now: number }>('/api/clock', { hours: Number(button.dataset['skip']) })
    button.removeAttribute('aria-busy')
    if (answer) setClock(answer.now)
    setTimeout(() => clock?.setAttribute('aria-live', 'off'), 1000)
  })
}

// ── Completion ──────────────────────────────────────────────────────────────────────────────────────────────────────

let completions: Completion[] = []
let active = -1
let asked = new AbortController()
/** What the suggestions are for, or will be once they have come; undefined when there are none to come. */
let askedFor: string | undefined

async function suggest(): Promise<void> {
  // The end of a composition changes nothing, but comes as an input: often by the very arrow key that chooses.
  if (input.value === askedFor) return
  askedFor = input.value
  // What was chosen was for the line as it was.
  if (active >= 0) draw(-1)
  asked.abort()
  asked = new AbortController()
  const { signal } = asked
  // A line without a slash is a lookup, and is completed as one.
  const line = input.value === '' || input.value.startsWith('/') ? input.value : `/aws ${input.value}`
  if (line === '') return close()
  try {
    const response = await fetch(`/api/complete?${new URLSearchParams({ locale, line })}`, { signal })
    const { items } = (await response.json()) as { items: Completion[] }
    const chosen = completions[active]?.line
    completions = items
    // Who chose from the list before the answer came keeps it, where it is offered still.
    draw(items.findIndex((item) => item.line === chosen))
  } catch {
    // Overtaken by the next keystroke; or the server is away or refuses, and what it suggested for another line must not be taken for this.
    if (!signal.aborted) close()
  }
}

function draw(next: number): void {
  active = next
  list.hidden = completions.length === 0
  input.setAttribute('aria-expanded', String(!list.hidden))
  list.replaceChildren(
    ...completions.map(({ label, detail }, i) => {
      const option = document.createElement('li')
      option.id = `completion-${i}`
      option.setAttribute('role', 'option')
      option.setAttribute('aria-selected', String(i === active))
      const name = document.createElement('span')
      name.textContent = label
      const what = document.createElement('small')
      what.textContent = detail
      option.append(name, what)
      // A press must not take the focus away from the message box; the click, which assistive technology sends too, accepts.
      option.addEventListener('pointerdown', (event) => event.preventDefault())
      option.addEventListener('click', () => accept(i))
      return option
    }),
  )
  if (active < 0) input.removeAttribute('aria-activedescendant')
  else {
    input.setAttribute('aria-activedescendant', `completion-${active}`)
    list.children[active]?.scrollIntoView({ block: 'nearest' })
  }
}

function accept(index: number): void {
  const completion = completions[index]
  if (!completion) return
  input.value = completion.line
  close()
  // A line that ends in a space goes on.
  if (completion.line.endsWith(' ')) void suggest()
}

function close(): void {
  asked.abort()
  askedFor = undefined
  completions = []
  draw(-1)
}

input.addEventListener('input', () => void suggest())
input.addEventListener('blur', close)
input.addEventListener('keydown', (event) => {
  // While Hangul is being composed, the keys belong to the input method.
  if (event.isComposing || list.hidden) return
  const count = completions.length
  if (event.key === 'ArrowDown') draw((active + 1) % count)
  else if (event.key === 'ArrowUp') draw(active <= 0 ? count - 1 : active - 1)
  else if (event.key === 'Escape') close()
  else if (event.key === 'Tab' && !event.shiftKey && active >= 0) accept(active)
  else if (event.key === 'Enter' && active >= 0) accept(active)
  else return
  event.preventDefault()
})

// ── Following the channel ───────────────────────────────────────────────────────────────────────────────────────────

let stream: EventSource | undefined
let wasLost = false

/** Opens the one stream of this page, in place of any before it. */
function follow(): void {
  stream?.close()
  const events = new EventSource('/events')
  stream = events
  events.addEventListener('history', (event) => {
    const history = JSON.parse(event.data) as Shown[]
    if (shownHtml.size === 0) showHistory(history)
    else for (const message of history) showInChannel(message)
    if (wasLost) say(texts['online'] ?? '')
    wasLost = false
  })
  events.addEventListener('clock', (event) => setClock(Number(event.data)))
  events.addEventListener('message', (event) => showInChannel(JSON.parse(event.data) as Shown))
  events.addEventListener('error', () => {
    wasLost = true
    say(texts['offline'] ?? '', true)
    // The browser tries again by itself, but not after an answer such as 502.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => stream === events && follow(), 3000)
  })
}

// A browser opens six connections to a host at most: a page nobody looks at gives its own back.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return follow()
  stream?.close()
  stream = undefined
})
follow()

switchMember(member)
