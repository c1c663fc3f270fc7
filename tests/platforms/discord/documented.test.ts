// docs/discord-cards.json: what Discord gets for each kind of card, for whoever wants to see or check it (`npx vitest run documented --update` renews it).

import { MessageFlags } from 'discord.js'
import { expect, it } from 'vitest'
import { imageName, render } from '../../../src/platforms/discord/render.ts'
import { present } from '../../support/builders.ts'
import { postedCards, privateCards } from '../../support/cards.ts'

/** One of each kind, in Korean; the name is the beginning of the card's. */
const KINDS = [
  ...['concept lambda', 'week', 'quiz lambda-', 'closed lambda-'],
  ...['topic region', 'comparison', 'side by side', 'contents', 'not found', 'practice lambda-', 'read lambda-'],
  ...['result lambda-', 'board week members', 'board week teams', 'score', 'teams', 'help', 'forget', 'my data'],
  ...['missed', 'notice'],
]

it('the documented JSON is what the renderer makes', async () => {
  const all = [...postedCards(), ...privateCards('김민지')].filter(([name]) => name.endsWith(' ko'))
  const documented = KINDS.map((kind) => {
    const [name, card] = present(all.find(([each]) => each.startsWith(kind)))
    const [message] = render(card)
    const { components, images } = present(message)
    const attachments = images.map((image, id) => ({ id: String(id), filename: imageName(image) }))
    return {
      card: name,
      body: {
        flags: MessageFlags.IsComponentsV2,
        components,
        allowed_mentions: { parse: [] },
        ...(attachments.length === 0 ? {} : { attachments }),
      },
    }
  })
  expect(new Set(documented.map(({ card }) => card)).size).toBe(KINDS.length)
  await expect(`${JSON.stringify(documented, null, 1)}\n`).toMatchFileSnapshot('../../../docs/discord-cards.json')
})
