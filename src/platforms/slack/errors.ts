// Slack's answers → PlatformError: what surely did not happen, what may have, and what will not until somebody changes something.

import { webApi } from '@slack/bolt'
import { PlatformError, type PlatformErrorKind } from '../../chat/platform.ts'
import { nameOf, neverSent } from '../network.ts'

const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = webApi

/** https://docs.slack.dev/reference/methods/chat.postMessage and .../chat.update, "Errors" */
const KINDS: Readonly<Record<string, PlatformErrorKind>> = {
  channel_not_found: 'channel-gone',
  is_archived: 'channel-gone',
  // Of chat.update: "The message cannot be edited within a frozen, archived, or deleted channel."
  is_inactive: 'channel-gone',
  not_in_channel: 'forbidden',
  restricted_action: 'forbidden',
  restricted_action_read_only_channel: 'forbidden',
  restricted_action_thread_only_channel: 'forbidden',
  restricted_action_non_threadable_channel: 'forbidden',
  cannot_dm_bot: 'forbidden',
  messages_tab_disabled: 'forbidden',
  missing_scope: 'forbidden',
  not_allowed_token_type: 'forbidden',
  access_denied: 'forbidden',
  no_permission: 'forbidden',
  ekm_access_denied: 'forbidden',
  team_access_not_granted: 'forbidden',
  accesslimited: 'forbidden',
  enterprise_is_restricted: 'forbidden',
  two_factor_setup_required: 'forbidden',
  user_not_found: 'channel-gone',
  user_disabled: 'channel-gone',
  message_not_found: 'message-gone',
  cant_update_message: 'message-gone',
  edit_window_closed: 'message-gone',
  account_inactive: 'connection-dead',
  invalid_auth: 'connection-dead',
  not_authed: 'connection-dead',
  // While a workspace moves into an organization: "not available until migration is complete".
  org_login_required: 'retry-after',
  team_added_to_org: 'retry-after',
  external_channel_migrating: 'retry-after',
  team_not_found: 'connection-dead',
  token_expired: 'connection-dead',
  token_revoked: 'connection-dead',
  ratelimited: 'retry-after',
  rate_limited: 'retry-after',
  message_limit_exceeded: 'retry-after',
  // "It's possible some aspect of the operation succeeded before the error was raised."
  fatal_error: 'ambiguous',
  internal_error: 'ambiguous',
  update_failed: 'ambiguous',
  request_timeout: 'ambiguous',
  service_unavailable: 'ambiguous',
}

/** Codes of a token that will not work again by itself. */
const DEAD: ReadonlySet<string> = new Set(Object.keys(KINDS).filter((code) => KINDS[code] === 'connection-dead'))

/**
 * Slack's word for what is wrong, such as `channel_not_found`; undefined when Slack did not answer. Of a page that something on the way
 * put in the place of Slack's answer the web client takes the whole text for such a word.
 */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof WebAPIPlatformError ? String(error.data.error) : ''
  return /^\w{1,64}$/.test(code) ? code : undefined
}

/** What Slack says of blocks that it does not take. It does nothing then, so the same may be said in another form. */
const OF_BLOCKS: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_blocks_too_long',
])

/** Whether a code says that blocks were refused. */
export function isOfBlocks(code: string | undefined): boolean {
  return OF_BLOCKS.has(code ?? '')
}

/** What Slack says where a channel that is shared with another workspace takes no files, however often they are sent. */
export const NO_FILES_HERE = 'slack_connect_file_link_sharing_blocked'

/** What Slack says of a picture that it cannot show, or not yet. https://github.com/slackapi/python-slack-sdk/issues/1658 */
const OF_PICTURES: ReadonlySet<string> = new Set(['invalid_blocks', 'missing_file_data', NO_FILES_HERE])

/** Whether a code can mean the pictures in blocks. */
export function isOfPictures(code: string | undefined): boolean {
  return OF_PICTURES.has(code ?? '')
}

/** Whether the token is of no use any more. */
export function isDead(error: unknown): boolean {
  return DEAD.has(codeOf(error) ?? '')
}

/** `ambiguous` for whatever may have been done though no answer came. */
export function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error
  const options = { cause: error }
  if (error instanceof WebAPIRateLimitedError) {
    return new PlatformError('retry-after', 'Slack asks to wait', { ...options, retryAfter: error.retryAfter * 1000 })
  }
  const code = codeOf(error)
  if (code !== undefined) return new PlatformError(KINDS[code] ?? 'fatal', `Slack answered ${code}`, options)
  if (error instanceof WebAPIHTTPError) {
    return new PlatformError('ambiguous', `Slack answered ${error.statusCode}`, options)
  }
  const failure = systemCodeOf(error)
  if (error instanceof WebAPIRequestError && neverSent(failure)) {
    return new PlatformError('retry-after', `Slack could not be reached (${failure})`, options)
  }
  return new PlatformError('ambiguous', `no answer from Slack (${failure ?? nameOf(error)})`, options)
}

/** The system's code of the error, or of what caused it. The web client puts a code of its own on its errors. */
function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined && !code.startsWith('slack_')) return code
  return systemCodeOf(error.cause)
}
