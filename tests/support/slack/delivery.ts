// One way out to the app, whichever transport its workspace has; events are tried again until they are acked.

import { setTimeout as wait } from 'node:timers/promises'
import { postSigned } from './http.ts'
import type { Sockets } from './sockets.ts'
import type { Json, Outcome, Status, Workspace } from './types.ts'
import type { World } from './world.ts'

export type Envelope = {
  readonly kind: 'slash_commands' | 'interactive' | 'events_api'
  readonly payload: Json
  /** Whether the ack may say something: commands, suggestions, submissions. */
  readonly takesPayload: boolean
  readonly retry?: { readonly num: number; readonly reason: string } | undefined
}
export type Delivered = { readonly status: Status; readonly ackMs: number; readonly body: unknown }

export type Courier = {
  deliver(workspace: Workspace, envelope: Envelope): Promise<Delivered>
  /** An event, delivered again while it is not acked; `outcome` is filled in. */
  deliverEvent(workspace: Workspace, envelope: Envelope, outcome: Outcome): Promise<void>
  /** Ends the waiting for further tries. */
  stop(): void
}

export function courier(world: World, sockets: Sockets): Courier {
  const stopped = new AbortController()

  async function deliver(workspace: Workspace, envelope: Envelope): Promise<Delivered> {
    while (world.faults.held) await world.faults.held.promise
    const { transport } = workspace
    const delivered = await (transport === 'socket'
      ? sockets.send(envelope)
      : postSigned(world, transport.url, envelope))
    const { type, command, event } = envelope.payload as { type?: string; command?: string; event?: Json }
    const body = { type: event?.['type'] ?? command ?? type, payload: delivered.body }
    const ok = delivered.status === 'acked'
    const status = typeof delivered.status === 'object' ? delivered.status.http : ok ? 200 : 0
    const error = typeof delivered.status === 'string' && !ok ? delivered.status : undefined
    world.record({ method: 'ack', body, status, ok, error, workspace: workspace.id })
    return delivered
  }

  /** docs.slack.dev/apis/events-api#retries: at once, after one minute, after five. */
  async function deliverEvent(workspace: Workspace, envelope: Envelope, outcome: Outcome): Promise<void> {
    let { retry } = envelope
    for (const pause of [undefined, ...world.options.eventRetries]) {
      if (pause !== undefined) {
        const gone = await wait(pause, undefined, { signal: stopped.signal, ref: false }).catch(() => 'stopped')
        if (gone === 'stopped') return
        retry = { num: (retry?.num ?? 0) + 1, reason: reasonOf(workspace, outcome.status) }
      }
      outcome.attempts += 1
      const { status, ackMs, body } = await deliver(workspace, { ...envelope, retry })
      Object.assign(outcome, { status, ackMs, ackBody: body })
      if (status === 'acked' || status === 'late') return
    }
  }

  return { deliver, deliverEvent, stop: () => stopped.abort() }
}

/** docs.slack.dev/apis/events-api#retries */
function reasonOf(workspace: Workspace, status: Status): string {
  if (workspace.transport === 'socket') return 'timeout'
  return typeof status === 'object' ? 'http_error' : 'http_timeout'
}
