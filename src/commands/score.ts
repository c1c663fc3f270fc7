// /study score [member] and /study leaderboard [period] [of].

import * as z from 'zod'
import {
  BOARDS,
  type Board,
  type BoardName,
  leaderboardCard,
  PERIODS,
  type PeriodName,
  scoreCard,
} from '../cards/boards.ts'
import { noticeCard } from '../cards/notice.ts'
import { type ActionHandlers, choiceOption, defineCommand, memberOption } from '../chat/command.ts'
import { type Invocation, privately, type Reply } from '../chat/invocation.ts'
import { searchKey } from '../content/normalize.ts'
import { translator } from '../locales/locale.ts'
import { findHome, findMember } from '../store/people.ts'
import { findPost } from '../store/posts.ts'
import { seePost } from '../study/answer.ts'
import { DIRECT, type Membership } from '../study/membership.ts'
import { memberBoard, namedCategories, scoreOf, teamBoard } from '../study/standings.ts'
import { teamOf } from '../study/teams.ts'
import type { Context, StudyCommand } from './context.ts'
import { asMember, type Called, inCommunity, memberCalled, namesShown, shownAs } from './member.ts'

export const scoreCommand: StudyCommand = defineCommand({
  path: ['study', 'score'],
  audience: 'member',
  pace: 'quick',
  options: z.object({ member: memberOption() }),
  describe: (locale) => translator(locale)('command.score', { returnObjects: true }),
  describeOption: (locale) => translator(locale)('option.member', { returnObjects: true }),
  run: (context: Context, invocation, { member: who }) =>
    asMember(context, invocation, async (caller) => {
      const { store, library } = context
      const { locale } = invocation
      const t = translator(locale)
      const shown = await whose(context, invocation, caller, who)
      // Whoever writes directly may have left the server since, or been made to.
      const isSelf = shown.kind === 'shown' && shown.member.person === caller.person
      if (!invocation.connection && !isSelf) {
        return privately(noticeCard('info', t('score.elsewhere.title'), t('score.elsewhere.text')))
      }
      if (shown.kind !== 'shown') {
        const name = shownAs(invocation, who ?? '')
        const key = shown.kind === 'nobody' ? 'unknownMember' : 'severalMembers'
        const names = shown.kind === 'nobody' ? '' : namesShown(shown.names)
        return privately(noticeCard('warning', t(`score.${key}.title`), t(`score.${key}.text`, { name, names })))
      }
      const { member, name } = shown
      const score = await scoreOf(store.db, member.community, member.person, invocation.receivedAt)
      const categories = namedCategories(score, library)
      const team = (await teamOf(store, member))?.name
      // A direct message belongs to no community: the card says whose score it shows.
      const place = invocation.connection || member.community.name === DIRECT ? undefined : member.community.name
      const isDirect = invocation.connection === undefined
      return privately(scoreCard({ ...score, name, team, place, categories, self: isSelf, isDirect }, locale, t))
    }),
})

/** What people call themselves. */
const SELF: ReadonlySet<string> = new Set(['나', '내', '내점수', '저', '제', '본인', 'me', 'my', 'mine', 'myself'])

/** The member to show: the caller, or the one named, by a part of the name if it is nobody else's. */
async function whose(
  context: Context,
  invocation: Invocation,
  caller: Membership,
  who: string | undefined,
): Promise<{ kind: 'shown'; member: Membership; name: string } | Extract<Called, { kind: 'several' | 'nobody' }>> {
  const own = { kind: 'shown', member: caller, name: invocation.account.name } as const
  if (who === undefined || who.trim() === '') return own
  const { community } = caller
  // A part of a name is enough: a score is no more than what the board tells everybody.
  const match = await memberCalled(context, community.id, invocation, who)
  // Somebody may go by such a name; "me" as a part of one is nobody's.
  if (match.kind !== 'one' && SELF.has(searchKey(who))) return own
  if (match.kind === 'several' || match.kind === 'nobody') return match
  const row = await findMember(context.store.db, community.id, match.person_id)
  return {
    kind: 'shown',
    member: { community, person: match.person_id, team: row?.team_id ?? undefined },
    name: match.name,
  }
}

export const leaderboardCommand: StudyCommand = defineCommand({
  path: ['study', 'leaderboard'],
  audience: 'member',
  pace: 'quick',
  options: z.object({ period: choiceOption(PERIODS, 'week'), of: choiceOption(BOARDS, 'members') }),
  describe: (locale) => translator(locale)('command.leaderboard', { returnObjects: true }),
  describeOption: (locale, option) =>
    translator(locale)(option === 'period' ? 'option.period' : 'option.of', { returnObjects: true }),
  run: async (context: Context, invocation, { period, of }) => showBoard(context, invocation, period, of, 'new'),
})

export const boardActions: ActionHandlers<Context> = {
  'board.show': async (context, invocation, { args: [periodArg, ofArg, post] }) => {
    if (post !== undefined) await see(context, invocation, post)
    const period = PERIODS.find((each) => each === periodArg) ?? 'week'
    const of = BOARDS.find((each) => each === ofArg) ?? 'members'
    return showBoard(context, invocation, period, of, 'update')
  },
}

/** A press on a posted board shows that it is there, even when nobody knew. */
async function see({ store }: Context, invocation: Invocation, id: string): Promise<void> {
  const post = await findPost(store.db, id)
  const home = post && (await findHome(store.db, post.community_id))
  const isHere = home?.platform === invocation.platform && home.connection === invocation.connection?.id
  if (post && isHere) await seePost(store, post, invocation)
}

async function showBoard(
  context: Context,
  invocation: Invocation,
  period: PeriodName,
  of: BoardName,
  mode: Reply['mode'],
): Promise<Reply> {
  return inCommunity(context, invocation, async (member) => {
    const { db } = context.store
    const now = invocation.receivedAt
    const board =
      of === 'members'
        ? membersAsCard(period, await memberBoard(db, member, period, now))
        : { ...teamsAsCard(period, await teamBoard(db, member, period, now)), teamless: member.team === undefined }
    return privately(leaderboardCard(board, translator(invocation.locale)), mode)
  })
}

function membersAsCard(period: PeriodName, { lines, own, size }: Awaited<ReturnType<typeof memberBoard>>): Board {
  const row = (line: (typeof lines)[number]) => ({ ...line, detail: { right: line.right, answered: line.answered } })
  return { of: 'members', period, rows: lines.map(row), own: own && row(own), size }
}

function teamsAsCard(period: PeriodName, { lines, own, size }: Awaited<ReturnType<typeof teamBoard>>): Board {
  const row = (line: (typeof lines)[number]) => ({
    ...line,
    points: Math.round(line.points * 10) / 10,
    detail: { total: line.total, scorers: line.scorers },
  })
  return { of: 'teams', period, rows: lines.map(row), own: own && row(own), size }
}
