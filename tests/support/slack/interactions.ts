// What a person does, delivered to the app, and what becomes of it.

import type { Courier, Delivered, Envelope } from './delivery.ts'
import { optionGroup, plainOption, SELECT_OPTIONS } from './elements.ts'
import { find } from './messages.ts'
import * as payloads from './payloads.ts'
import { directMessage, whoIs } from './places.ts'
import { Refusal } from './refusal.ts'
import { answer } from './response-url.ts'
import { chosen, stateOf, type Values } from './state.ts'
import type { Channel, Element, Json, Message, Option, Outcome, Person, View } from './types.ts'
import { change, push, shownView } from './views.ts'
import type { Interaction, World } from './world.ts'

export type Waiting = {
  /** Milliseconds to wait for a visible answer after the ack. */
  readonly answerWithin?: number
}
export type Wanted = string | ((element: Element) => boolean)

export type People = {
  command(by: Person, command: string, text?: string, waiting?: Waiting): Promise<Outcome>
  press(by: Person, on: Message | View, wanted: Wanted, waiting?: Waiting): Promise<Outcome>
  select(by: Person, on: Message | View, wanted: Wanted, value: string, waiting?: Waiting): Promise<Outcome>
  suggest(by: Person, on: Message | View, wanted: Wanted, value: string): Promise<Option[]>
  submitView(by: Person, view: View, values?: Values, waiting?: Waiting): Promise<Outcome>
  /** Sends a view as it is given, which a client other than Slack's own could. */
  forgeSubmission(by: Person, view: View): Promise<Outcome>
  /** Closes a modal; the app asked for no word of it. */
  closeView(by: Person, view: View): void
  openHome(by: Person, waiting?: Waiting): Promise<View | undefined>
  redeliver(outcome: Outcome, waiting?: Waiting): Promise<Outcome>
}

export function newOutcome(): Outcome {
  const nothing = { ackBody: undefined, updated: undefined, view: undefined, errors: undefined }
  return { status: 'unacked', ackMs: 0, attempts: 0, messages: [], deleted: false, refusals: [], ...nothing }
}

type Sent = { readonly interaction: Interaction; readonly envelope: Envelope; readonly after: After }
/** What the ack's own words do. */
type After = (interaction: Interaction, delivered: Delivered) => void

export function people(world: World, courier: Courier): People {
  const sent = new WeakMap<Outcome, Sent>()
  const offered = new Map<string, Option[]>()

  function begin(by: Person, on: Interaction['on'], channel?: Channel): Interaction {
    const who = whoIs(world, by)
    const interaction: Interaction = {
      ...who,
      channel: channel ?? who.channel,
      on,
      outcome: newOutcome(),
      waiting: true,
    }
    world.interactions.add(interaction)
    return interaction
  }

  async function send(
    interaction: Interaction,
    envelope: Envelope,
    after: After,
    waiting: Waiting = {},
  ): Promise<Outcome> {
    const { outcome } = interaction
    sent.set(outcome, { interaction, envelope, after })
    outcome.attempts += 1
    const delivered = await courier.deliver(interaction.workspace, envelope)
    Object.assign(outcome, { status: delivered.status, ackMs: delivered.ackMs, ackBody: delivered.body })
    if (delivered.status === 'acked') after(interaction, delivered)
    const waits = delivered.status === 'acked' || delivered.status === 'late'
    if (waits) await world.until(() => answered(outcome), waiting.answerWithin ?? world.options.answerWithin)
    interaction.waiting = false
    return outcome
  }

  /** The message or view as it is now; throws when it is gone, or is somebody else's. */
  function current(by: Person, on: Message | View): Message | View {
    const { user } = whoIs(world, by)
    if ('hash' in on) {
      const view = world.views.get(on.id)
      if (view?.user !== user.id) throw new Error('this view is not open for this user')
      return view
    }
    const now = find(world.messages, on.channel, on.ts) ?? find(world.ephemerals, on.channel, on.ts)
    if (!now) throw new Error('this message is gone')
    if (now.ephemeral && now.to !== user.id) throw new Error('this user cannot see the ephemeral message')
    if (whoIs(world, by).channel.id !== now.channel) throw new Error('the message is in another channel')
    return now
  }

  async function act(
    by: Person,
    on: Message | View,
    wanted: Wanted,
    value?: string,
    waiting?: Waiting,
  ): Promise<Outcome> {
    const now = current(by, on)
    const found = payloads.findElement(now, wanted)
    const choices = offered.get(`${keyOf(now)} ${found.element.action_id}`)
    const state = value === undefined ? {} : chosen(found.element, value, choices)
    const interaction = begin(by, 'hash' in now ? { view: now.id } : { ts: now.ts })
    const payload = payloads.actionPayload(world, interaction, now, found, state)
    return send(interaction, { kind: 'interactive', payload, takesPayload: false }, () => {}, waiting)
  }

  function say({ workspace, outcome }: Interaction, delivered: Delivered, method: string): Json | undefined {
    if (delivered.body === undefined) return undefined
    const body = (typeof delivered.body === 'string' ? { text: delivered.body } : delivered.body) as Json
    const known = outcome.refusals.length
    queueMicrotask(() => {
      const error = outcome.refusals[known]
      const ok = error === undefined
      world.record({ method, body, status: 200, ok, error, workspace: workspace.id })
    })
    return body
  }

  return {
    async command(by, command, text = '', waiting) {
      const { commands } = world.options
      if (commands && !commands.includes(command)) throw new Error(`${command} is not a command of the app`)
      const interaction = begin(by, undefined)
      const payload = payloads.commandPayload(world, interaction, command, text)
      const after: After = (who, delivered) => {
        const body = say(who, delivered, 'ack_message')
        if (body) refusing(() => answer(world, who, body))
      }
      return send(interaction, { kind: 'slash_commands', payload, takesPayload: true }, after, waiting)
    },

    press: (by, on, wanted, waiting) => act(by, on, wanted, undefined, waiting),
    select: (by, on, wanted, value, waiting) => act(by, on, wanted, value, waiting),

    async suggest(by, on, wanted, value) {
      const now = current(by, on)
      const found = payloads.findElement(now, wanted)
      if (!found.element.type.endsWith('external_select')) throw new Error('only an external select asks the app')
      // docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select: 3 when not set.
      if ([...value].length < Number(found.element['min_query_length'] ?? 3)) return []
      const interaction = begin(by, 'hash' in now ? { view: now.id } : { ts: now.ts })
      const payload = payloads.suggestionPayload(world, interaction, now, found, value)
      const envelope: Envelope = { kind: 'interactive', payload, takesPayload: true }
      const { status, body } = await courier.deliver(interaction.workspace, envelope)
      interaction.waiting = false
      if (status !== 'acked') throw new Error(`the suggestions did not come: ${JSON.stringify(status)}`)
      const options = optionsIn(body)
      offered.set(`${keyOf(now)} ${found.element.action_id}`, options)
      return options
    },

    async submitView(by, view, values = {}, waiting) {
      const now = current(by, view) as View
      const offers = (id: string): readonly Option[] | undefined => offered.get(`${keyOf(now)} ${id}`)
      const state = stateOf(now, values, offers, world.views.get(now.id)?.openedIn)
      const interaction = begin(by, { view: now.id })
      const payload = payloads.submissionPayload(world, interaction, now, state)
      const after: After = (who, delivered) => {
        const body = say(who, delivered, 'view_response')
        refusing(() => respondToView(world, who, now, body))
      }
      return send(interaction, { kind: 'interactive', payload, takesPayload: true }, after, waiting)
    },

    forgeSubmission(by, view) {
      const { user } = whoIs(world, by)
      world.views.set(view.id, { ...view, user: user.id })
      const interaction = begin(by, { view: view.id })
      const payload = payloads.submissionPayload(world, interaction, view, {})
      const after: After = (who, delivered) => {
        const body = say(who, delivered, 'view_response')
        refusing(() => respondToView(world, who, view, body))
      }
      return send(interaction, { kind: 'interactive', payload, takesPayload: true }, after)
    },

    closeView(by, view) {
      world.views.delete(current(by, view) && view.id)
    },

    async openHome(by, waiting) {
      const { workspace, user } = whoIs(world, by)
      const known = world.views.get(world.homes.get(user.id) ?? '')
      const interaction = begin({ ...by, channel: user.id }, undefined, directMessage(world, user))
      const where = {
        user: user.id,
        channel: interaction.channel?.id,
        tab: 'home',
        ...(known && { view: shownView(known) }),
      }
      const payload = payloads.eventPayload(world, workspace, { type: 'app_home_opened', ...where })
      await courier.deliverEvent(workspace, { kind: 'events_api', payload, takesPayload: false }, interaction.outcome)
      await world.until(() => answered(interaction.outcome), waiting?.answerWithin ?? world.options.answerWithin)
      interaction.waiting = false
      return interaction.outcome.view
    },

    async redeliver(outcome, waiting) {
      const before = sent.get(outcome)
      if (!before) throw new Error('this outcome has no delivery to repeat')
      const again: Interaction = { ...before.interaction, outcome: newOutcome(), waiting: true }
      world.interactions.add(again)
      // The answers to the same response_url and trigger_id belong to the newest delivery.
      for (const url of world.responseUrls.values()) if (url.interaction === before.interaction) url.interaction = again
      for (const each of world.triggers.values()) if (each.interaction === before.interaction) each.interaction = again
      const retry = { num: 1, reason: again.workspace.transport === 'socket' ? 'timeout' : 'http_timeout' }
      return send(again, { ...before.envelope, retry }, before.after, waiting)
    },
  }
}

function keyOf(on: Message | View): string {
  return 'hash' in on ? on.id : on.ts
}

function answered({ messages, updated, deleted, view, errors, refusals }: Outcome): boolean {
  return (
    messages.length > 0 || deleted || refusals.length > 0 || [updated, view, errors].some((each) => each !== undefined)
  )
}

/** Runs what an answer does; a refusal is in the outcome already. */
function refusing(run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** docs.slack.dev/surfaces/modals#updating_response: no words close the modal. */
function respondToView(world: World, { outcome }: Interaction, view: View, body: Json | undefined): void {
  const old = world.views.get(view.id)
  if (!old) return
  try {
    const action = body?.['response_action']
    if (action === 'errors') {
      const inputs = view.blocks.filter(({ type }) => type === 'input').map(({ block_id: id }) => id)
      const errors = (body?.['errors'] ?? {}) as Record<string, string>
      if (!Object.keys(errors).every((id) => inputs.includes(id))) throw new Refusal('invalid_errors')
      outcome.errors = errors
    } else if (action === 'update') outcome.view = change(world, old, body?.['view'])
    else if (action === 'push') outcome.view = push(world, old, body?.['view'])
    else if (action === undefined || action === 'clear') {
      for (const each of [...world.views.values()]) {
        const together = each.root_view_id === old.root_view_id
        if (each.id === old.id || (action === 'clear' && together)) world.views.delete(each.id)
      }
    } else throw new Refusal('invalid_response_action')
  } catch (error) {
    if (error instanceof Refusal) outcome.refusals.push(error.error)
    throw error
  }
}

/** The options of an answer, groups opened; throws when Slack would show none. */
function optionsIn(body: unknown): Option[] {
  const { options, option_groups: groups } = (body ?? {}) as { options?: unknown[]; option_groups?: unknown[] }
  const flat = options ? plainOption.array().max(SELECT_OPTIONS).parse(options) : []
  const grouped = groups ? optionGroup.array().max(SELECT_OPTIONS).parse(groups) : []
  if (!options && !groups) throw new Error('the answer has neither `options` nor `option_groups`')
  return [...flat, ...grouped.flatMap((group) => group.options)].map(({ text, value }) => ({ text, value }))
}
