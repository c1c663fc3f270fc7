// Card → what discord.js sends: components, pictures, and nobody mentioned.

import * as fs from 'node:fs/promises'
import { MessageFlags, type RESTPostAPIChannelMessageJSONBody } from 'discord.js'
import type { Logger } from 'pino'
import type { Card } from '../../chat/card.ts'
import { imageName, type Rendered, render, withoutPictures } from './render.ts'

/** Reads a picture by its path below the content folder; undefined, and in the log, when it cannot be read. */
export type Files = (image: string) => Promise<Buffer | undefined>

/** The pictures of the content, each read once. */
export function createFiles(root: string, log: Logger): Files {
  const known = new Map<string, Promise<Buffer | undefined>>()
  return (image) => {
    const file = known.get(image) ?? read(image)
    known.set(image, file)
    return file
  }

  async function read(image: string): Promise<Buffer | undefined> {
    try {
      return await fs.readFile(`${root}/${image}`)
    } catch (error) {
      // What could not be read once may be there the next time.
      known.delete(image)
      log.error({ err: error, image, platform: 'discord' }, 'a picture cannot be read: its description is shown')
      return undefined
    }
  }
}

/** One message, with what its pictures hold. */
export type Message = {
  readonly components: Rendered['components']
  readonly pictures: readonly { readonly name: string; readonly data: Buffer }[]
}

/** The messages of a card. Where a picture of it cannot be read, descriptions stand in for all: an answer is due in any case. */
export async function messagesOf(card: Card, files: Files): Promise<Message[]> {
  const messages: Message[] = []
  for (const { components, images } of render(card)) {
    const read = await Promise.all(images.map(async (image) => ({ name: imageName(image), data: await files(image) })))
    const pictures = read.flatMap(({ name, data }) => (data ? [{ name, data }] : []))
    if (pictures.length < images.length) return messagesOf(withoutPictures(card), files)
    messages.push({ components, pictures })
  }
  return messages
}

/** What a request without discord.js's own structures carries, but for the pictures themselves. */
export function toBody({ components, pictures }: Message): RESTPostAPIChannelMessageJSONBody {
  return {
    flags: MessageFlags.IsComponentsV2,
    components,
    allowed_mentions: { parse: [] },
    ...(pictures.length === 0
      ? {}
      : { attachments: pictures.map(({ name }, id) => ({ id: String(id), filename: name })) }),
  }
}

export function toPayload({ components, pictures }: Message) {
  return {
    flags: MessageFlags.IsComponentsV2 as const,
    components,
    files: pictures.map(({ name, data }) => ({ name, attachment: data })),
    allowedMentions: { parse: [] },
  }
}
