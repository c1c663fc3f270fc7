// Diagrams: uploaded once for each workspace and shown from there, by chat.postMessage alone: that shares the file with its channel.
// Everywhere else Slack takes an unshared file as well, and shows its reader a broken picture; there the words stand.
// https://docs.slack.dev/messaging/working-with-files#upload and https://github.com/slackapi/bolt-python/issues/1018

import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Store } from '../../store/open.ts'
import { dropUpload, putUpload, uploadsOf } from '../../store/uploads.ts'
import { toPlatformError } from './errors.ts'
import { inFlight } from './in-flight.ts'
import { type Files, NO_FILES } from './render.ts'
import type { Workspace } from './workspaces.ts'

const UPLOAD_TIMEOUT = 10_000
/** How long Slack may look an upload through before one that it still refuses counts as broken. In milliseconds. */
const YOUNG = 10 * 60 * 1000

export type Pictures = {
  /** The files of these pictures, uploading what is missing; a picture that cannot be, or not in `patience` milliseconds, is left out. Never rejects. */
  ready(workspace: Workspace, images: readonly { readonly image: string }[], patience: number): Promise<Files>
  /** Slack refused these: the next time they are uploaded again, but for those that it may be looking through still. Never rejects. */
  refused(files: Files): Promise<void>
}

type Parts = {
  readonly store: Store
  /** The content folder. */
  readonly root: string
  readonly log: Logger
  /** Milliseconds from any moment, by a clock that nobody sets. */
  readonly steady?: () => number
}

export function createPictures({ store, root, log, steady = () => performance.now() }: Parts): Pictures {
  const uploading = inFlight<string>()
  /** When this process uploaded a file, by its id; any other file is old. */
  const uploadedAt = new LRUCache<string, number>({ max: 1000 })

  async function upload(workspace: Workspace, image: string, bytes: Buffer, digest: string) {
    const { read, post } = workspace.clients
    const filename = path.basename(image)
    // Without its words, which stand in the block: files with some were silently not shown to anybody
    // (https://github.com/slackapi/python-slack-sdk/issues/1818).
    const target = await read.files.getUploadURLExternal({ filename, length: bytes.length })
    if (!target.upload_url || !target.file_id) throw new Error('Slack gave no address for an upload')
    const sent = await fetch(target.upload_url, {
      method: 'POST',
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT),
    })
    if (!sent.ok) throw new Error(`the upload was answered with ${sent.status}`)
    await post.files.completeUploadExternal({ files: [{ id: target.file_id, title: filename }] })
    const fileId = target.file_id
    uploadedAt.set(fileId, steady())
    await store.write((tx) => putUpload(tx, 'slack', workspace.team, { image, digest, fileId }))
    return fileId
  }

  /** Two people who ask for the same picture bring one upload. */
  function once(workspace: Workspace, image: string, bytes: Buffer, digest: string): Promise<string> {
    return uploading(`${workspace.team}/${image}`, () => upload(workspace, image, bytes, digest))
  }

  return {
    async ready(workspace, images, patience) {
      if (images.length === 0) return NO_FILES
      const files = new Map<string, string>()
      const late = delay(patience, undefined, { ref: false })
      const wanted = images.map(({ image }) => image)
      const known = await uploadsOf(store.db, 'slack', workspace.team, wanted).catch(() => [])
      for (const { image } of images) {
        try {
          const bytes = await fs.readFile(path.join(root, image))
          const digest = createHash('sha256').update(bytes).digest('hex')
          const found = known.find((each) => each.image === image && each.digest === digest)
          const fileId = found?.fileId ?? (await Promise.race([once(workspace, image, bytes, digest), late]))
          if (fileId !== undefined) files.set(image, fileId)
        } catch (error) {
          log.warn({ image, reason: toPlatformError(error).message }, 'a picture could not be uploaded')
        }
      }
      return files
    },
    async refused(files) {
      for (const id of files.values()) {
        if (steady() - (uploadedAt.get(id) ?? Number.NEGATIVE_INFINITY) < YOUNG) continue
        await store
          .write((tx) => dropUpload(tx, id))
          .catch((error) => log.warn({ err: error }, 'an upload stays noted'))
      }
    },
  }
}
