// Talks to a running playground the way its page does.

export type Reply = { visibility: 'public' | 'private'; mode?: string; html?: string; id?: string }

export async function post(
  url: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify({ member: 'minji', locale: 'ko', ...body }),
  })
}

/** Sends a line and returns the reply. */
export async function say(url: string, line: string, as: { member?: string; locale?: string } = {}): Promise<Reply> {
  const response = await post(url, '/api/command', { line, ...as })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Reply
}

/** Presses a button by its action id and returns the reply. */
export async function press(
  url: string,
  action: string,
  as: { member?: string; locale?: string; picked?: string } = {},
): Promise<Reply> {
  const response = await post(url, '/api/action', { action, ...as })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Reply
}

/** What a person reads of some HTML, its spaces folded. */
export function textOf(html: string | undefined): string {
  return (html ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The action ids of some HTML, in order. */
export function actionsOf(html: string | undefined): string[] {
  return [...(html ?? '').matchAll(/data-action="([^"]+)"/g)].flatMap((match) => match[1] ?? [])
}

/** The messages of the channel, as the page gets them when it connects. */
export async function history(url: string): Promise<{ id: string; html: string; edited: boolean }[]> {
  const response = await fetch(`${url}/events?lang=ko`)
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) throw new Error('the stream ended before the history')
    text += decoder.decode(chunk.value, { stream: true })
    const data = /event: history\ndata: (.*)\n\n/.exec(text)?.[1]
    if (data) {
      await reader?.cancel()
      return JSON.parse(data)
    }
  }
}
