// What the simulated API refuses, in the shape of Discord's own error bodies.
// Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
// Shape: https://docs.discord.com/developers/reference#error-messages

/** Thrown by a route; the REST server answers with it. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: object

  constructor(status: number, code: number, message: string, extra: RefusalExtra = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = extra.headers ?? {}
    this.body = extra.body ?? { message, code, ...(extra.errors ? { errors: extra.errors } : {}) }
  }
}

type RefusalExtra = {
  errors?: object
  headers?: Readonly<Record<string, string>>
  /** Instead of `{ message, code, errors }`. */
  body?: object
}

const REFUSALS = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  tooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notYourMessage: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  closedDms: [403, 50007, 'Cannot send messages to this user'],
  notTextChannel: [400, 50008, 'Cannot send messages in a non-text channel'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  invalidWebhookToken: [401, 50027, 'Invalid Webhook Token'],
  invalidRecipient: [400, 50033, 'Invalid Recipient(s)'],
  archivedThread: [400, 50083, 'Thread is archived'],
  invalidJson: [400, 50109, 'The request body contains invalid JSON.'],
} as const satisfies Record<string, readonly [number, number, string]>

export function refusal(name: keyof typeof REFUSALS): Refusal {
  const [status, code, message] = REFUSALS[name]
  return new Refusal(status, code, message)
}

export type Path = readonly (string | number)[]

/** Collects what is wrong with a body, field by field, and refuses it all at once with 50035. */
export type Form = {
  add(path: Path, code: string, message: string): void
  /** Refuses when the value is missing or its length (in code points) is out of range. Says whether it is fine. */
  text(path: Path, value: unknown, min: number, max: number): boolean
  /** Refuses a list whose length is out of range. Says whether it is fine. */
  list(path: Path, value: unknown, min: number, max: number): value is readonly unknown[]
  /** @throws Refusal 50035 when anything was added. */
  end(): void
}

type Node = { [key: string]: Node | { code: string; message: string }[] }

function range(min: number, max: number): [string, string] {
  return min === 0
    ? ['BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`]
    : ['BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`]
}

/** @param checking false accepts everything (for tests that are not about payloads). */
export function newForm(checking: boolean): Form {
  const found: { path: Path; code: string; message: string }[] = []
  const form: Form = {
    add(path, code, message) {
      found.push({ path, code, message })
    },
    text(path, value, min, max) {
      if (value === undefined || value === null) form.add(path, 'BASE_TYPE_REQUIRED', 'This field is required')
      else if (typeof value !== 'string') form.add(path, 'STRING_TYPE_CONVERT', 'Could not interpret as string.')
      else if ([...value].length < min || [...value].length > max) form.add(path, ...range(min, max))
      else return true
      return false
    },
    list(path, value, min, max): value is readonly unknown[] {
      if (value === undefined || value === null) form.add(path, 'BASE_TYPE_REQUIRED', 'This field is required')
      else if (!Array.isArray(value)) form.add(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType')
      else if (value.length < min || value.length > max) form.add(path, ...range(min, max))
      else return true
      return false
    },
    end() {
      if (!checking || found.length === 0) return
      const errors: Node = {}
      for (const { path, code, message } of found) {
        let node = errors
        for (const key of path) {
          const next = node[key] ?? {}
          node[key] = next
          if (!Array.isArray(next)) node = next
        }
        const list = node['_errors']
        node['_errors'] = [...(Array.isArray(list) ? list : []), { code, message }]
      }
      throw new Refusal(400, 50035, 'Invalid Form Body', { errors })
    },
  }
  return form
}
