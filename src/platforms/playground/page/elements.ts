// The parts of the page that are there from the beginning, and what the server wrote into it for the scripts.

export const locale = document.documentElement.lang
/** What the page says by itself, in its language. */
export const texts = JSON.parse(document.documentElement.dataset['texts'] ?? '{}') as Record<string, string>

export const messages = element('messages', HTMLOListElement)
export const scroll = element('scroll', HTMLElement)
export const log = element('log', HTMLElement)
export const newer = element('newer', HTMLElement)
export const composer = element('composer', HTMLFormElement)
export const status = element('status', HTMLElement)
export const input = element('line', HTMLInputElement)
export const list = element('completions', HTMLUListElement)

export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`#${id} is missing`)
  return found
}

/** Does what a press of a button asks for; presses that come before it is done do nothing. */
export async function once(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  if (button.getAttribute('aria-busy') === 'true') return
  button.setAttribute('aria-busy', 'true')
  try {
    await work()
  } finally {
    button.removeAttribute('aria-busy')
  }
}
