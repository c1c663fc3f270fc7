// What most commands begin with: the member behind the invocation.

import { noticeCard } from '../cards/notice.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { enter, type Membership } from '../study/membership.ts'
import type { Context } from './context.ts'

/** Runs `work` for the member, in a direct message too. */
export async function asMember(
  { store, defaults }: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  return work(await enter(store, invocation, defaults, invocation.receivedAt))
}

/** Runs `work` for the member, or explains that a direct message has no board and no teams. */
export async function inCommunity(
  context: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  if (invocation.connection) return asMember(context, invocation, work)
  const t = translator(invocation.locale)
  return privately(noticeCard('info', t('error.noCommunity.title'), t('error.noCommunity.text')))
}
