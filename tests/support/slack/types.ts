// The words of the Slack simulator: what a test holds in its hands.

export type Json = Record<string, unknown>
export type Block = Json & { readonly type: string; readonly block_id: string }
export type Element = Json & { readonly type: string; readonly action_id: string }
export type Option = { readonly text: { readonly text: string }; readonly value: string }
export type Metadata = { readonly event_type: string; readonly event_payload: Json }

export type Transport = 'socket' | { readonly url: string }

export type Workspace = {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly locale: string
  readonly tz: string
  readonly enterprise: { readonly id: string; readonly name: string } | undefined
  readonly appId: string
  readonly appToken: string
  readonly botId: string
  readonly botUserId: string
  /** The bot token of the newest installation. */
  botToken: string
  scopes: readonly string[]
  installed: boolean
  transport: Transport
}

export type User = {
  readonly id: string
  readonly workspace: string
  name: string
  displayName: string
  realName: string
  locale: string
  tz: string
  isAdmin: boolean
  isOwner: boolean
  isBot: boolean
  deleted: boolean
}

export type Channel = {
  readonly id: string
  readonly workspace: string
  readonly kind: 'public' | 'private' | 'im'
  name: string
  /** Who is in it, without the bot; undefined: every person of the workspace. */
  readonly members: readonly string[] | undefined
  botIsMember: boolean
  archived: boolean
  restricted: boolean
  deleted: boolean
}

/** A message as it was when asked for; a later edit is another object with the same `ts`. */
export type Message = {
  readonly workspace: string
  readonly channel: string
  readonly ts: string
  readonly threadTs: string | undefined
  readonly author: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly metadata: Metadata | undefined
  readonly files: readonly string[]
  readonly ephemeral: boolean
  /** Who sees it, when it is ephemeral. */
  readonly to: string | undefined
  readonly edited: boolean
  /** Whom it would notify: user ids, `!here`, `!channel`, `!everyone`, `!subteam^S…`, `@name` of a linked group. */
  readonly notifies: readonly string[]
}

export type View = Json & {
  readonly id: string
  readonly type: 'modal' | 'home'
  readonly team_id: string
  readonly blocks: readonly Block[]
  readonly hash: string
  readonly callback_id: string
  readonly external_id: string
  readonly private_metadata: string
  readonly root_view_id: string
  readonly previous_view_id: string | null
}

export type UploadedFile = {
  readonly id: string
  readonly workspace: string
  readonly name: string
  readonly size: number
  readonly title: string
  readonly altText: string | undefined
  readonly mimetype: string
  readonly url: string
  /** Where its app shared it: there, and if one of them is public everywhere in the workspace, people can see it. */
  readonly channels: string[]
  readonly bytes: Buffer
  readonly completedAt: number
}

/** A picture that was taken, and that nobody sees who looks at it: Slack says nothing of it to the app. */
export type BrokenPicture = {
  readonly file: string
  /** The channel of the message, or the user whose view it is. */
  readonly shownTo: string
}

export type Person = {
  readonly workspace: Workspace | string
  readonly user: User | string
  /** A channel id; for a direct message with the bot, the user's id. */
  readonly channel: string
}

export type Recorded = {
  /**
   * A Web API method, `response_url`, `files.upload`, or `ack` (every delivery), which a message (`ack_message`) or
   * a modal's answer (`view_response`) in it follows.
   */
  readonly method: string
  readonly body: Json
  readonly status: number
  readonly ok: boolean
  readonly error: string | undefined
  /** The team of the token, or of the interaction that is answered. */
  readonly workspace: string | undefined
  readonly at: number
}

export type Status = 'acked' | 'late' | 'unacked' | { readonly http: number }

/** What became of what a person did. Answers that come after it was handed out are still added to it. */
export type Outcome = {
  status: Status
  /** Milliseconds from the delivery to its ack; how long was waited when there was none. */
  ackMs: number
  ackBody: unknown
  /** How many times it was delivered. */
  attempts: number
  readonly messages: Message[]
  /** The pressed message after it was replaced or updated. */
  updated: Message | undefined
  /** The pressed message was deleted. */
  deleted: boolean
  /** The modal opened, updated or pushed, or the home tab published. */
  view: View | undefined
  /** What a refused modal says, by block id. */
  errors: Readonly<Record<string, string>> | undefined
  /** Slack's word for an answer that it did not take, such as `invalid_blocks` or `expired_url`. */
  readonly refusals: string[]
}

export type SlackOptions = {
  /** Milliseconds a delivery may stay without an ack: 3000 (docs.slack.dev/interactivity/handling-user-interaction). */
  ackDeadline?: number
  /** Milliseconds after the deadline in which an ack is still seen, as late. */
  lateWindow?: number
  /** Milliseconds to wait for a visible answer after the ack. */
  answerWithin?: number
  /** Milliseconds a trigger_id lives: 3000 (docs.slack.dev/interactivity/handling-user-interaction). */
  triggerLifetime?: number
  /** Milliseconds a response_url lives: 30 minutes. */
  responseUrlLifetime?: number
  /** Milliseconds before each retry of an event: at once, after 1 and after 5 minutes (docs.slack.dev/apis/events-api). */
  eventRetries?: readonly number[]
  /** The event types the app subscribed to; those that a change of the world brings. `event()` sends any. */
  events?: readonly string[]
  /** The slash commands the app registered; undefined: any. */
  commands?: readonly string[]
  signingSecret?: string
  clientId?: string
  clientSecret?: string
  /** chat.postMessage per second and channel: Slack's is 1. Unlimited when left out. */
  postsPerSecond?: number
  /** New installations get a token of this many seconds and a refresh token: Slack's is 43200. */
  tokenLifetime?: number
  /** Milliseconds after its completion in which an uploaded file cannot be used as a `slack_file` yet. */
  fileProcessing?: number
  sockets?: {
    /** Milliseconds between pings to the client. */
    pingEvery?: number
    /** Keep TCP open after the close handshake, as Slack does; a client's disconnect then takes as long as its pong timeout. */
    lingering?: boolean
  }
}
