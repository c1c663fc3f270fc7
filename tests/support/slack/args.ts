// The arguments of a call, which come as text from a form and as anything from JSON.

import { Refusal } from './refusal.ts'
import type { Json } from './types.ts'

/** A string argument of a call; `undefined` when it is missing or empty. */
export function textOf(args: Json, name: string): string | undefined {
  const value = args[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A string argument that must be there. */
export function needed(args: Json, name: string, error = 'invalid_arguments'): string {
  const value = textOf(args, name)
  if (value !== undefined) return value
  throw new Refusal(error, { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } })
}

export function isTrue(args: Json, name: string): boolean {
  return [true, 'true', '1', 1].includes(args[name] as string)
}
