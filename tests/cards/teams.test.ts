import { describe, expect, it } from 'vitest'
import { askMoveCard, markOf, type TeamLine, teamListCard, unpackName } from '../../src/cards/teams.ts'
import { decodeAction } from '../../src/chat/action.ts'
import { type Card, plainText } from '../../src/chat/card.ts'
import { translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { TEAM_NAME_LENGTH } from '../../src/study/teams.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'

const ko = translator('ko')
const team = (name: string, members: number, own = false): TeamLine => ({ id: `id-${name}`, name, members, own })
const optionsOf = (card: Card) =>
  card.rows.flat().flatMap((action) => (action.type === 'pick' ? action.options.map(({ value }) => value) : []))

describe('the list of teams', () => {
  it('shows every team with its members, the own one marked', () => {
    expect(plainText(teamListCard([team('블루', 3), team('레드', 1, true)], ko))).toBe(
      [
        '팀 목록',
        '- 블루 · 3명\n- 레드 · 1명 (우리 팀)',
        '팀은 한 번에 하나만 들어갈 수 있어요. 팀을 옮겨도 이미 얻은 점수는 그때의 팀에 남아요.',
        '들어갈 팀 고르기: 블루',
      ].join('\n\n'),
    )
    expect(plainText(teamListCard([team('Blue', 1)], translator('en')))).toContain('- Blue · 1 member\n')
  })

  it('offers the teams that one is not in, by id', () => {
    expect(optionsOf(teamListCard([team('a', 1), team('b', 1, true), team('c', 1)], ko))).toEqual(['id-a', 'id-c'])
  })

  it('offers nothing to pick when the own team is the only one', () => {
    expect(teamListCard([team('a', 1, true)], ko).rows).toEqual([])
  })

  it('lists all of many teams, and offers as many as a picker of any platform holds', () => {
    const card = teamListCard(
      Array.from({ length: 30 }, (_, i) => team(`team${i}`, i)),
      ko,
    )
    expect(plainText(card).match(/^- team\d+ · /gm)).toHaveLength(30)
    expect(optionsOf(card)).toHaveLength(25)
  })

  it('without teams says how to start one', () => {
    const card = teamListCard([], ko)
    expect(plainText(card)).toContain('/study 팀 만들기')
    expect(card.rows).toEqual([])
  })

  it.each(HOSTILE)('shows a team called %s by exactly that name', async (name) => {
    const card = teamListCard([team(name, 2), team(name, 1, true)], ko)
    const lines = plainText(card).split('\n')
    for (const line of [`- ${name} · 2명`, `- ${name} · 1명 (우리 팀)`, `들어갈 팀 고르기: ${name}`]) {
      expect(lines).toContain(line)
    }
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
  })
})

describe('the question before a team is left for another', () => {
  const leaving = (team: string) => ({ id: 'V1StGXR8_Z5jdHi6B-myT', team, dissolves: true })
  const buttonOf = (card: Card) => {
    const [action] = card.rows.flat()
    return action?.type === 'button' ? decodeAction(action.id) : undefined
  }

  it.each(HOSTILE)('says exactly what both are called, and has the name in its button: %s', async (name) => {
    const card = askMoveCard({ leaving: leaving(name), wanted: { name } }, ko)
    expect(card.title).toBe(`“${name}” 팀을 만들까요?`)
    expect(plainText(card)).toContain(`지금 “${name}” 팀에 있어요.`)
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
    const short = Array.from(name).slice(0, TEAM_NAME_LENGTH).join('')
    const [packed = '', mark] =
      buttonOf(askMoveCard({ leaving: leaving(name), wanted: { name: short } }, ko))?.args ?? []
    expect([unpackName(packed), mark]).toEqual([short, markOf(leaving(name))])
  })

  it('before joining has the id of the team, and says what it means for the other one', () => {
    const card = askMoveCard({ leaving: { ...leaving('A'), dissolves: false }, wanted: { id: 'id-b', name: 'B' } }, ko)
    expect(plainText(card)).toContain('“B” 팀에 들어가면 “A” 팀에서 나와요. 들어갈까요?')
    expect(buttonOf(card)).toMatchObject({ kind: 'team.join', args: ['id-b', 'V1StGX0'] })
  })
})
