// Action ids: what a button carries. One codec, because a button outlives the process that made it.

/** Discord's limit for a custom_id, the tightest of the platforms. */
export const ACTION_ID_LIMIT = 100

const PART = /^[A-Za-z0-9._-]+$/

/** Which handler a press goes to, and the ids it needs. Never tells which choice is right. */
export type ActionRef = { readonly kind: string; readonly args: readonly string[] }

/**
 * `quiz.answer` with a post id and a position becomes `quiz.answer:V1StGXR8_Z5jdHi6B-myT:2`.
 *
 * @throws {Error} when a part holds another character than letters, digits, `.`, `_`, `-`, or the id passes 100 characters: a mistake in code.
 */
export function encodeAction(kind: string, ...args: readonly string[]): string {
  const parts = [kind, ...args]
  const id = parts.join(':')
  if (!parts.every((part) => PART.test(part)) || id.length > ACTION_ID_LIMIT) {
    throw new Error(`not an action id: ${JSON.stringify(id)}`)
  }
  return id
}

/** The parts of an id made by `encodeAction`; undefined for anything else. */
export function decodeAction(id: string): ActionRef | undefined {
  if (id.length > ACTION_ID_LIMIT) return undefined
  const [kind, ...args] = id.split(':')
  if (kind === undefined || ![kind, ...args].every((part) => PART.test(part))) return undefined
  return { kind, args }
}
