// What the visitor does: lines that are typed or clicked, and presses of the bot's buttons.

import { close } from './completion.ts'
import { composer, input, messages, once } from './elements.ts'
import { currentMember } from './member.ts'
import { type Answer, show } from './messages.ts'
import { post } from './request.ts'

async function sendLine(line: string): Promise<void> {
  const asked = currentMember()
  const answer = await post<Answer>('/api/command', { line })
  if (answer) show(answer, asked, line, undefined)
  // What could not be sent is not lost: it goes back to where it was typed, unless something else is there already.
  else if (input.value === '') input.value = line
}

async function press(button: HTMLButtonElement): Promise<void> {
  const asked = currentMember()
  const { action, picked } = button.dataset
  const message = button.closest<HTMLElement>('[data-message]')?.dataset['message']
  const answer = await post<Answer>('/api/action', { action, picked, message })
  if (answer) show(answer, asked, undefined, button)
}

messages.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-action]') : null
  if (button) void once(button, () => press(button))
})

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-line]')) {
  button.addEventListener('click', () => void once(button, () => sendLine(button.dataset['line'] ?? '')))
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
