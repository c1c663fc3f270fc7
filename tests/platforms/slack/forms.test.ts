import { describe, expect, it } from 'vitest'
import { noticeCard } from '../../../src/cards/notice.ts'
import { privately, type Reply } from '../../../src/chat/invocation.ts'
import { createForms } from '../../../src/platforms/slack/forms.ts'
import { silent } from '../../support/world.ts'

const reply = privately(noticeCard('success', 'done', 'done'))

/** Work that counts how often it was begun. */
function counted() {
  const counter = {
    count: 0,
    work: async (): Promise<Reply> => {
      counter.count++
      return reply
    },
  }
  return counter
}

describe('what was filled in', () => {
  it('is done once for each form, while it is done and after', async () => {
    const forms = createForms(silent)
    const work = counted()
    const [first, second] = await Promise.all([forms.once('T1/V1', work.work), forms.once('T1/V1', work.work)])
    expect([first, second, await forms.once('T1/V1', work.work)]).toEqual([reply, reply, reply])
    expect(work.count).toBe(1)
    await forms.once('T1/V2', work.work)
    expect(work.count).toBe(2)
  })

  it('may be done again when it came to nothing', async () => {
    const forms = createForms(silent)
    await expect(forms.once('T1/V1', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await forms.once('T1/V1', async () => reply)).toBe(reply)
  })

  it('is remembered of the thousand forms that were sent last', async () => {
    const forms = createForms(silent)
    const [first, second] = [counted(), counted()]
    await forms.once('first', first.work)
    await forms.once('second', second.work)
    for (let i = 0; i < 999; i++) await forms.once(`other ${i}`, async () => reply)
    await forms.once('second', second.work)
    await forms.once('first', first.work)
    expect([first.count, second.count]).toEqual([2, 1])
  })
})
