// /study-admin missing: what people looked up in vain.

import * as z from 'zod'
import { missedCard } from '../cards/missed.ts'
import { defineCommand } from '../chat/command.ts'
import { privately } from '../chat/invocation.ts'
import { translator } from '../locales/locale.ts'
import { missedQueries } from '../study/missed.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'

const SHOWN = 20

export const missingCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'missing'],
  audience: 'admin',
  pace: 'quick',
  options: z.object({}),
  describe: (locale) => translator(locale)('command.missing', { returnObjects: true }),
  describeOption: () => ({ name: '', summary: '' }),
  run: (context: Context, invocation) =>
    inCommunity(context, invocation, async ({ community }) => {
      const { locale } = invocation
      const missed = await missedQueries(context.store, community, SHOWN)
      return privately(missedCard({ missed, timeZone: community.timeZone }, locale, translator(locale)))
    }),
})
