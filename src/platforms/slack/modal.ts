// An answer in a modal: in place of the form that was sent, or of the card whose button was pressed. Only its person sees it, wherever
// they are; a private message in the channel would reach nobody where the bot is not in it, and a form has no response_url.
// https://docs.slack.dev/surfaces/modals#updating_views

import { setTimeout as delay } from 'node:timers/promises'
import type { types, ViewResponseAction } from '@slack/bolt'
import type { Logger } from 'pino'
import { noticeCard } from '../../cards/notice.ts'
import type { Card } from '../../chat/card.ts'
import type { Reply } from '../../chat/invocation.ts'
import { type Locale, translator } from '../../locales/locale.ts'
import type { Gate } from './answers.ts'
import type { Deliver } from './deliver.ts'
import { codeOf, toPlatformError } from './errors.ts'
import { BLOCK_LIMITS } from './limits.ts'
import { renderView } from './render.ts'
import type { Workspace } from './workspaces.ts'

/** The modal that an answer belongs into. */
export type Place = {
  /** Of the interaction, for the log. */
  readonly id: string
  readonly workspace: Workspace
  readonly user: string
  readonly view: string
  readonly title: string
  readonly locale: Locale
  /** The ack of a form, which may carry the answer; undefined when it is done. */
  readonly gate: Gate<ViewResponseAction> | undefined
}

export type Show = (reply: Reply, place: Place) => Promise<void>

/** Slack puts in place what came with an ack after it took it: an update that overtakes that would be lost. In milliseconds. */
const AFTER_ACK = 500

/** @param spoken puts the names that the commands have in Slack into a card */
export function createShow(spoken: (card: Card) => Card, deliver: Deliver, log: Logger): Show {
  return async (reply, place) => {
    const { gate, title, locale } = place
    const view = modalOf(spoken(reply.card), title, locale)
    if (view.blocks.length > BLOCK_LIMITS.view) {
      await gate?.ack({ response_action: 'clear' })
      return elsewhere(reply, place)
    }
    if (gate) {
      if (gate.isOpen() && (await gate.ack({ response_action: 'update', view }))) return
      await gate.ack(waiting(title, locale))
      await delay(AFTER_ACK)
    }
    // Mostly because the person closed it meanwhile.
    if (!(await update(view, place))) await elsewhere(reply, place)
  }

  /** Replaces the modal; tells whether it could. */
  async function update(view: types.ModalView, { id, workspace, view: view_id }: Place): Promise<boolean> {
    try {
      await workspace.clients.read.views.update({ view_id, view })
      return true
    } catch (error) {
      const reason = codeOf(error) ?? toPlatformError(error).message
      log.info({ reason, id }, 'a modal could not be replaced')
      return false
    }
  }

  /** To the person's messages with the app. */
  async function elsewhere(reply: Reply, { id, workspace, user }: Place): Promise<void> {
    const gate = { isOpen: () => false, ack: async () => false, close: () => {} }
    await deliver(reply, { id, workspace, gate, inAck: false, responseUrl: undefined, user, replaceable: false })
  }
}

/** What stands in a modal while its answer takes longer than an ack may. */
export function waiting(title: string, locale: Locale): ViewResponseAction {
  const t = translator(locale)
  const card = noticeCard('info', t('slack.form.working.title'), t('slack.form.working.text'))
  return { response_action: 'update', view: modalOf(card, title, locale) }
}

/** @param title of at most 24 characters */
export function modalOf(card: Card, title: string, locale: Locale): types.ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title, emoji: false },
    close: { type: 'plain_text', text: translator(locale)('slack.form.close'), emoji: false },
    blocks: renderView(card),
  }
}
