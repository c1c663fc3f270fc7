// What is asked of the bot, and what the page says about it at its foot.

import { locale, status, texts } from './elements.ts'
import { currentMember } from './member.ts'

/** How many answers are still to come. */
let awaited = 0

/** Posts something of the present member's; undefined when that failed, which the visitor is told. */
export async function post<T>(path: string, body: object): Promise<T | undefined> {
  awaited += 1
  say(texts['sending'] ?? '')
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ member: currentMember(), locale, ...body }),
    })
    if (!response.ok) throw new Error(String(response.status))
    const answer = (await response.json()) as T
    // Of two only the last one has nothing more to say, and that one failed stays until something is sent again.
    if (awaited === 1 && !isError()) say('')
    return answer
  } catch {
    say(texts['failed'] ?? '', true)
    return undefined
  } finally {
    awaited -= 1
  }
}

function isError(): boolean {
  return status.classList.contains('error')
}

export function say(text: string, asError = false): void {
  // The browser tries to connect every few seconds: that it is still without a connection is not read out each time.
  if (status.textContent !== text) status.textContent = text
  status.classList.toggle('error', asError)
}
