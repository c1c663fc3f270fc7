// Follows the channel: what was posted, what was edited, and the clock.

import { setClock } from './clock.ts'
import { texts } from './elements.ts'
import { type Shown, showHistory, showInChannel } from './messages.ts'
import { say } from './request.ts'

let stream: EventSource | undefined
let wasLost = false

/** Opens the one stream of this page, in place of any before it. */
function follow(): void {
  stream?.close()
  const events = new EventSource('/events')
  stream = events
  events.addEventListener('history', (event) => {
    showHistory(JSON.parse(event.data) as Shown[])
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
