// First contact: the first admin command of a community comes with the way to a daily quiz, once.

import { guideBlock } from '../cards/settings.ts'
import type { Invocation, Reply } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { claimGuide } from '../store/settings.ts'
import { communityOf } from '../study/membership.ts'
import type { Context } from './context.ts'

/** The reply, with the three steps below it when no admin of this community has seen them yet. */
export async function withGuide(context: Context, invocation: Invocation, reply: Reply): Promise<Reply> {
  const { store, defaults, clock, log } = context
  const { connection, platform, locale } = invocation
  if (!connection) return reply
  try {
    const community = await communityOf(store, { ...connection, platform }, defaults, clock.now())
    if (!(await store.write((tx) => claimGuide(tx, community.id, clock.now())))) return reply
    const guide = guideBlock({ locale: community.locale, timeZone: community.timeZone }, translator(locale))
    return { ...reply, card: { ...reply.card, blocks: [...reply.card.blocks, guide] } }
  } catch (error) {
    // What was asked for is done; that the guide could not be marked as shown is no reason to keep the answer back.
    log.warn({ err: error }, 'the guide was not shown')
    return reply
  }
}
