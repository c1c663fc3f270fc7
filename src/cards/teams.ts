// Cards of teams: the list, with a way in, and the question before one is left for another.

import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Translator } from '../locales/locale.ts'
import type { Leaving, Wanted } from '../study/teams.ts'
import { noticeCard } from './notice.ts'

export type TeamLine = { readonly id: string; readonly name: string; readonly members: number; readonly own: boolean }

/** Every select of a platform holds at least this many options (Discord's limit). */
const PICKABLE = 25

export function teamListCard(teams: readonly TeamLine[], t: Translator): Card {
  if (teams.length === 0) {
    return {
      title: t('team.listTitle'),
      accent: 'info',
      blocks: [{ type: 'text', text: md`${t('team.none')}` }],
      rows: [],
    }
  }
  const others = teams.filter((team) => !team.own).slice(0, PICKABLE)
  return {
    title: t('team.listTitle'),
    accent: 'info',
    blocks: [
      {
        type: 'list',
        ordered: false,
        items: teams.map((team) => {
          const members = t('team.members', { count: team.members })
          return team.own ? md`**${team.name}** · ${members} (${t('board.yourTeam')})` : md`${team.name} · ${members}`
        }),
      },
      { type: 'note', text: md`${t('team.hint')}` },
    ],
    rows:
      others.length === 0
        ? []
        : [
            [
              {
                type: 'pick',
                id: encodeAction('team.pick'),
                label: t('team.pick'),
                options: others.map((team) => ({ value: team.id, label: team.name })),
              },
            ],
          ],
  }
}

/** Asks whether to leave a team for another, by a button that goes on: for exactly what this card says. */
export function askMoveCard({ leaving, wanted }: { leaving: Leaving; wanted: Wanted }, t: Translator): Card {
  const way = wanted.id === undefined ? 'create' : 'join'
  const said = leaving.dissolves ? 'dissolves' : 'situation'
  const situation = t(`team.ask.${way}.${said}`, { from: leaving.team, to: wanted.name })
  const id =
    wanted.id === undefined ? createId(wanted.name, leaving) : encodeAction('team.join', wanted.id, markOf(leaving))
  const title = t(`team.ask.${way}.title`, { to: wanted.name })
  if (id === undefined) return noticeCard('warning', title, `${situation} ${t('team.ask.create.leaveFirst')}`)
  const yes = { type: 'button', primary: false, label: t(`team.ask.${way}.yes`), id } as const
  return noticeCard('warning', title, `${situation} ${t(`team.ask.${way}.question`)}`, [[yes]])
}

/** What a button was made for, in few characters: a team that was left meanwhile, or has become empty, is asked about anew. */
export function markOf({ id, dissolves }: Leaving): string {
  return `${id.slice(0, 6)}${dissolves ? 1 : 0}`
}

/** How much of a name an action id holds. UTF-16, in which Hangul takes a third less than in UTF-8. */
const LONGEST_PACKED = 80

function createId(name: string, leaving: Leaving): string | undefined {
  const packed = Buffer.from(name, 'utf16le').toString('base64url')
  // Thirty characters of the basic plane fit; emoji take two places each.
  return packed.length > LONGEST_PACKED ? undefined : encodeAction('team.create', packed, markOf(leaving))
}

/** The name that a button carries. It may be made up. */
export function unpackName(packed: string): string {
  return Buffer.from(packed, 'base64url').toString('utf16le')
}
