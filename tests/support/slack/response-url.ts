// response_url and acks with a message: answering the person who pressed or typed.
// docs.slack.dev/interactivity/handling-user-interaction#message_responses

import { isTrue, textOf } from './args.ts'
import { addEphemeral, addMessage, contentOf, replace } from './messages.ts'
import { Refusal } from './refusal.ts'
import type { Json } from './types.ts'
import { type Interaction, newId, type World } from './world.ts'

/** Five uses in half an hour. */
const USES = 5

export function newResponseUrl(world: World, interaction: Interaction): string {
  const id = newId('R')
  world.responseUrls.set(id, { interaction, uses: 0, since: Date.now() })
  const root = interaction.on ? 'actions' : 'commands'
  return `${world.origin}/${root}/${interaction.workspace.id}/${id}`
}

/** Throws `expired_url` when it is unknown, used up or too old, and what any message is refused for. */
export function respond(world: World, id: string, body: Json): Json {
  const url = world.responseUrls.get(id)
  const late = url && Date.now() - url.since > world.options.responseUrlLifetime
  if (!url || late || url.uses >= USES) {
    url?.interaction.outcome.refusals.push('expired_url')
    throw new Refusal('expired_url')
  }
  url.uses += 1
  answer(world, url.interaction, body)
  return {}
}

/**
 * What an answer does: a new message (ephemeral unless `response_type` says otherwise), or the original replaced or
 * deleted when that is asked for and there is an original.
 */
export function answer(world: World, interaction: Interaction, body: Json): void {
  const { channel, user, workspace, on, outcome } = interaction
  if (!channel) throw new Refusal('channel_not_found')
  try {
    const original = on && 'ts' in on ? { channel: channel.id, ts: on.ts } : undefined
    if (original && isTrue(body, 'delete_original')) {
      replace(world, original, undefined, interaction)
      return
    }
    const type = textOf(body, 'response_type') ?? 'ephemeral'
    if (type !== 'ephemeral' && type !== 'in_channel') throw new Refusal('invalid_response_type')
    const content = contentOf(world, workspace.id, body)
    if (original && isTrue(body, 'replace_original')) {
      if (!replace(world, original, content, interaction)) throw new Refusal('message_not_found')
    } else if (type === 'ephemeral') {
      addEphemeral(world, channel, user, content, interaction)
    } else {
      addMessage(world, channel, content, [], [interaction])
    }
  } catch (error) {
    if (error instanceof Refusal) outcome.refusals.push(error.error)
    world.changed()
    throw error
  }
}
