// What can be wrong with the store itself, as opposed to a query.

export type StoreErrorKind =
  | 'full'
  | 'read-only'
  | 'locked'
  | 'in-use'
  | 'corrupt'
  | 'foreign'
  | 'newer'
  | 'unavailable'

const MESSAGES: Readonly<Record<StoreErrorKind, (where: string) => string>> = {
  full: (where) => `The disk that holds ${where} is full. Free some space; nothing that was confirmed is lost.`,
  'read-only': (where) => `${where} cannot be written. Check the permissions of the file and its folder.`,
  locked: (where) => `${where} is locked by another program. Close it, or wait until it is done.`,
  'in-use': (where) =>
    `${where} is in use by another running bot. Stop that one first, or give this one another DATABASE_URL.`,
  corrupt: (where) =>
    `${where} is damaged or not a database. Restore it from a backup, or move it away to start afresh.`,
  foreign: (where) => `${where} is a database of another program. Give the bot a file of its own with DATABASE_URL.`,
  newer: (where) =>
    `${where} was written by a newer version of the bot. Start that version, or restore a backup from before the upgrade.`,
  unavailable: (where) => `${where} cannot be opened, read or written. Check that its folder exists and is writable.`,
}

export class StoreError extends Error {
  override name = 'StoreError'
  readonly kind: StoreErrorKind
  /** @param where the file or server, without credentials */
  constructor(kind: StoreErrorKind, where: string, options?: ErrorOptions) {
    super(MESSAGES[kind](where), options)
    this.kind = kind
  }
}
