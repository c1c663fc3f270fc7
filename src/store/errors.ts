// What can be wrong with the store itself, as opposed to a query.

/** After each of these nothing of the transaction was kept, but for `uncertain`: then it may have been. */
export type StoreErrorKind =
  | 'full'
  | 'read-only'
  | 'locked'
  | 'in-use'
  | 'corrupt'
  | 'foreign'
  | 'newer'
  | 'older'
  | 'unavailable'
  | 'unreachable'
  | 'refused'
  | 'no-database'
  | 'forbidden'
  | 'tls'
  | 'busy'
  | 'slow'
  | 'conflict'
  | 'uncertain'

type Sentences = Readonly<Record<StoreErrorKind, (where: string) => string>>

const OF_A_FILE: Pick<
  Sentences,
  | 'full'
  | 'read-only'
  | 'locked'
  | 'in-use'
  | 'corrupt'
  | 'foreign'
  | 'newer'
  | 'older'
  | 'no-database'
  | 'unavailable'
  | 'uncertain'
> = {
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
  older: (where) => `${where} holds no data of this version of the bot yet. Start the bot once, or check the path.`,
  'no-database': (where) => `There is no database at ${where}. Check the path.`,
  unavailable: (where) => `${where} cannot be opened, read or written. Check that its folder exists and is writable.`,
  uncertain: (where) =>
    `The disk did not confirm a change of ${where}: it is stored, but a power cut may undo it. Check the disk; the system's own log says more.`,
}

const OF_A_SERVER: Sentences = {
  full: (where) =>
    `The disk of the PostgreSQL server at ${where} is full. Free some space there; nothing that was confirmed is lost.`,
  'read-only': (where) =>
    `The PostgreSQL server at ${where} takes no writes: it is a standby, or set to read-only. Let DATABASE_URL name the primary server.`,
  locked: (where) => `Something keeps a lock in ${where} for too long. See pg_stat_activity for who holds it.`,
  'in-use': (where) => `${where} is in use by another running bot. Stop that one first.`,
  corrupt: (where) => `The PostgreSQL server finds ${where} damaged. Restore it from a backup.`,
  foreign: (where) =>
    `${where} holds tables of another program. Give the bot a database of its own: createdb study, then DATABASE_URL=postgres://…/study.`,
  newer: (where) =>
    `${where} was written by a newer version of the bot. Start that version, or restore a backup from before the upgrade.`,
  older: (where) => `${where} holds no data of this version of the bot yet. Start the bot once, or check the name.`,
  unavailable: (where) => `The PostgreSQL server could not read or write ${where}. Its own log says why.`,
  unreachable: (where) =>
    `There is no PostgreSQL server to be reached at ${where}. Check that it runs, and the host and port in DATABASE_URL; nothing that was confirmed is lost.`,
  refused: (where) =>
    `The PostgreSQL server at ${where} did not let the bot in. Check the user and password in DATABASE_URL, and that its pg_hba.conf allows that user from this machine (with TLS, where it asks for it: add ?sslmode=verify-full).`,
  'no-database': (where) =>
    `The PostgreSQL server is there, but has no database ${where}. Make it (createdb), or correct the name at the end of DATABASE_URL.`,
  forbidden: (where) =>
    `The user in DATABASE_URL may not do what the bot needs in ${where}. Make that user the owner of the database: alter database … owner to ….`,
  tls: (where) =>
    `There is no trusted TLS connection to ${where}. Name the server's certificate authority with ?sslmode=verify-full&sslrootcert=/path/ca.pem in DATABASE_URL, or leave sslmode out where the server has no TLS.`,
  busy: (where) =>
    `All connections to ${where} are taken. Raise the server's max_connections, or lower DATABASE_POOL of each bot.`,
  slow: (where) => `${where} took too long for an answer. It may be overloaded; nothing was changed.`,
  conflict: (where) => `Others changed the same rows of ${where} again and again; nothing was changed.`,
  uncertain: (where) =>
    `The connection to ${where} was lost while a change was being confirmed: it may be stored or not. Look before doing it again.`,
}

/** The file, or the server with its database; never credentials. */
export type Where = string | { readonly server: string }

export class StoreError extends Error {
  override name = 'StoreError'
  readonly kind: StoreErrorKind
  constructor(kind: StoreErrorKind, where: Where, options?: ErrorOptions) {
    const sentences: Partial<Sentences> = typeof where === 'string' ? OF_A_FILE : OF_A_SERVER
    const sentence = sentences[kind] ?? OF_A_SERVER[kind]
    super(sentence(typeof where === 'string' ? where : where.server), options)
    this.kind = kind
  }
}
