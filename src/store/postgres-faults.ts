// What an error of PostgreSQL, or of the way to it, means for the store.

import type { StoreErrorKind } from './errors.ts'

/** SQLSTATE codes (postgresql.org/docs/current/errcodes-appendix.html) that mean the store, not the query, is at fault. */
const FAULTS: ReadonlyMap<string, StoreErrorKind> = new Map<string, StoreErrorKind>([
  ['25006', 'read-only'], // read_only_sql_transaction
  ['28000', 'refused'], // invalid_authorization_specification
  ['28P01', 'refused'], // invalid_password
  ['3D000', 'no-database'], // invalid_catalog_name
  ['3F000', 'forbidden'], // invalid_schema_name: the search path leads to no schema
  ['40001', 'conflict'], // serialization_failure
  ['40P01', 'conflict'], // deadlock_detected
  ['42501', 'forbidden'], // insufficient_privilege
  ['53100', 'full'], // disk_full
  ['53200', 'unavailable'], // out_of_memory
  ['53300', 'busy'], // too_many_connections
  ['55P03', 'locked'], // lock_not_available
  ['57014', 'slow'], // query_canceled: the statement's time was over
  ['58030', 'unavailable'], // io_error
  ['XX001', 'corrupt'], // data_corrupted
  ['XX002', 'corrupt'], // index_corrupted
])

/** The server ended the session, or never began it: connection exceptions, shutdown, crash, start-up, a session that idled too long. */
const SESSION_OVER = /^(08...|57P0[1235]|25P03|25P04)$/

/** pg has no codes for these; the texts are those of pg 8 (client.js, connection.js, crypto/sasl.js). */
const WITHOUT_CODE: readonly (readonly [RegExp, StoreErrorKind])[] = [
  [/server does not support SSL|establishing an SSL connection/, 'tls'],
  [/^SASL:/, 'refused'],
]

/** Node's errors of a TLS handshake (nodejs.org/api/tls.html, "X509 certificate error codes"), and of a certificate file that cannot be read. */
const OF_TLS =
  /^(ERR_(TLS|SSL)_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO|(ENOENT|EACCES|EPERM|EISDIR)$)/

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** SQLSTATE has five characters, of which the first is a digit or a capital; Node's codes are longer words. */
function sqlState(error: unknown): string | undefined {
  const code = codeOf(error)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined
}

/** What was wrong when no connection came about; undefined for a fault of ours. */
export function connectFault(error: unknown): StoreErrorKind | undefined {
  const state = sqlState(error)
  if (state !== undefined) return SESSION_OVER.test(state) ? 'unreachable' : FAULTS.get(state)
  const code = codeOf(error)
  // A Unix socket that is not there, or not for us, is a server that is not there; only a certificate is opened as a file.
  if (/^E[A-Z]+$/.test(code ?? '') && error instanceof Error && 'syscall' in error && error.syscall === 'connect') {
    return 'unreachable'
  }
  if (code !== undefined && OF_TLS.test(code)) return 'tls'
  if (!(error instanceof Error)) return undefined
  return WITHOUT_CODE.find(([text]) => text.test(error.message))?.[1] ?? 'unreachable'
}

/** What was wrong with a query on a connection that stood; `lost` when the connection is gone, undefined when the query is at fault. */
export function queryFault(error: unknown): StoreErrorKind | 'lost' | undefined {
  const state = sqlState(error)
  if (state !== undefined) return SESSION_OVER.test(state) ? 'lost' : FAULTS.get(state)
  const code = codeOf(error)
  // Whatever comes without SQLSTATE did not come from the server. What Node refuses to send is a fault of ours.
  return error instanceof Error && !code?.startsWith('ERR_') && !(error instanceof TypeError) ? 'lost' : undefined
}
