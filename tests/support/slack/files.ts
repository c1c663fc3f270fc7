// Uploads in three steps: ask for a URL, send the bytes, complete. docs.slack.dev/messaging/working-with-files

import { needed, textOf } from './args.ts'
import { addMessage, contentOf, postable } from './messages.ts'
import { Refusal } from './refusal.ts'
import type { Json, UploadedFile } from './types.ts'
import { newId, type Token, type World } from './world.ts'

export function getUploadUrl(world: World, args: Json, token: Token): Json {
  const name = needed(args, 'filename')
  const length = Number(needed(args, 'length'))
  if (!Number.isInteger(length) || length < 1) throw new Refusal('invalid_arguments')
  const altText = textOf(args, 'alt_txt') ?? textOf(args, 'alt_text')
  const id = newId('F')
  const upload = { id, workspace: token.workspace, name, length }
  world.uploads.set(id, altText === undefined ? upload : { ...upload, altText })
  return { upload_url: `${world.origin}/upload/v1/${id}`, file_id: id }
}

/** The bytes: raw, or in a multipart form. Throws on an unknown URL or another length than was announced. */
export async function receiveUpload(world: World, id: string, body: Buffer, contentType: string): Promise<string> {
  const upload = world.uploads.get(id)
  if (!upload) throw new Refusal('invalid_upload_url')
  const bytes = contentType.startsWith('multipart/form-data') ? await fileIn(body, contentType) : body
  if (bytes.length !== upload.length) throw new Refusal('length_mismatch')
  world.received.set(id, bytes)
  return `OK - ${bytes.length}`
}

async function fileIn(body: Buffer, contentType: string): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  for (const value of form.values()) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer())
  throw new Refusal('no_file_data')
}

export function completeUpload(world: World, args: Json, token: Token): Json {
  const wanted = args['files']
  if (!Array.isArray(wanted) || wanted.length === 0) throw new Refusal('invalid_arguments')
  const channelId = textOf(args, 'channel_id')
  const channel = channelId === undefined ? undefined : postable(world, token, channelId)
  const files = (wanted as { id?: string; title?: string }[]).map(({ id = '', title }): UploadedFile => {
    const [upload, bytes] = [world.uploads.get(id), world.received.get(id)]
    if (!upload || !bytes || upload.workspace !== token.workspace) throw new Refusal('file_not_found')
    return {
      id,
      workspace: upload.workspace,
      name: upload.name,
      size: bytes.length,
      title: title ?? upload.name,
      altText: upload.altText,
      mimetype: mimeOf(upload.name),
      url: `https://files.slack.com/files-pri/${upload.workspace}-${id}/${upload.name}`,
      channels: channel ? [channel.id] : [],
      bytes,
      completedAt: Date.now(),
    }
  })
  for (const file of files) {
    world.files.set(file.id, file)
    world.uploads.delete(file.id)
  }
  if (channel) {
    const comment = textOf(args, 'initial_comment') ?? files.map(({ title }) => title).join()
    const content = contentOf(world, channel.workspace, { text: comment, thread_ts: args['thread_ts'] })
    addMessage(
      world,
      channel,
      content,
      files.map(({ id }) => id),
    )
  }
  return { files: files.map(described) }
}

export function filesInfo(world: World, args: Json, token: Token): Json {
  const file = world.files.get(needed(args, 'file', 'file_not_found'))
  if (!file || file.workspace !== token.workspace) throw new Refusal('file_not_found')
  return { file: described(file), comments: [], response_metadata: { next_cursor: '' } }
}

function described({ id, name, title, mimetype, size, url, channels, altText }: UploadedFile): Json {
  const links = { url_private: url, url_private_download: url.replace('files-pri', 'files-pri/download') }
  return { id, name, title, mimetype, size, ...links, channels, ...(altText && { alt_txt: altText }) }
}

function mimeOf(name: string): string {
  const types: Record<string, string> = { png: 'image/png', svg: 'image/svg+xml', jpg: 'image/jpeg', txt: 'text/plain' }
  return types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
}
