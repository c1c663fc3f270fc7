// What Slack tells the app when somebody does something.
// docs.slack.dev/reference/interaction-payloads and docs.slack.dev/interactivity/implementing-slash-commands

import { randomBytes } from 'node:crypto'
import { elementsOf } from './blocks.ts'
import { shown } from './messages.ts'
import { newResponseUrl } from './response-url.ts'
import type { Block, Channel, Element, Json, Message, View, Workspace } from './types.ts'
import { shownView } from './views.ts'
import { type Interaction, newId, newTs, type World } from './world.ts'

export function newTrigger(world: World, interaction: Interaction): string {
  const id = `${Date.now()}.${newId('').slice(1)}.${randomBytes(16).toString('hex')}`
  world.triggers.set(id, { interaction, used: false, since: Date.now() })
  return id
}

export function commandPayload(world: World, interaction: Interaction, command: string, text: string): Json {
  const { workspace, user, channel } = interaction
  const enterprise = workspace.enterprise
  return {
    token: world.verificationToken,
    team_id: workspace.id,
    team_domain: workspace.domain,
    ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
    channel_id: channel?.id ?? '',
    channel_name: channel ? nameOf(channel) : '',
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: world.appId,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(world, interaction),
    trigger_id: newTrigger(world, interaction),
  }
}

/** A channel's name for the app, which does not learn the names of private places it is told about. */
function nameOf({ kind, name }: Channel): string {
  return kind === 'public' ? name : kind === 'private' ? 'privategroup' : 'directmessage'
}

function base(world: World, { workspace, user }: Interaction, type: string): Json {
  const { enterprise } = workspace
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: workspace.id },
    api_app_id: world.appId,
    token: world.verificationToken,
    team: {
      id: workspace.id,
      domain: workspace.domain,
      ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
    },
    enterprise: enterprise ?? null,
    is_enterprise_install: false,
  }
}

/** Where something was pressed. The app is not told again what an ephemeral message said. */
function place(world: World, interaction: Interaction, on: Message | View): Json {
  if ('hash' in on) return { container: { type: 'view', view_id: on.id }, view: shownView(on) }
  const thread = on.threadTs ? { thread_ts: on.threadTs } : {}
  const container = {
    type: 'message',
    message_ts: on.ts,
    channel_id: on.channel,
    is_ephemeral: on.ephemeral,
    ...thread,
  }
  const { channel } = interaction
  return {
    container,
    channel: channel && { id: channel.id, name: nameOf(channel) },
    ...(!on.ephemeral && { message: shown(world, on) }),
  }
}

export type Found = { readonly block: Block; readonly element: Element }

export function actionPayload(
  world: World,
  interaction: Interaction,
  on: Message | View,
  found: Found,
  state: Json,
): Json {
  const { block, element } = found
  const { type, action_id: id, text, value, style, placeholder } = element
  const kept = { type, action_id: id, block_id: block.block_id, text, value, style, placeholder, ...state }
  const action = { ...kept, action_ts: newTs() }
  const url = 'hash' in on ? {} : { response_url: newResponseUrl(world, interaction) }
  return {
    ...base(world, interaction, 'block_actions'),
    ...place(world, interaction, on),
    trigger_id: newTrigger(world, interaction),
    ...url,
    state: { values: type === 'button' ? {} : { [block.block_id]: { [id]: { type, ...state } } } },
    actions: [Object.fromEntries(Object.entries(action).filter(([, each]) => each !== undefined))],
  }
}

export function suggestionPayload(
  world: World,
  interaction: Interaction,
  on: Message | View,
  found: Found,
  value: string,
): Json {
  const { block, element } = found
  const asked = { action_id: element.action_id, block_id: block.block_id, value }
  return { ...base(world, interaction, 'block_suggestion'), ...place(world, interaction, on), ...asked }
}

export function submissionPayload(world: World, interaction: Interaction, view: View, values: Json): Json {
  const submitted = { ...shownView(view), state: { values } }
  const trigger = newTrigger(world, interaction)
  return { ...base(world, interaction, 'view_submission'), trigger_id: trigger, view: submitted, response_urls: [] }
}

/**
 * The Events API's outer payload. docs.slack.dev/apis/events-api#event-type-structure
 *
 * @param host the workspace that started a channel which others share: the payload bears its id, and the authorizations say whose app
 *   is told
 */
export function eventPayload(world: World, workspace: Interaction['workspace'], event: Json, host?: Workspace): Json {
  const seconds = Math.floor(Date.now() / 1000)
  const enterprise = workspace.enterprise?.id ?? null
  const authorization = { enterprise_id: enterprise, team_id: workspace.id, user_id: workspace.botUserId }
  return {
    token: world.verificationToken,
    team_id: (host ?? workspace).id,
    api_app_id: world.appId,
    event: { event_ts: newTs(), ...event },
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: seconds,
    authorizations: [{ ...authorization, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: host !== undefined,
    event_context: `4-${randomBytes(16).toString('hex')}`,
  }
}

/** The element somebody means; throws when it is not there, since nobody could press it. */
export function findElement(on: Message | View, wanted: string | ((element: Element) => boolean)): Found {
  const all = on.blocks.flatMap((block) =>
    elementsOf(block).map(([element]) => ({ block, element: element as Element })),
  )
  const pressable = all.filter(({ element }) => element.type !== 'image')
  const found = pressable.find(({ element }) =>
    typeof wanted === 'string' ? element.action_id === wanted : wanted(element),
  )
  if (found) return found
  const there = pressable.map(({ element }) => element.action_id).join(', ') || 'nothing'
  throw new Error(`no ${typeof wanted === 'string' ? `"${wanted}"` : 'such element'} to press; there is ${there}`)
}
