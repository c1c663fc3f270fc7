// The home tab: drawn when it is opened, and again when something on it changed. https://docs.slack.dev/surfaces/app-home

import type { App } from '@slack/bolt'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { homeCard } from '../../cards/home.ts'
import type { Card } from '../../chat/card.ts'
import type { Clock } from '../../clock.ts'
import type { Library } from '../../content/library.ts'
import { translator } from '../../locales/locale.ts'
import type { Store } from '../../store/open.ts'
import { findAccount, findMember } from '../../store/people.ts'
import { listSchedules } from '../../store/schedules.ts'
import { communityOf, type Defaults, type Membership } from '../../study/membership.ts'
import { memberBoard, namedCategories, scoreOf } from '../../study/standings.ts'
import { teamOf } from '../../study/teams.ts'
import { toPlatformError } from './errors.ts'
import { accountId } from './ids.ts'
import type { People, Profile } from './people.ts'
import { renderView } from './render.ts'
import { teamOfEvent } from './sources.ts'
import type { Workspaces } from './workspaces.ts'

export type HomeParts = {
  readonly store: Store
  readonly library: Library
  readonly clock: Clock
  readonly defaults: Defaults
  /** Puts the names that the commands have in Slack into a card. */
  readonly spoken: (card: Card) => Card
  readonly workspaces: Workspaces
  readonly people: People
  readonly track: (work: () => Promise<void>) => Promise<boolean>
  readonly log: Logger
}

/** How many open home tabs are kept up to date; whoever opened one longest ago goes first. */
const KEPT = 1000

export type HomeTabs = {
  /** Draws a person's tab anew, if they ever opened it and it changed. */
  refresh(team: string, user: string): void
}

export function createHomeTabs(app: App, parts: HomeParts): HomeTabs {
  const { clock, people, workspaces, track, log } = parts
  /** What was published last, by team and user. */
  const shown = new LRUCache<string, string>({ max: KEPT })

  async function publish(team: string, user: string, always: boolean): Promise<void> {
    const profile = await people.profile(team, user)
    const { clients, teamName } = await workspaces.of(team)
    const card = await cardOf(parts, { team, teamName, user, profile, now: clock.now() })
    const blocks = renderView(parts.spoken(card))
    const drawn = JSON.stringify(blocks)
    const key = `${team}/${user}`
    if (!always && shown.get(key) === drawn) return
    await clients.read.views.publish({ user_id: user, view: { type: 'home', blocks } })
    shown.set(key, drawn)
  }

  /** Tabs that are being drawn, each with what was asked for meanwhile. */
  const drawing = new Map<string, { always: boolean }[]>()

  /** One drawing at a time for each tab: what was read earlier must not be shown later. */
  async function draw(team: string, user: string, always: boolean): Promise<void> {
    const key = `${team}/${user}`
    const running = drawing.get(key)
    if (running) return void running.push({ always })
    const asked = [{ always }]
    drawing.set(key, asked)
    while (asked.length > 0) {
      const isForced = asked.splice(0).some((each) => each.always)
      try {
        await publish(team, user, isForced)
      } catch (error) {
        log.warn({ reason: toPlatformError(error).message }, 'a home tab was not drawn')
      }
    }
    drawing.delete(key)
  }

  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab === 'home') await track(() => draw(teamOfEvent(body, context), event.user, true))
  })

  return {
    refresh(team, user) {
      if (shown.has(`${team}/${user}`)) void track(() => draw(team, user, false))
    },
  }
}

type Viewer = {
  readonly team: string
  readonly teamName: string
  readonly user: string
  readonly profile: Profile | undefined
  readonly now: number
}

/** Reads only: who opens a tab has not taken part yet, and who was forgotten stays so. */
async function cardOf({ store, library, defaults }: HomeParts, viewer: Viewer): Promise<Card> {
  const { team, teamName, user, profile, now } = viewer
  const { db } = store
  const community = await communityOf(store, { platform: 'slack', id: team, name: teamName }, defaults, now)
  const account = await findAccount(db, 'slack', accountId(team, user))
  const row = account && (await findMember(db, community.id, account.person_id))
  const member: Membership = { community, person: row?.person_id ?? '', team: row?.team_id ?? undefined }
  const { lines, own, size } = await memberBoard(db, member, 'week', now)
  const toRow = (line: (typeof lines)[number]) => ({ ...line, detail: { right: line.right, answered: line.answered } })
  const upcoming = (await listSchedules(db, community.id))
    .flatMap(({ next_slot_at: at, channel_name: channel }) => (at === null ? [] : [{ at, channel }]))
    .sort((a, b) => a.at - b.at)
  const locale = profile?.locale ?? community.locale
  const [subject] = library.subjects
  const score = row && (await scoreOf(db, community, row.person_id, now))
  return homeCard(
    {
      score: score && {
        ...score,
        name: row.name,
        self: true,
        place: undefined,
        team: (await teamOf(store, member))?.name,
        categories: namedCategories(score, library),
      },
      board: { of: 'members', period: 'week', rows: lines.map(toRow), own: own && toRow(own), size },
      next: upcoming[0],
      timeZone: community.timeZone,
      command: `/${subject?.command ?? ''}`,
      subject: subject?.id ?? '',
    },
    locale,
    translator(locale),
  )
}
