// Uploads: one for each workspace, kept while Slack may still be looking it through.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPictures, type Pictures } from '../../../src/platforms/slack/files.ts'
import { oneWorkspace } from '../../../src/platforms/slack/workspaces.ts'
import type { Store } from '../../../src/store/open.ts'
import { connectionOpened } from '../../../src/study/connections.ts'
import { present } from '../../support/builders.ts'
import { CONTENT, library, memoryStore, silent } from '../../support/world.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const MINUTE = 60_000
const images = [{ image: present(library.subjects[0]?.diagrams[0]).files.ko }]

let chat: SlackChat
let store: Store
/** By a clock that nobody sets, in milliseconds. */
let now: number
beforeEach(async () => {
  chat = await openSlackChat()
  store = await memoryStore()
  now = 0
  const { id, name } = chat.workspace
  await connectionOpened(store, { platform: 'slack', id, name }, 0)
})
afterEach(async () => {
  await store.close()
  await chat.close()
})

const start = (): Pictures => createPictures({ store, root: CONTENT, log: silent, steady: () => now })
const uploads = (): number => chat.sim.files.length

async function files(pictures: Pictures) {
  const { workspace, sim } = chat
  const { only } = await oneWorkspace(workspace.botToken, sim.apiUrl, silent, new AbortController().signal)
  return pictures.ready(only, images, 5000)
}

describe('an upload that Slack refuses', () => {
  it('is kept while it is young: Slack may be looking it through', async () => {
    const pictures = start()
    for (const minute of [0, 3, 9]) {
      now = minute * MINUTE
      await pictures.refused(await files(pictures))
    }
    expect(uploads()).toBe(1)
  })

  it('is made anew once it is old', async () => {
    const pictures = start()
    const first = await files(pictures)
    now = 10 * MINUTE
    await pictures.refused(first)
    expect(await files(pictures)).not.toEqual(first)
    expect(uploads()).toBe(2)
  })

  it('is made anew when another process made it', async () => {
    const first = await files(start())
    const pictures = start()
    expect(await files(pictures)).toEqual(first)
    await pictures.refused(first)
    await files(pictures)
    expect(uploads()).toBe(2)
  })
})
