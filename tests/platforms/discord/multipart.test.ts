// What is written by hand must be read by others as the form it was.

import { expect, it } from 'vitest'
import { inOnePiece } from '../../../src/platforms/discord/multipart.ts'

type Init = Parameters<typeof inOnePiece>[0]

/** To the compiler there are two kinds of FormData: Node's, and that of the undici which discord.js brings along. */
const withForm = (form: FormData): Init => ({
  method: 'POST',
  headers: { authorization: 'Bot x' },
  body: form as unknown as NonNullable<Init['body']>,
})

const picture = new Uint8Array(Array.from({ length: 70_000 }, (_, i) => (i % 2 === 0 ? 0x0d : 0x0a)))

async function readBack(init: Init): Promise<FormData> {
  const headers = init.headers as Record<string, string>
  expect(init.body).toBeInstanceOf(Buffer)
  return new Response(new Uint8Array(init.body as Buffer), { headers }).formData()
}

it('a form is the same form after it', async () => {
  const form = new FormData()
  form.append('files[0]', new Blob([picture], { type: 'image/png' }), '그림 "1".png')
  form.append('files[1]', new Blob([new Uint8Array()], { type: 'image/png' }), 'empty.png')
  form.append('payload_json', JSON.stringify({ content: '가용 영역\r\n--x' }))
  const sent = await inOnePiece(withForm(form))

  const read = await readBack(sent)
  expect([...read.keys()]).toEqual(['files[0]', 'files[1]', 'payload_json'])
  expect(read.get('payload_json')).toBe(form.get('payload_json'))
  const [first, second] = [read.get('files[0]') as File, read.get('files[1]') as File]
  expect([first.name, first.type, second.name, second.size]).toEqual(['그림 "1".png', 'image/png', 'empty.png', 0])
  expect(Buffer.from(await first.arrayBuffer()).equals(picture)).toBe(true)
  expect(sent).toMatchObject({ method: 'POST', headers: { authorization: 'Bot x' } })
})

it('a boundary is not used twice', async () => {
  const types = [new FormData(), new FormData()].map(async (form) => (await inOnePiece(withForm(form))).headers)
  const [one, other] = await Promise.all(types)
  expect(one).not.toEqual(other)
})

it('what is no form stays as it is', async () => {
  const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  expect(await inOnePiece(init)).toBe(init)
})
