// Completion of the line that is being typed, from the same commands as on the platforms.

import { input, list, locale } from './elements.ts'

type Completion = { line: string; label: string; detail: string }

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

export function close(): void {
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
