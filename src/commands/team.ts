// /study team create | join | leave | list.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { teamListCard } from '../cards/teams.ts'
import { type ActionHandlers, defineCommand, textOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { visible } from '../chat/markdown.ts'
import { translator } from '../locales/locale.ts'
import type { Membership } from '../study/membership.ts'
import {
  createTeam,
  joinTeam,
  leaveTeam,
  MOST_TEAMS,
  TEAM_NAME_LENGTH,
  type TeamOutcome,
  teamsOf,
} from '../study/teams.ts'
import type { Context, StudyCommand } from './context.ts'
import { inCommunity } from './member.ts'

const named = z.object({ name: textOption(TEAM_NAME_LENGTH) })

export const teamCommands: readonly StudyCommand[] = [
  defineCommand({
    path: ['study', 'team', 'create'],
    audience: 'member',
    pace: 'quick',
    options: named,
    describe: (locale) => translator(locale)('command.team-create', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.team', { returnObjects: true }),
    run: (context: Context, invocation, { name }) =>
      inCommunity(context, invocation, async (member) =>
        said(context, invocation, member, await createTeam(context.store, member, name, invocation.receivedAt), name),
      ),
  }),
  defineCommand({
    path: ['study', 'team', 'join'],
    audience: 'member',
    pace: 'quick',
    options: named,
    describe: (locale) => translator(locale)('command.team-join', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.team', { returnObjects: true }),
    run: (context: Context, invocation, { name }) =>
      inCommunity(context, invocation, async (member) =>
        said(context, invocation, member, await joinTeam(context.store, member, { name }), name),
      ),
  }),
  defineCommand({
    path: ['study', 'team', 'leave'],
    audience: 'member',
    pace: 'quick',
    options: z.object({}),
    describe: (locale) => translator(locale)('command.team-leave', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.team', { returnObjects: true }),
    run: (context: Context, invocation) =>
      inCommunity(context, invocation, async (member) =>
        said(context, invocation, member, await leaveTeam(context.store, member), ''),
      ),
  }),
  defineCommand({
    path: ['study', 'team', 'list'],
    audience: 'member',
    pace: 'quick',
    options: z.object({}),
    describe: (locale) => translator(locale)('command.team-list', { returnObjects: true }),
    describeOption: (locale) => translator(locale)('option.team', { returnObjects: true }),
    run: (context: Context, invocation) =>
      inCommunity(context, invocation, async (member) => privately(await list(context, invocation, member))),
  }),
]

export const teamActions: ActionHandlers<Context> = {
  'team.pick': async (context, invocation, _action, picked = '') =>
    inCommunity(context, invocation, async (member) =>
      said(context, invocation, member, await joinTeam(context.store, member, { id: picked }), picked),
    ),
}

async function list({ store }: Context, { locale }: Invocation, member: Membership) {
  return teamListCard(await teamsOf(store, member), translator(locale))
}

/** What came of it, as a card; a name that fits no team comes with the list. */
async function said(
  context: Context,
  invocation: Invocation,
  member: Membership,
  outcome: TeamOutcome,
  typed: string,
): Promise<Reply> {
  const t = translator(invocation.locale)
  switch (outcome.kind) {
    case 'created':
    case 'joined':
    case 'already':
    case 'left':
    case 'dissolved':
      return privately(
        noticeCard('success', t(`team.${outcome.kind}.title`), t(`team.${outcome.kind}.text`, { team: outcome.team })),
      )
    case 'exists':
      return privately(noticeCard('warning', t('team.exists.title'), t('team.exists.text', { team: outcome.team })))
    case 'not-in':
      return privately(noticeCard('info', t('team.notIn.title'), t('team.notIn.text')))
    case 'too-many':
      return privately(noticeCard('warning', t('team.tooMany.title'), t('team.tooMany.text', { max: MOST_TEAMS })))
    case 'bad-name':
      return privately(
        noticeCard('warning', t('team.badName.title'), t('team.badName.text', { max: TEAM_NAME_LENGTH })),
      )
    case 'unknown': {
      const teams = await list(context, invocation, member)
      const text = t(teams.rows.length > 0 ? 'team.unknown.text' : 'team.unknown.nothingToPick', {
        team: visible(typed),
      })
      const notice = noticeCard('warning', t('team.unknown.title'), text)
      return privately({ ...notice, blocks: [...notice.blocks, ...teams.blocks], rows: teams.rows })
    }
  }
}
