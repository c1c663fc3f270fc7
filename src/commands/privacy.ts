// /study my-data and /study forget-me.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { confirmForgetCard, myDataCard } from '../cards/privacy.ts'
import { type ActionHandlers, defineCommand } from '../chat/command.ts'
import { privately } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { forget, keptBeside, keptData } from '../study/privacy.ts'
import type { Context, StudyCommand } from './context.ts'
import { asMember } from './member.ts'

const none = { name: '', summary: '' }

export const privacyCommands: readonly StudyCommand[] = [
  defineCommand({
    path: ['study', 'my-data'],
    audience: 'member',
    pace: 'quick',
    options: z.object({}),
    describe: (locale) => translator(locale)('command.my-data', { returnObjects: true }),
    describeOption: () => none,
    run: (context: Context, invocation) =>
      asMember(context, invocation, async (member) => {
        const kept = {
          ...(await keptData(context.store, member, invocation.receivedAt)),
          ...(await keptBeside(context.store, member)),
        }
        const { platform, account, locale } = invocation
        return privately(myDataCard({ ...kept, platform, account: account.id }, locale, translator(locale)))
      }),
  }),
  defineCommand({
    path: ['study', 'forget-me'],
    audience: 'member',
    pace: 'quick',
    options: z.object({}),
    describe: (locale) => translator(locale)('command.forget-me', { returnObjects: true }),
    describeOption: () => none,
    run: async (_context: Context, invocation) => privately(confirmForgetCard(translator(invocation.locale))),
  }),
]

export const privacyActions: ActionHandlers<Context> = {
  'privacy.ask': async (_context, invocation) => privately(confirmForgetCard(translator(invocation.locale)), 'update'),
  'privacy.keep': async (_context, invocation) => {
    const t = translator(invocation.locale)
    return privately(noticeCard('info', t('forget.kept.title'), t('forget.kept.text')), 'update')
  },
  'privacy.forget': async (context, invocation) =>
    asMember(context, invocation, async (member) => {
      await forget(context.store, member)
      const t = translator(invocation.locale)
      return privately(noticeCard('success', t('forget.done.title'), t('forget.done.text')), 'update')
    }),
}
