import { describe, expect, it } from 'vitest'
import { confirmForgetCard, type MyData, myDataCard } from '../../src/cards/privacy.ts'
import { plainText } from '../../src/chat/card.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import { cardHtml } from '../../src/platforms/playground/html.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'
import { foreignMarkup } from '../support/fixtures/markup.ts'

const ko = translator('ko')
const data: MyData = {
  name: '민지',
  platform: 'discord',
  account: '123456789012345678',
  team: '블루',
  answers: 40,
  practice: 12,
  points: 512,
  since: '2026-11-22',
  joined: '2026-11-20',
  elsewhere: [],
  admin: 0,
  schedules: 0,
}

describe('what is kept about a person', () => {
  it('is all shown, with what it is for and the way to erase it', () => {
    expect(plainText(myDataCard(data, 'ko', ko))).toBe(
      [
        '나에 대해 저장된 것',
        [
          '이름: 민지',
          '계정: discord · 123456789012345678',
          '팀: 블루',
          '퀴즈 답: 40개',
          '연습 답: 12개',
          '전체 점수: 512점',
          '첫 답: 2026년 11월 22일',
          '처음 쓴 날: 2026년 11월 20일',
        ].join('\n'),
        ko('data.what'),
        '모두 지우려면 “/study 기록삭제”를 쓰세요.',
        '[내 기록 지우기]',
      ].join('\n\n'),
    )
  })

  it('says of no team that there is none, and nothing of a first answer that was not given', () => {
    const text = plainText(myDataCard({ ...data, team: undefined, since: undefined, answers: 0 }, 'ko', ko))
    expect(text).toContain('팀: 없음\n퀴즈 답: 0개')
    expect(text).not.toContain('첫 답')
  })

  it('names what only some have: rights, schedules, and other servers', () => {
    const elsewhere = [
      { name: '둘째 서버', answers: 12 },
      { name: undefined, answers: 1 },
    ]
    const some = { ...data, admin: 2, schedules: 3, elsewhere }
    expect(plainText(myDataCard(some, 'ko', ko))).toContain(
      ['봇 관리자 권한: 2곳', '만든 일정: 3개', '다른 곳의 기록: 둘째 서버 (답 12개), 다이렉트 메시지 (답 1개)'].join(
        '\n',
      ),
    )
    const english = plainText(myDataCard(some, 'en', translator('en')))
    expect(english).toContain('둘째 서버 (12 answers), direct messages (1 answer)')
    expect(english).toContain('Known here since: Nov 20, 2026\nAdmin of the bot: in 2 places')
  })

  it('leads to the question whether to erase it, not to erasing it', () => {
    expect(myDataCard(data, 'ko', ko).rows.flat()).toEqual([
      { type: 'button', primary: false, label: '내 기록 지우기', id: 'privacy.ask' },
    ])
  })

  it.each(HOSTILE)('shows the name %s exactly', async (name) => {
    const elsewhere = [{ name, answers: 1 }]
    const card = myDataCard({ ...data, name, team: name, account: name, elsewhere }, 'ko', ko)
    const lines = plainText(card).split('\n')
    for (const line of [`이름: ${name}`, `계정: discord · ${name}`, `팀: ${name}`, `다른 곳의 기록: ${name} (답 1개)`])
      expect(lines).toContain(line)
    expect(foreignMarkup(await cardHtml(card, 'ko'))).toEqual([])
  })
})

describe('the question before erasing', () => {
  it.each(LOCALES)('says what goes and that it is for good, and lets one keep it: %s', (locale) => {
    const t = translator(locale)
    const card = confirmForgetCard(t)
    expect(card.accent).toBe('danger')
    expect(plainText(card)).toContain(t('forget.what'))
    expect(card.rows).toEqual([
      [
        { type: 'button', primary: true, label: t('forget.yes'), id: 'privacy.forget' },
        { type: 'button', primary: false, label: t('forget.no'), id: 'privacy.keep' },
      ],
    ])
  })
})
