// views.*: modals by trigger, home tabs by user. docs.slack.dev/reference/methods/views.open

import { needed, textOf } from './args.ts'
import { kept, LIMITS, wrongView } from './blocks.ts'
import { fileExists, lookAtPictures } from './messages.ts'
import { Refusal } from './refusal.ts'
import type { Channel, Json, View, Workspace } from './types.ts'
import { type Interaction, newId, newTs, type Token, type World } from './world.ts'

type Owned = View & { readonly user: string; readonly openedIn?: Channel | undefined }

export function openView(world: World, args: Json, token: Token): Json {
  const interaction = exchange(world, needed(args, 'trigger_id'), token)
  const { workspace, user, channel } = interaction
  const view = { ...addView(world, workspace, user.id, args['view'], 'modal'), openedIn: channel }
  world.views.set(view.id, view)
  interaction.outcome.view = view
  world.changed()
  return { view: shownView(view) }
}

/** Pushes onto the view the trigger came from: three at most (docs.slack.dev/reference/methods/views.push). */
export function pushView(world: World, args: Json, token: Token): Json {
  const interaction = exchange(world, needed(args, 'trigger_id'), token)
  const below = interaction.on && 'view' in interaction.on ? world.views.get(interaction.on.view) : undefined
  if (!below) throw new Refusal('not_found')
  const view = push(world, below, args['view'])
  interaction.outcome.view = view
  world.changed()
  return { view: shownView(view) }
}

export function push(world: World, below: Owned, view: unknown): Owned {
  const workspace = workspaceOf(world, below.team_id)
  const stack = [...world.views.values()].filter((each) => each.root_view_id === below.root_view_id)
  if (stack.length >= 3) throw new Refusal('push_limit_reached')
  return addView(world, workspace, below.user, view, 'modal', below)
}

export function updateView(world: World, args: Json, token: Token): Json {
  const [id, external] = [textOf(args, 'view_id'), textOf(args, 'external_id')]
  const all = [...world.views.values()].filter((each) => each.team_id === token.workspace)
  const old = all.find((each) => (id ? each.id === id : external !== undefined && each.external_id === external))
  if (!old) throw new Refusal('not_found')
  const hash = textOf(args, 'hash')
  if (hash && hash !== old.hash) throw new Refusal('hash_conflict')
  return { view: shownView(change(world, old, args['view'])) }
}

export function publishView(world: World, args: Json, token: Token): Json {
  const user = world.users.get(needed(args, 'user_id'))
  if (user?.workspace !== token.workspace) throw new Refusal('user_not_found')
  const old = world.views.get(world.homes.get(user.id) ?? '')
  const hash = textOf(args, 'hash')
  if (old && hash && hash !== old.hash) throw new Refusal('hash_conflict')
  const workspace = workspaceOf(world, user.workspace)
  const view = old ? change(world, old, args['view']) : addView(world, workspace, user.id, args['view'], 'home')
  world.homes.set(user.id, view.id)
  for (const each of world.interactions) if (each.waiting && each.user.id === user.id) each.outcome.view = view
  world.changed()
  return { view: shownView(view) }
}

/** Puts new content into a view that is open; its id stays. */
export function change(world: World, old: Owned, view: unknown): Owned {
  const after = { ...read(world, old.team_id, view, old.type), ...identity(old), hash: newTs() } as unknown as Owned
  lookAtPictures(world, old.user, after.blocks)
  world.views.set(old.id, after)
  for (const { on, outcome } of world.interactions) if (on && 'view' in on && on.view === old.id) outcome.view = after
  world.changed()
  return after
}

function identity(view: Owned): Json {
  const { id, team_id, app_id, bot_id, root_view_id, previous_view_id, user, openedIn } = view
  return { id, team_id, app_id, bot_id, root_view_id, previous_view_id, user, openedIn, app_installed_team_id: team_id }
}

function addView(world: World, workspace: Workspace, user: string, view: unknown, type: string, below?: Owned): Owned {
  const id = newId('V')
  const owned = { id, team_id: workspace.id, app_id: world.appId, app_installed_team_id: workspace.id, user }
  const place = {
    bot_id: workspace.botId,
    root_view_id: below?.root_view_id ?? id,
    previous_view_id: below?.id ?? null,
  }
  const added = { ...read(world, workspace.id, view, type), ...owned, ...place, hash: newTs() } as unknown as Owned
  lookAtPictures(world, user, added.blocks)
  world.views.set(id, added)
  return added
}

/** Throws `invalid_arguments` with what is wrong, `view_too_large`, `duplicate_external_id`. */
function read(world: World, workspace: string, view: unknown, type: string): Json {
  const wrong = wrongView(view, (file) => fileExists(world, workspace, file))
  if (wrong.length === 0 && (view as Json)['type'] !== type)
    wrong.push(`[ERROR] must be of type ${type} [json-pointer:/view/type]`)
  if (wrong.length > 0) throw new Refusal('invalid_arguments', { response_metadata: { messages: wrong } })
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.viewBytes) throw new Refusal('view_too_large')
  const given = view as Json & { blocks: unknown[] }
  const absent = { title: { type: 'plain_text', text: 'View Title', emoji: true }, close: null, submit: null }
  const empty = {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
  }
  return { ...absent, ...empty, ...given, blocks: kept(given.blocks), state: { values: {} } }
}

/** A view as Slack shows it. */
export function shownView(view: View): Json {
  const { user: _user, openedIn: _place, ...shown } = view as Owned
  return shown
}

/** A trigger is for one call within three seconds. */
function exchange(world: World, id: string, token: Token): Interaction {
  const trigger = world.triggers.get(id)
  if (trigger?.interaction.workspace.id !== token.workspace) throw new Refusal('invalid_trigger_id')
  if (trigger.used) throw new Refusal('exchanged_trigger_id')
  if (Date.now() - trigger.since > world.options.triggerLifetime) throw new Refusal('expired_trigger_id')
  trigger.used = true
  return trigger.interaction
}

function workspaceOf(world: World, id: string): Workspace {
  const workspace = world.workspaces.get(id)
  if (!workspace) throw new Refusal('team_not_found')
  return workspace
}
