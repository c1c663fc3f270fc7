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
  // What one member was told privately is not for the next one's eyes.
  for (const item of messages.querySelectorAll<HTMLElement>('[data-for]')) item.hidden = item.dataset['for'] !== id
  toEnd()
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
/** What the bot's clock shows; the computer's own where it cannot be set. */
let botNow = Date.now()

function whenText(at: number): string {
  const isToday = new Date(at).toDateString() === new Date(botNow).toDateString()
  return (isToday ? time : dateAndTime).format(at)
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
  when.textContent = whenText(at) + (edited ? ` ${texts['edited'] ?? ''}` : '')
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

/** Shows a channel message: in place when it is already there, so that an edit or a repeated history adds nothing. */
const shownHtml = new Map<string, string>()

function showInChannel({ id, at, edited, html }: Shown): void {
  // A reconnect repeats the history; what has not changed keeps its focus and is not read out again.
  if (shownHtml.get(id) === html) return
  shownHtml.set(id, html)
  const item = messageItem(at, edited, html)
  item.dataset['message'] = id
  const present = messages.querySelector(`[data-message="${CSS.escape(id)}"]`)
  if (present) present.replaceWith(item)
  else {
    messages.append(item)
    toEnd()
  }
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
  if (old) {
    old.replaceWith(item)
    const pressed = source instanceof HTMLElement ? source.dataset['action'] : undefined
    const same = [...item.querySelectorAll<HTMLElement>('button')].find(
      (button) => button.dataset['action'] === pressed,
    )
    const heading = item.querySelector<HTMLElement>('h3')
    heading?.setAttribute('tabindex', '-1')
    ;(same ?? heading)?.focus()
  } else {
    messages.append(item)
    item.scrollIntoView({ block: 'nearest', behavior: motion() })
    toEnd()
  }
}

function motion(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
}

function toEnd(): void {
  const last = [...messages.children].filter((item) => item instanceof HTMLElement && !item.hidden).at(-1)
  if (!last) return
  // A message taller than the window is shown from its beginning.
  const isTall = last.getBoundingClientRect().height > scroll.clientHeight
  last.scrollIntoView({ block: isTall ? 'start' : 'end', behavior: motion() })
}

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
  status.textContent = text
  status.classList.toggle('error', isError)
}

async function sendLine(line: string): Promise<void> {
  const asked = member
  const answer = await post('/api/command', { line })
  if (answer?.visibility === 'private') showPrivately(answer, asked, line, undefined)
  // What could not be sent is not lost: it goes back to where it was typed, unless something else is there already.
  else if (!answer && input.value === '') input.value = line
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
  if (answer?.visibility === 'private') showPrivately(answer, asked, undefined, button)
})

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-line]')) {
  button.addEventListener('click', () => void sendLine(button.dataset['line'] ?? ''))
}

element('composer', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const line = input.value.trim()
  if (line === '') return input.focus()
  input.value = ''
  close()
  void sendLine(line.startsWith('/') ? line : `/aws ${line}`)
})

// ── The clock, where it can be set ──────────────────────────────────────────────────────────────────────────────────

const clock = document.querySelector<HTMLOutputElement>('#clock')

function showClock(now: number): void {
  botNow = now
  // With the zone: schedules have their own, which may be another than the visitor's.
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(now)
  const name = zone.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  if (clock) clock.textContent = `${dateAndTime.format(now)} ${name}`.trim()
}
if (clock) showClock(Number(clock.dataset['now']))

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-skip]')) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return
    button.setAttribute('aria-busy', 'true')
    const answer = await post<{ now: number }>('/api/clock', { hours: Number(button.dataset['skip']) })
    button.removeAttribute('aria-busy')
    if (answer) showClock(answer.now)
  })
}

// ── Completion ──────────────────────────────────────────────────────────────────────────────────────────────────────

let completions: Completion[] = []
let active = -1
let asked = new AbortController()

async function suggest(): Promise<void> {
  asked.abort()
  asked = new AbortController()
  // A line without a slash is a lookup, and is completed as one.
  const line = input.value === '' || input.value.startsWith('/') ? input.value : `/aws ${input.value}`
  if (line === '') return close()
  try {
    const response = await fetch(`/api/complete?${new URLSearchParams({ locale, line })}`, { signal: asked.signal })
    const { items } = (await response.json()) as { items: Completion[] }
    completions = items
    draw(-1)
  } catch {
    // Overtaken by the next keystroke, or the server is away; the message box works without completion.
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
  const events = new EventSource(`/events?${new URLSearchParams({ lang: locale })}`)
  stream = events
  events.addEventListener('history', (event) => {
    for (const message of JSON.parse(event.data) as Shown[]) showInChannel(message)
    if (wasLost) say(texts['online'] ?? '')
    wasLost = false
  })
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
