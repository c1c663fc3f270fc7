// Queries: pictures that were uploaded to a connection.

import type { Db } from './tables.ts'

export type Upload = { readonly image: string; readonly digest: string; readonly fileId: string }

export async function uploadsOf(
  db: Db,
  platform: string,
  external: string,
  images: readonly string[],
): Promise<Upload[]> {
  if (images.length === 0) return []
  const rows = await db
    .selectFrom('upload')
    .innerJoin('connection', 'connection.id', 'upload.connection_id')
    .select(['upload.image', 'upload.digest', 'upload.file_id'])
    .where('connection.platform', '=', platform)
    .where('connection.external_id', '=', external)
    .where('upload.image', 'in', images)
    .execute()
  return rows.map(({ image, digest, file_id }) => ({ image, digest, fileId: file_id }))
}

/** Remembers an upload; does nothing for a connection that is not there. */
export async function putUpload(tx: Db, platform: string, external: string, upload: Upload): Promise<void> {
  const connection = await tx
    .selectFrom('connection')
    .select('id')
    .where('platform', '=', platform)
    .where('external_id', '=', external)
    .executeTakeFirst()
  if (!connection) return
  const { image, digest, fileId: file_id } = upload
  await tx
    .insertInto('upload')
    .values({ connection_id: connection.id, image, digest, file_id })
    .onConflict((oc) => oc.columns(['connection_id', 'image']).doUpdateSet({ digest, file_id }))
    .execute()
}

/** Forgets an upload that the platform does not know any more. */
export async function dropUpload(tx: Db, fileId: string): Promise<void> {
  await tx.deleteFrom('upload').where('file_id', '=', fileId).execute()
}
