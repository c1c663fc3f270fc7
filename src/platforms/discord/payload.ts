// Rendered message → what discord.js sends: components, pictures, and nobody mentioned.

import * as fs from 'node:fs/promises'
import { MessageFlags } from 'discord.js'
import { imageName, type Rendered } from './render.ts'

/** Reads a picture by its path below the content folder. */
export type Files = (image: string) => Promise<Buffer>

/** The pictures of the content, each read once. */
export function createFiles(root: string): Files {
  const known = new Map<string, Promise<Buffer>>()
  return (image) => {
    const file = known.get(image) ?? fs.readFile(`${root}/${image}`)
    known.set(image, file)
    // What could not be read once may be there the next time.
    file.catch(() => known.delete(image))
    return file
  }
}

export async function toPayload({ components, images }: Rendered, files: Files) {
  return {
    flags: MessageFlags.IsComponentsV2 as const,
    components,
    files: await Promise.all(images.map(async (image) => ({ name: imageName(image), attachment: await files(image) }))),
    allowedMentions: { parse: [] },
  }
}
