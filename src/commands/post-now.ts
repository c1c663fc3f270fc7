// /study-admin post-now kind channel: one post apart from every schedule.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { blockedCard } from '../cards/schedules.ts'
import { kindText, pastReasonText } from '../cards/when.ts'
import { channelOption, defineCommand, requiredChoiceOption } from '../chat/command.ts'
import { idFor, privately } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { POST_KINDS } from '../store/tables.ts'
import { checkChannel, readChannel } from './add-schedule.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'

export const postNowCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'post-now'],
  audience: 'admin',
  pace: 'slow',
  options: z.object({ kind: requiredChoiceOption(POST_KINDS), channel: channelOption() }),
  describe: (locale) => translator(locale)('command.post-now', { returnObjects: true }),
  describeOption: (locale, option) =>
    translator(locale)(option === 'kind' ? 'option.kind' : 'option.channel', { returnObjects: true }),
  run: (context: Context, invocation, { kind, channel: typed }) =>
    inCommunity(context, invocation, async ({ community }) => {
      const t = translator(invocation.locale)
      const channel = readChannel(typed, t)
      if (typeof channel !== 'string') return privately(noticeCard('warning', channel.title, channel.text))
      const { label, obstacles } = await checkChannel(context, invocation, channel)
      if (obstacles.length > 0) return privately(blockedCard({ channel: label, obstacles }, t))
      const outcome = await context.delivery.postNow(community, kind, channel, idFor(invocation))
      switch (outcome.kind) {
        case 'posted': {
          const text = t('postNow.posted.text', { channel: label, kind: kindText(kind, t) })
          return privately(noticeCard('success', t('postNow.posted.title'), text))
        }
        case 'underway':
          return privately(noticeCard('info', t('postNow.underway.title'), t('postNow.underway.text')))
        case 'nothing':
          return privately(noticeCard('warning', t('postNow.nothing.title'), t('postNow.nothing.text')))
        case 'failed': {
          const key = outcome.reason === 'unknown' ? 'unsure' : 'failed'
          const text = t(`postNow.${key}.text`, { reason: pastReasonText(outcome.reason, t) })
          return privately(noticeCard('danger', t(`postNow.${key}.title`), text))
        }
      }
    }),
})
