// Cards of teams: the list, with a way in.

import { encodeAction } from '../chat/action.ts'
import type { Card } from '../chat/card.ts'
import { md } from '../chat/markdown.ts'
import type { Translator } from '../locales/locale.ts'

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
