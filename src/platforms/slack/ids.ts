// Our names of what Slack knows by several ids: an account, a message.

/**
 * A person's account in the store. A user's id is unique in its workspace only.
 * https://docs.slack.dev/reference/objects/user-object, "id"
 */
export function accountId(team: string, user: string): string {
  return `${team}-${user}`
}

/** The user behind an account id, or the id itself when it is Slack's own. */
export function userOf(account: string): string {
  return account.slice(account.indexOf('-') + 1)
}

export type MessageAt = { readonly team: string; readonly channel: string; readonly ts: string }

/** A message as the rest of the bot holds it: `T1/C1/1700000000.000100`. */
export function toRef({ team, channel, ts }: MessageAt): string {
  return `${team}/${channel}/${ts}`
}

/** The parts of a reference; undefined for anything that `toRef` did not make. */
export function fromRef(ref: string): MessageAt | undefined {
  const [team, channel, ts, ...more] = ref.split('/')
  return team && channel && ts && more.length === 0 ? { team, channel, ts } : undefined
}
