// Secrets at rest: AES-256-GCM, bound to the connection that they belong to, so that one cannot be put in another's place.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const VERSION = 1
const NONCE = 12
const TAG = 16
/** Version and key id. */
const HEAD = 2

/** What was stored cannot be read: with another key, or changed since. */
export class SealError extends Error {
  override name = 'SealError'
}

/** Tells keys apart, so that a store in the middle of a change of keys can be read. */
function keyId(key: Buffer): number {
  return createHash('sha256').update(key).digest()[0] ?? 0
}

/**
 * @param key 32 bytes
 * @param owner the connection that it belongs to
 */
export function seal(plain: string, key: Buffer, owner: string): string {
  const head = Buffer.from([VERSION, keyId(key)])
  // A random nonce of 96 bits: safe for far more secrets than there are workspaces (NIST SP 800-38D, 8.3).
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.concat([head, Buffer.from(owner)]))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]).toString('base64url')
}

/** @throws {SealError} */
export function unseal(sealed: string, key: Buffer, owner: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const head = bytes.subarray(0, HEAD)
  if (head[0] !== VERSION || bytes.length < HEAD + NONCE + TAG) throw new SealError('it is in no known form')
  if (head[1] !== keyId(key)) throw new SealError('it was sealed with another SECRET_KEY')
  const nonce = bytes.subarray(HEAD, HEAD + NONCE)
  const tag = bytes.subarray(HEAD + NONCE, HEAD + NONCE + TAG)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAAD(Buffer.concat([head, Buffer.from(owner)]))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD + NONCE + TAG)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealError('it was sealed for another connection or with another SECRET_KEY, or was changed', {
      cause: error,
    })
  }
}
