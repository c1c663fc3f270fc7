// What most commands begin with: the member behind the invocation.

import { noticeCard } from '../cards/notice.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { enter, type Membership } from '../study/membership.ts'
import type { Context } from './context.ts'

/** Runs `work` for the member, or explains that this place has no community (a direct message). */
export async function asMember(
  { store, defaults }: Context,
  invocation: Invocation,
  work: (member: Membership) => Promise<Reply>,
): Promise<Reply> {
  const member = await enter(store, invocation, defaults, invocation.receivedAt)
  if (member) return work(member)
  const t = translator(invocation.locale)
  return privately(noticeCard('info', t('error.noCommunity.title'), t('error.noCommunity.text')))
}
