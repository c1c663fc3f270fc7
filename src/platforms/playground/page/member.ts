// Which member of the group the visitor is. Kept for this window, so that two windows can be two members.

import { messages } from './elements.ts'
import { isFollowing, keepQuiet, toEnd } from './reading.ts'

const members = [...document.querySelectorAll<HTMLButtonElement>('[data-member]')]
const known = (id: string | null): id is string => members.some((button) => button.dataset['member'] === id)
const remembered = sessionStorage.getItem('member')
let current = known(remembered) ? remembered : (members[0]?.dataset['member'] ?? '')

/** The id of the member that the visitor is now. */
export function currentMember(): string {
  return current
}

/** What a member is called. */
export function nameOf(id: string): string {
  return members.find((button) => button.dataset['member'] === id)?.querySelector('.name')?.textContent ?? ''
}

export function switchMember(id: string): void {
  current = id
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
switchMember(current)
