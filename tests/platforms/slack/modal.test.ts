// An answer in a modal: its pictures in words, and where it goes when the modal cannot hold it.

import { afterEach, describe, expect, it } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import { privately } from '../../../src/chat/invocation.ts'
import { createShow, type Place } from '../../../src/platforms/slack/modal.ts'
import type { Member } from '../../journeys/chat.ts'
import { present } from '../../support/builders.ts'
import type { Element, Outcome, View } from '../../support/slack/types.ts'
import { silent } from '../../support/world.ts'
import { type SlackBot, startSlackBot } from './bot.ts'
import { openSlackChat, type SlackChat } from './chat.ts'

const junho: Member = { id: '2', name: '이준호', locale: 'ko' }
const said = (view: View | undefined): string => JSON.stringify(view?.blocks ?? [])

describe('a picture in a modal', () => {
  let chat: SlackChat
  let bot: SlackBot
  afterEach(async () => {
    await bot.stop()
    await bot.store.close()
    await chat.close()
  })

  /** Two topics side by side, by a form. */
  async function compared(): Promise<View> {
    chat = await openSlackChat()
    bot = await startSlackBot(chat.sim, { workspace: chat.workspace })
    await chat.ready()
    const form = present((await chat.sim.command(chat.person(junho), '/study', 'compare sg')).view)
    const second = present(form.blocks.find(({ block_id }) => block_id === 'second'))['element'] as Element
    const [nacl] = await chat.sim.suggest(chat.person(junho), form, second.action_id, 'nacl')
    const values = { [second.action_id]: present(nacl).value }
    return present((await chat.sim.submitView(chat.person(junho), form, values)).view)
  }

  /** A topic with a picture, in place of the comparison. */
  async function pressed(from: View): Promise<Outcome> {
    const opened = await chat.sim.press(chat.person(junho), from, ({ action_id }) => action_id.startsWith('topic.show'))
    expect(await chat.sim.until(() => opened.view !== undefined && said(opened.view) !== said(from), 8000)).toBe(true)
    return opened
  }

  it('is told in words, and not uploaded: nobody would see the file there', async () => {
    const { view } = await pressed(await compared())
    expect(said(view)).not.toContain('slack_file')
    expect(said(view)).toContain('네트워크 인터페이스의 보안 그룹을 차례로')
    expect(chat.sim.count('files.completeUploadExternal')).toBe(0)
    expect(chat.sim.brokenPictures).toEqual([])
  })
})

describe('a card with more blocks than a modal takes', () => {
  const long: Card = {
    title: '긴 카드',
    accent: 'info',
    blocks: Array.from({ length: 101 }, () => ({ type: 'divider' as const })),
    rows: [],
  }

  it('goes to the messages with the app, and the form closes', async () => {
    const acks: unknown[] = []
    const ways: unknown[] = []
    const deliver = async (_reply: unknown, way: unknown) => void ways.push(way)
    const show = createShow((card) => card, deliver, silent)
    const gate = {
      isOpen: () => true,
      ack: async (answer: unknown) => acks.push(answer) > 0,
      close: () => {},
    }
    const place = { id: 'i', workspace: {}, user: 'U2', view: 'V1', title: '긴 카드', locale: 'ko', gate } as unknown
    await show(privately(long), place as Place)
    expect(acks).toEqual([{ response_action: 'clear' }])
    expect(ways).toMatchObject([{ user: 'U2', responseUrl: undefined }])
  })
})
