// Discord's interactions → the commands, and replies back. Whatever happens, an interaction is answered in time.

import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  DiscordAPIError,
  type Interaction,
  MessageFlags,
  PermissionFlagsBits,
  type REST,
  Routes,
  type StringSelectMenuInteraction,
} from 'discord.js'
import type { Logger } from 'pino'
import type { Reply } from '../../chat/invocation.ts'
import { ACKNOWLEDGED_BY } from '../../chat/platform.ts'
import { newTrace, type Trace } from '../../chat/trace.ts'
import type { Clock } from '../../clock.ts'
import type { Bot } from '../../commands/dispatch.ts'
import type { Locale } from '../../locales/locale.ts'
import type { Metrics } from '../../metrics.ts'
import { COMMAND_LIMITS } from './limits.ts'
import { type Files, type Message, messagesOf, toBody, toPayload } from './payload.ts'
import { messageRef } from './post.ts'
import { fitted, withoutPictures } from './render.ts'
import { type Answerable, findCommand, innermost, localeFor, namesIn, optionValues, toInvocation } from './sources.ts'

export type IntakeParts = {
  readonly bot: Bot
  readonly clock: Clock
  readonly log: Logger
  readonly files: Files
  /** For what may be sent once only; needs no token of the bot. */
  readonly once: REST
  readonly defaultLocale: Locale
  readonly metrics?: Metrics
}

/** Handles one interaction. Never rejects. */
export async function take(interaction: Interaction, parts: IntakeParts): Promise<void> {
  const { log, metrics } = parts
  const trace = newTrace()
  try {
    if (interaction.isAutocomplete()) await suggest(interaction, parts)
    else if (interaction.isChatInputCommand()) await takeCommand(interaction, trace, parts)
    else if (interaction.isButton() || interaction.isStringSelectMenu()) await takePress(interaction, trace, parts)
    else log.warn({ type: interaction.type }, 'an interaction of a kind that the bot never asked for')
  } catch (error) {
    const details = { err: error, id: trace.id, platform: 'discord' }
    // Of suggestions only the last ones matter: whoever types on has asked again meanwhile.
    if (interaction.isAutocomplete()) log.debug(details, 'suggestions were not delivered')
    // The answer is stored where there was one, so the next press shows it.
    else {
      log.error(details, isTooLate(error) ? 'answered too late' : 'an answer was not delivered')
      metrics?.answerLost('discord')
    }
  }
}

async function takeCommand(interaction: ChatInputCommandInteraction, trace: Trace, parts: IntakeParts): Promise<void> {
  const { bot } = parts
  const command = findCommand(bot.commands, interaction)
  const options = innermost(interaction.options.data)
  const invocation = { ...toInvocation(interaction, undefined, trace, parts), called: namesIn(options) }
  if (!command) {
    // Discord still shows a command that this version no longer has.
    await answer(interaction, trace, false, () => bot.runLine(invocation, interaction.toString()), parts)
    return
  }
  await answer(
    interaction,
    trace,
    command.pace === 'slow',
    () => bot.run(invocation, command, optionValues(options)),
    parts,
  )
}

async function takePress(
  interaction: ButtonInteraction | StringSelectMenuInteraction,
  trace: Trace,
  parts: IntakeParts,
): Promise<void> {
  const { message } = interaction
  const isPrivate = message.flags.has(MessageFlags.Ephemeral)
  const pressed = isPrivate ? undefined : messageRef(interaction.channelId, message.id)
  const invocation = toInvocation(interaction, pressed, trace, parts)
  const picked = interaction.isStringSelectMenu() ? interaction.values[0] : undefined
  await answer(interaction, trace, false, () => parts.bot.press(invocation, interaction.customId, picked), parts)
}

async function suggest(interaction: AutocompleteInteraction, { bot, defaultLocale }: IntakeParts): Promise<void> {
  const { name: option, value: prefix } = interaction.options.getFocused(true)
  const command = findCommand(bot.commands, interaction)
  const locale = localeFor(interaction, defaultLocale)
  const by = { platform: 'discord', account: { id: interaction.user.id } }
  const typing = { option, prefix, limit: COMMAND_LIMITS.options, locale }
  const found = command ? bot.suggest(by, command, typing) : []
  await interaction.respond(found.map(({ value, label }) => ({ value, name: fitted(label, COMMAND_LIMITS.choice) })))
}

/** Runs the work and shows what came of it; acknowledges first when the work is slow, or turns out to be. */
async function answer(
  interaction: Answerable,
  trace: Trace,
  isSlow: boolean,
  work: () => Promise<Reply>,
  parts: IntakeParts,
): Promise<void> {
  const { files, log } = parts
  let deferring: Promise<unknown> | undefined
  const defer = (): void => {
    trace.deferred = true
    deferring = interaction.deferReply({ flags: MessageFlags.Ephemeral })
    // Awaited below, once the work is done; until then a refusal must not count as unhandled.
    deferring.catch(() => undefined)
  }
  if (isSlow) defer()
  const patience = setTimeout(() => {
    if (!deferring) defer()
  }, ACKNOWLEDGED_BY)
  const reply = await work().finally(() => clearTimeout(patience))

  const mayAttach = interaction.appPermissions.has(PermissionFlagsBits.AttachFiles)
  const [first, ...rest] = await messagesOf(mayAttach ? reply.card : withoutPictures(reply.card), files)
  if (!first) throw new Error('a card was rendered to nothing')
  const hidden = reply.visibility === 'private' ? MessageFlags.Ephemeral : undefined
  const payload = (message: Message) => {
    const { flags, ...content } = toPayload(message)
    return { ...content, flags: hidden === undefined ? flags : flags | hidden } as const
  }
  if (deferring) {
    await taken(deferring, trace, log)
    // discord.js counts it as deferred only when it saw the confirmation.
    interaction.deferred = true
    const { flags, ...content } = payload(first)
    await interaction.editReply({ ...content, flags: MessageFlags.IsComponentsV2 })
    if (reply.visibility === 'public')
      log.warn({ id: trace.id }, 'a slow command has a public reply: it was shown privately')
  } else if (reply.mode === 'update' && !interaction.isChatInputCommand() && isOwn(interaction)) {
    const { flags, ...content } = payload(first)
    await taken(interaction.update({ ...content, flags: MessageFlags.IsComponentsV2 }), trace, log)
  } else await taken(interaction.reply(payload(first)), trace, log)
  // discord.js counts it as answered only when it saw the confirmation.
  interaction.replied = true
  await sendMore(interaction, rest, hidden, trace, parts)
  await reply.after?.()
}

/**
 * Sends what found no room in the first message, each part once: Discord does not tell a repeated one from a new one, and would show
 * both. A part that is lost keeps back neither the next nor what follows the answer.
 */
async function sendMore(
  { applicationId, token }: Answerable,
  messages: readonly Message[],
  hidden: MessageFlags.Ephemeral | undefined,
  { id }: Trace,
  { once, log, metrics }: IntakeParts,
): Promise<void> {
  const flags = MessageFlags.IsComponentsV2 | (hidden ?? 0)
  let isLost = false
  for (const message of messages) {
    try {
      const body = { ...toBody(message), flags }
      await once.post(Routes.webhook(applicationId, token), { body, files: [...message.pictures], auth: false })
    } catch (error) {
      isLost = true
      log.error({ err: error, id, platform: 'discord' }, 'a part of an answer was not delivered')
    }
  }
  if (isLost) metrics?.answerLost('discord')
}

/**
 * Resolves when Discord took a first response or may have: the confirmation can be lost, and a repeated one is refused because the
 * first arrived (40060). What comes after it tells; without this the person would look at "thinking…" for a quarter of an hour.
 */
async function taken(response: Promise<unknown>, { id }: Trace, log: Logger): Promise<void> {
  try {
    await response
  } catch (error) {
    if (error instanceof DiscordAPIError && Number(error.code) !== ALREADY_ACKNOWLEDGED) throw error
    log.warn({ err: error, id, platform: 'discord' }, 'an answer was not confirmed')
  }
}

const ALREADY_ACKNOWLEDGED = 40_060

/** Whether only this person sees the message that was pressed: what everybody sees is not replaced by one person's press. */
function isOwn(interaction: ButtonInteraction | StringSelectMenuInteraction): boolean {
  return interaction.message.flags.has(MessageFlags.Ephemeral) || !interaction.inGuild()
}

/** Discord forgot the interaction (10062), or another process answered it (40060). */
function isTooLate(error: unknown): boolean {
  return error instanceof DiscordAPIError && [10_062, ALREADY_ACKNOWLEDGED].includes(Number(error.code))
}
