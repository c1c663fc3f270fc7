// The unmodified discord.js as the simulator's own tests use it.

import { Client, type ClientOptions, Events, GatewayIntentBits, type Interaction, MessageFlags } from 'discord.js'
import { type Discord, type DiscordOptions, startDiscord } from './discord.ts'

/** A small Components V2 message, with a button for each custom id. */
export function card(text: string, ...customIds: string[]) {
  const row = {
    type: 1,
    components: customIds.map((custom_id) => ({ type: 2, style: 1, label: custom_id, custom_id })),
  }
  const components = [{ type: 17, components: [{ type: 10, content: text }, ...(customIds.length > 0 ? [row] : [])] }]
  return { components, flags: MessageFlags.IsComponentsV2 as const }
}

export type TestClient = { sim: Discord; client: Client<true>; stop(): Promise<void> }

export function newClient(sim: Discord, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: sim.apiUrl }, ...options })
  client.on(Events.Error, () => {})
  return client
}

/** Logs in and waits until discord.js is ready. */
export async function login(sim: Discord, client: Client): Promise<Client<true>> {
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()))
  await client.login(sim.token)
  await ready
  if (!client.isReady()) throw new Error('discord.js is not ready')
  return client
}

export async function connect(
  options: DiscordOptions = {},
  prepare: (sim: Discord) => void = () => {},
): Promise<TestClient> {
  const sim = await startDiscord(options)
  prepare(sim)
  const client = await login(sim, newClient(sim))
  return {
    sim,
    client,
    async stop() {
      await client.destroy()
      await sim.close()
    },
  }
}

/** Answers every interaction by `handle`; what it throws is kept in `errors`. */
export function answer(client: Client, handle: (interaction: Interaction) => Promise<unknown>): unknown[] {
  const errors: unknown[] = []
  client.removeAllListeners(Events.InteractionCreate)
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction).catch((error: unknown) => errors.push(error))
  })
  return errors
}

export type Answer = { status: number; body: { code?: number; errors?: object; id: string; [key: string]: unknown } }

/** Plain HTTP with the bot's token. */
export async function call(
  sim: Discord,
  method: string,
  path: string,
  body?: object,
  form?: FormData,
): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bot ${sim.token}` }
  if (!form && body !== undefined) headers['content-type'] = 'application/json'
  const content = form ?? (body === undefined ? null : JSON.stringify(body))
  const response = await fetch(`${sim.apiUrl}/v10${path}`, { method, headers, body: content })
  const { status } = response
  return { status, body: status === 204 ? { id: '' } : ((await response.json()) as Answer['body']) }
}
