// What the bot's clock shows, and setting it forward where that can be done; when a message came.

import { locale, messages, once, texts } from './elements.ts'
import { post } from './request.ts'

const time: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' }
const dateAndTime: Intl.DateTimeFormatOptions = { ...time, month: 'short', day: 'numeric', weekday: 'short' }

/** As in the bot's cards: midnight is 오전 0:00 in Korean. */
function inWords(at: number, style: Intl.DateTimeFormatOptions): string {
  const fromZero = locale === 'ko' && new Date(at).getHours() === 0 ? { hourCycle: 'h11' as const } : {}
  return new Intl.DateTimeFormat(locale, { ...style, ...fromZero }).format(at)
}

/** How far the bot's clock is ahead of this computer's, in milliseconds: of one that cannot be set, not at all. */
let ahead = 0
const botNow = (): number => Date.now() + ahead
const dayOf = (at: number): string => new Date(at).toDateString()

function whenText(at: number): string {
  return inWords(at, dayOf(at) === dayOf(botNow()) ? time : dateAndTime)
}

/** Writes when a message came: of another day than the bot's today, with its date. */
export function writeWhen(when: HTMLTimeElement): void {
  const edited = when.dataset['edited'] === 'true' ? ` ${texts['edited'] ?? ''}` : ''
  when.textContent = whenText(Date.parse(when.dateTime)) + edited
}

const clock = document.querySelector<HTMLOutputElement>('#clock')

const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
/** The day whose messages show their time alone. */
let today = dayOf(botNow())

export function setClock(now: number): void {
  ahead = now - Date.now()
  showClock()
}

function showClock(): void {
  const now = botNow()
  // With the zone: schedules have their own, which may be another than the visitor's.
  const name = zone.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const text = `${inWords(now, dateAndTime)} ${name}`.trim()
  if (clock && clock.textContent !== text) clock.textContent = text
  if (dayOf(now) === today) return
  today = dayOf(now)
  for (const when of messages.querySelectorAll<HTMLTimeElement>('.head time')) writeWhen(when)
}
if (clock) setClock(Number(clock.dataset['now']))
setInterval(showClock, 1000)

async function skip(hours: number): Promise<void> {
  // Where it leads is read out; each minute that goes by is not.
  clock?.setAttribute('aria-live', 'polite')
  const answer = await post<{ now: number }>('/api/clock', { hours })
  if (answer) setClock(answer.now)
  setTimeout(() => clock?.setAttribute('aria-live', 'off'), 1000)
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-skip]')) {
  button.addEventListener('click', () => void once(button, () => skip(Number(button.dataset['skip']))))
}
