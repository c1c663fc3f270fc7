// What people do on Discord, taken in and answered: what is particular to how Discord tells it.

import { describe, expect, it } from 'vitest'
import type { Member } from '../../journeys/chat.ts'
import { present } from '../../support/builders.ts'
import { library } from '../../support/world.ts'
import { startDiscordBot } from './bot.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }

describe('a picture that cannot be read', () => {
  const diagram = present(library.subjects[0]?.diagrams[0])

  it('is described instead: the answer comes all the same, and the log tells which it was', async () => {
    const { chat, logged } = await startDiscordBot('/nonexistent')
    const { text, message } = await chat.command(minji, 'aws', { query: present(diagram.topics[0]) })
    expect(text).toContain(diagram.alt.ko)
    expect(JSON.stringify(message)).not.toMatch(/\.png/)
    const told = logged().filter(({ level }) => level === 50)
    expect(told).toMatchObject([{ image: diagram.files.ko, err: { code: 'ENOENT' } }])
  })

  it('is shown where it can be read', async () => {
    const { chat } = await startDiscordBot()
    const { message } = await chat.command(minji, 'aws', { query: present(diagram.topics[0]) })
    expect(JSON.stringify(message)).toMatch(/\.png/)
  })
})
