// Files of a message: uploads, alt texts and the attachment:// references of components.
// https://docs.discord.com/developers/reference#uploading-files

import { type Component, type Media, walk } from './components.ts'
import type { Form, Path } from './errors.ts'
import { snowflake } from './world.ts'

/** A file of a multipart request, `index` from its field name `files[index]`. */
export type UploadedFile = { index: number; name: string; type: string; bytes: Uint8Array }

export type Attachment = {
  id: string
  filename: string
  size: number
  url: string
  proxy_url: string
  content_type: string
  description?: string
  width?: number
  height?: number
  ephemeral?: boolean
}

export type AttachmentRequest = { id: string | number; filename?: string | null; description?: string | null }

/** Largest file an app may send without boosts. https://docs.discord.com/developers/reference#uploading-files */
export const SIZE_LIMIT = 10 * 1024 * 1024

const PNG = [0x89, 0x50, 0x4e, 0x47]

function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes.length < 24 || !PNG.every((byte, index) => bytes[index] === byte)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Discord keeps letters, digits, `_`, `-` and `.` of a file's name; a reference to any other name finds nothing. */
function storedName(name: string): string {
  return name.replaceAll(/\s/g, '_').replaceAll(/[^\w.-]/g, '')
}

function upload(file: UploadedFile, channelId: string, wanted: AttachmentRequest | undefined): Attachment {
  const id = snowflake()
  const filename = storedName(wanted?.filename ?? file.name)
  const place = `attachments/${channelId}/${id}/${filename}?ex=0&is=0&hm=0`
  return {
    id,
    filename,
    size: file.bytes.length,
    url: `https://cdn.discordapp.com/${place}`,
    proxy_url: `https://media.discordapp.net/${place}`,
    content_type: file.type,
    ...(wanted?.description ? { description: wanted.description } : {}),
    ...pngSize(file.bytes),
  }
}

export type Files = {
  /** All files of the message after the request. */
  readonly kept: Attachment[]
  /** Those a component of the same request may name. */
  readonly byName: ReadonlyMap<string, Attachment>
}

/**
 * The files after a create (`before` empty) or an edit. An edit that lists attachments keeps only those; one that is
 * listed by its id alone can no longer be named by a component (seen in the field, not documented).
 */
export function mergeFiles(
  form: Form,
  path: Path,
  before: readonly Attachment[],
  wanted: readonly AttachmentRequest[] | null | undefined,
  files: readonly UploadedFile[],
  channelId: string,
): Files {
  const list = wanted ?? []
  form.list([...path, 'attachments'], list, 0, 10)
  for (const [index, entry] of list.entries()) {
    const at = [...path, 'attachments', index]
    if (entry.description != null) form.text([...at, 'description'], entry.description, 0, 1024)
    const known =
      before.some(({ id }) => id === String(entry.id)) || files.some((file) => String(file.index) === String(entry.id))
    if (!known) form.add([...at, 'id'], 'ATTACHMENT_NOT_FOUND', 'Attachment not found')
  }
  const entryOf = (id: string) => list.find((entry) => String(entry.id) === id)
  const old = wanted == null ? [...before] : before.filter(({ id }) => entryOf(id))
  const uploads = files.map((file) => upload(file, channelId, entryOf(String(file.index))))
  const nameable = [...old.filter(({ id }) => wanted == null || entryOf(id)?.filename != null), ...uploads]
  return { kept: [...old, ...uploads], byName: new Map(nameable.map((file) => [file.filename, file])) }
}

/**
 * Components as Discord answers them: ids numbered, defaults filled in, media resolved.
 * A reference to a file that was not sent goes into the form.
 */
export function resolveComponents(form: Form, components: readonly Component[], path: Path, files: Files): Component[] {
  const resolved = structuredClone(components) as Component[]
  const taken = new Set([...walk(resolved)].map(([{ id }]) => id))
  let next = 1
  const media = (value: Media, at: Path): Media => {
    const name = /^attachment:\/\/(.*)$/.exec(value.url)?.[1]
    const file = name === undefined ? undefined : files.byName.get(name)
    if (name !== undefined && !file) {
      const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND'
      form.add([...at, 'url'], code, `The referenced attachment was not found: ${name}`)
      return value
    }
    const shared = { id: snowflake(), loading_state: 2, flags: 0 }
    if (!file) return { ...shared, url: value.url, proxy_url: value.url, width: null, height: null, content_type: null }
    const { url, proxy_url, width = null, height = null, content_type } = file
    return { ...shared, url, proxy_url, width, height, content_type, attachment_id: file.id }
  }
  for (const [component, at] of walk(resolved, path)) {
    if (!component.id) {
      while (taken.has(next)) next += 1
      taken.add(next)
      component.id = next
    }
    if (component.type === 3) component.min_values = component.min_values ?? 1
    if (component.type === 3) component.max_values = component.max_values ?? 1
    if (component.type === 14)
      Object.assign(component, { divider: component.divider ?? true, spacing: component.spacing ?? 1 })
    if (component.type === 17) component.accent_color = component.accent_color ?? null
    if ([11, 13, 17].includes(component.type)) component.spoiler = component.spoiler ?? false
    if (component.type === 11) component.description = component.description ?? null
    if (component.media) component.media = media(component.media, [...at, 'media'])
    if (component.file) component.file = media(component.file, [...at, 'file'])
    for (const [index, item] of (component.items ?? []).entries()) {
      item.media = media(item.media, [...at, 'items', index, 'media'])
      item.description = item.description ?? null
      item.spoiler = item.spoiler ?? false
    }
  }
  return resolved
}

function mediaOf(component: Component): Media[] {
  return [component.media, component.file, ...(component.items ?? []).map(({ media }) => media)].filter(
    (one) => one != null,
  )
}

/** The files no component shows: only these are in the message's `attachments`, and nobody sees them with Components V2. */
export function unshown(files: readonly Attachment[], components: readonly Component[]): Attachment[] {
  const shown = new Set(
    [...walk(components)].flatMap(([component]) => mediaOf(component)).map((media) => media['attachment_id']),
  )
  return files.filter(({ id }) => !shown.has(id))
}
