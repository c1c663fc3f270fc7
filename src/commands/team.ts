// /study team create | join | leave | list, and /study-admin team, which renames one.

import * as z from 'zod'
import { noticeCard } from '../cards/notice.ts'
import { askMoveCard, markOf, teamListCard, unpackName } from '../cards/teams.ts'
import type { Card } from '../chat/card.ts'
import { type ActionHandlers, defineCommand, textOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { md, paragraphs, visible } from '../chat/markdown.ts'
import { searchKey } from '../content/normalize.ts'
import { type Translator, translator } from '../locales/locale.ts'
import type { Membership } from '../study/membership.ts'
import {
  createTeam,
  joinTeam,
  leaveTeam,
  type MayLeave,
  MOST_TEAMS,
  prepareTeam,
  renameTeam,
  TEAM_NAME_LENGTH,
  type TeamOutcome,
  teamsOf,
} from '../study/teams.ts'
import type { Context, StudyCommand } from './context.ts'
import { usage } from './help.ts'
import { inCommunity } from './member.ts'
import { RENAMING } from './reading/synonyms.ts'

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
        said(
          context,
          invocation,
          member,
          await createTeam(context.store, member, name, invocation.receivedAt, () => false),
          name,
        ),
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
        said(context, invocation, member, await joinTeam(context.store, member, { name }, unlessDissolved), name),
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
        said(context, invocation, member, await leaveTeam(context.store, member)),
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

export const prepareTeamCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'team-create'],
  audience: 'admin',
  pace: 'quick',
  options: named,
  describe: (locale) => translator(locale)('command.team-prepare', { returnObjects: true }),
  describeOption: (locale) => translator(locale)('option.team', { returnObjects: true }),
  run: (context: Context, invocation, { name }) =>
    inCommunity(context, invocation, async (member) => {
      const t = translator(invocation.locale)
      const outcome = await prepareTeam(context.store, member.community, name, invocation.receivedAt)
      switch (outcome.kind) {
        case 'prepared':
          return privately(noticeCard('success', t('team.prepared.title'), t('team.prepared.text', outcome)))
        case 'exists':
          return privately(noticeCard('warning', t('team.exists.title'), t('team.exists.rename', outcome)))
        case 'bad-name':
          return privately(badName(t))
        case 'too-many':
          return privately(noticeCard('warning', t('team.tooMany.title'), t('team.tooMany.text', { max: MOST_TEAMS })))
      }
    }),
})

export const renameTeamCommand: StudyCommand = defineCommand({
  path: ['study-admin', 'team'],
  audience: 'admin',
  pace: 'quick',
  options: z.object({ team: textOption(TEAM_NAME_LENGTH), name: textOption(TEAM_NAME_LENGTH) }),
  describe: (locale) => translator(locale)('command.team-rename', { returnObjects: true }),
  describeOption: (locale, option) =>
    translator(locale)(option === 'team' ? 'option.renamed' : 'option.newName', { returnObjects: true }),
  run: (context: Context, invocation, { team, name }) =>
    inCommunity(context, invocation, async (member) => {
      const { store } = context
      const t = translator(invocation.locale)
      const keys = (await teamsOf(store, member)).map((each) => searchKey(each.name))
      const given = { from: team, to: name }
      const bare = withoutVerb(given)
      const possible = [...readings(given), ...(bare ? readings(bare) : [])]
      const meant = possible.find(({ from }) => keys.includes(searchKey(from))) ?? bare ?? given
      const outcome = await renameTeam(store, member.community, meant)
      switch (outcome.kind) {
        case 'renamed':
          return privately(noticeCard('success', t('team.renamed.title'), t('team.renamed.text', outcome)))
        case 'exists':
          return privately(noticeCard('warning', t('team.exists.title'), t('team.exists.rename', outcome)))
        case 'bad-name':
          return privately(badName(t))
        case 'unknown': {
          const how = t('grammar.usage', { usage: usage(renameTeamCommand, invocation.locale) })
          const { from, to } = bare ?? given
          // Where the one name ends and the other begins, nobody knows.
          const what =
            readings({ from, to }).length > 2
              ? t('team.unknown.undivided', { names: visible(`${from} ${to}`) })
              : t('team.unknown.rename', { team: visible(from) })
          const text = paragraphs([md`${what}`, md`${how}`])
          const notice = noticeCard('warning', t('team.unknown.title'), text)
          const { blocks } = await list(context, invocation, member)
          // What the list says about joining is for members.
          const teams = blocks.filter(({ type }) => type !== 'note')
          return privately({ ...notice, blocks: [...notice.blocks, ...teams] })
        }
      }
    }),
})

/** The two names of a line that may both have spaces: as they were given, then the team's with the most words first. */
function readings(given: { readonly from: string; readonly to: string }): { from: string; to: string }[] {
  // Of a line the first name is one word: what has more came in one piece, from a form or in quotation marks.
  if (/\s/.test(given.from)) return [given]
  const words = `${given.from} ${given.to}`.split(/\s+/)
  const places = Array.from({ length: words.length - 1 }, (_, i) => words.length - 1 - i)
  return [given, ...places.map((at) => ({ from: words.slice(0, at).join(' '), to: words.slice(at).join(' ') }))]
}

/** The two names without the word that the command goes by already: "rename A B", "이름 바꾸기 A B". */
function withoutVerb({ from, to }: { readonly from: string; readonly to: string }) {
  const words = `${from} ${to}`.split(/\s+/)
  const length = [2, 1].find((each) => RENAMING.has(searchKey(words.slice(0, each).join(' ')))) ?? 0
  const [first, ...rest] = words.slice(length)
  return length > 0 && first !== undefined && rest.length > 0 ? { from: first, to: rest.join(' ') } : undefined
}

export const teamActions: ActionHandlers<Context> = {
  'team.pick': async (context, invocation, _action, picked = '') =>
    inCommunity(context, invocation, async (member) =>
      said(context, invocation, member, await joinTeam(context.store, member, { id: picked }, unlessDissolved)),
    ),
  'team.create': async (context, invocation, { args: [packed = '', mark] }) =>
    inCommunity(context, invocation, async (member) => {
      const { store } = context
      const name = unpackName(packed)
      const outcome = await createTeam(store, member, name, invocation.receivedAt, (team) => markOf(team) === mark)
      return { ...(await said(context, invocation, member, outcome, name)), mode: 'update' }
    }),
  'team.join': async (context, invocation, { args: [id = '', mark] }) =>
    inCommunity(context, invocation, async (member) => {
      const outcome = await joinTeam(context.store, member, { id }, (team) => markOf(team) === mark)
      return { ...(await said(context, invocation, member, outcome)), mode: 'update' }
    }),
}

/** Whoever joins a team wants to leave the other one, but may not know that it goes. */
const unlessDissolved: MayLeave = ({ dissolves }) => !dissolves

async function list({ store }: Context, { locale }: Invocation, member: Membership) {
  return teamListCard(await teamsOf(store, member), translator(locale))
}

function badName(t: Translator): Card {
  return noticeCard('warning', t('team.badName.title'), t('team.badName.text', { max: TEAM_NAME_LENGTH }))
}

/**
 * What came of it, as a card; a team that is not there comes with the list.
 *
 * @param typed its name, where it was not chosen by a button
 */
async function said(
  context: Context,
  invocation: Invocation,
  member: Membership,
  outcome: TeamOutcome,
  typed?: string,
): Promise<Reply> {
  const t = translator(invocation.locale)
  switch (outcome.kind) {
    case 'created':
    case 'joined': {
      const { kind, team, before } = outcome
      const said = t(`team.${kind}.text`, { team })
      const left = before && t(`team.before.${before.dissolved ? 'dissolved' : 'left'}`, { team: before.team })
      return privately(noticeCard('success', t(`team.${kind}.title`), left ? `${said} ${left}` : said))
    }
    case 'already':
    case 'left':
    case 'dissolved':
      return privately(
        noticeCard('success', t(`team.${outcome.kind}.title`), t(`team.${outcome.kind}.text`, { team: outcome.team })),
      )
    case 'exists':
      return privately(noticeCard('warning', t('team.exists.title'), t('team.exists.text', { team: outcome.team })))
    case 'would-leave':
      return privately(askMoveCard(outcome, t))
    case 'not-in':
      return privately(noticeCard('info', t('team.notIn.title'), t('team.notIn.text')))
    case 'too-many':
      return privately(noticeCard('warning', t('team.tooMany.title'), t('team.tooMany.text', { max: MOST_TEAMS })))
    case 'bad-name':
      return privately(badName(t))
    case 'unknown': {
      const teams = await list(context, invocation, member)
      const key = teams.rows.length > 0 ? 'text' : 'nothingToPick'
      const text = typed === undefined ? t('team.unknown.gone') : t(`team.unknown.${key}`, { team: visible(typed) })
      const notice = noticeCard('warning', t('team.unknown.title'), text)
      return privately({ ...notice, blocks: [...notice.blocks, ...teams.blocks], rows: teams.rows })
    }
  }
}
