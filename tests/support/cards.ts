// Every kind of card that the bot makes of its own content, in every language: what renderers are tried on.

import { BOARDS, type BoardRow, leaderboardCard, PERIODS, scoreCard } from '../../src/cards/boards.ts'
import { calledCard } from '../../src/cards/called.ts'
import { comparisonCard, sideBySideCard } from '../../src/cards/compare.ts'
import { conceptCard } from '../../src/cards/concept.ts'
import { missedCard } from '../../src/cards/missed.ts'
import { noticeCard } from '../../src/cards/notice.ts'
import { confirmForgetCard, myDataCard } from '../../src/cards/privacy.ts'
import { closedQuizCard, postedQuizCard, practiceCard, resultCard, translatedQuizCard } from '../../src/cards/quiz.ts'
import { teamListCard } from '../../src/cards/teams.ts'
import { contentsCard, notFoundCard, topicCard } from '../../src/cards/topic.ts'
import { weeklyCard } from '../../src/cards/weekly.ts'
import type { Card } from '../../src/chat/card.ts'
import { helpCard, usageLine } from '../../src/commands/help.ts'
import { commandTable } from '../../src/commands/table.ts'
import { conceptSnapshot, takeConcept } from '../../src/content/concept.ts'
import { createIndex } from '../../src/content/search.ts'
import { takeSnapshot } from '../../src/content/snapshot.ts'
import { LOCALES, translator } from '../../src/locales/locale.ts'
import type { WeekInReview } from '../../src/study/weekly.ts'
import { present } from './builders.ts'
import { library } from './world.ts'

/** 21 characters, as nanoid makes them. */
export const POST_ID = 'V1StGXR8_Z5jdHi6B-myT'

export type NamedCard = readonly [name: string, card: Card]

const subject = present(library.subjects[0])
const topics = [...subject.topics.values()]
const commands = commandTable({
  library,
  indexes: new Map(library.subjects.map((each) => [each.id, createIndex(each)])),
})

/** Cards that are posted to a channel for everybody. */
export function postedCards(): NamedCard[] {
  return LOCALES.flatMap((locale) => {
    const t = translator(locale)
    const concepts = topics.map((topic, i): NamedCard => {
      const snapshot = conceptSnapshot.parse(takeConcept(library, topic, topics[i + 1]))
      return [`concept ${topic.id} ${locale}`, conceptCard({ snapshot, postId: POST_ID }, locale, t)]
    })
    const quizzes = topics.flatMap((topic) =>
      topic.questions.flatMap((question): NamedCard[] => {
        const snapshot = takeSnapshot(library, topic, question, () => 0.5)
        const closesAt = Date.parse('2026-11-23T09:00:00+09:00')
        const names = Array.from({ length: 10 }, (_, i) => ({ name: `참가자 ${i}`.repeat(4), points: 20, streak: i }))
        const spread = snapshot.choices.map((_, i) => i * 7)
        return [
          [
            `quiz ${question.id} ${locale}`,
            postedQuizCard({ snapshot, postId: POST_ID, closesAt, timeZone: 'Asia/Seoul' }, locale, t),
          ],
          [
            `closed ${question.id} ${locale}`,
            closedQuizCard({ snapshot, spread, scorers: names, more: 90, postId: POST_ID }, locale, t),
          ],
        ]
      }),
    )
    return [...concepts, [`week ${locale}`, weeklyCard({ review: WEEK, postId: POST_ID }, locale, t)], ...quizzes]
  })
}

const WEEK: WeekInReview = {
  week: { from: '2026-11-16', to: '2026-11-22' },
  winners: Array.from({ length: 10 }, (_, i) => ({
    rank: i + 1,
    name: `참가자 ${i}`.repeat(4),
    points: 99 - i,
    answered: 9,
    right: 7,
  })),
  size: 5000,
  improved: Array.from({ length: 3 }, (_, i) => ({ name: `참가자 ${i}`.repeat(4), gain: 9 - i })),
  teams: Array.from({ length: 5 }, (_, i) => ({
    rank: i + 1,
    name: `팀 ${i}`.repeat(6),
    points: 33.5,
    total: 67,
    scorers: 2,
  })),
}

/** Cards that answer one person. `name` stands for a member and a team. */
export function privateCards(name: string): NamedCard[] {
  return LOCALES.flatMap((locale): NamedCard[] => {
    const t = translator(locale)
    const row = (rank: number): BoardRow => ({
      rank,
      name,
      points: 1000 - rank,
      own: rank === 3,
      detail: { right: 30, answered: 40 },
    })
    const team = (rank: number): BoardRow => ({ ...row(rank), detail: { total: 90, scorers: 3 } })
    const boards = PERIODS.flatMap((period) =>
      BOARDS.map((of): NamedCard => {
        const rows = Array.from({ length: 10 }, (_, i) => (of === 'members' ? row(i + 1) : team(i + 1)))
        return [`board ${period} ${of} ${locale}`, leaderboardCard({ of, period, rows, size: 5000, own: rows[2] }, t)]
      }),
    )
    const questions = topics.flatMap((topic) => topic.questions.slice(0, 2).map((question) => ({ topic, question })))
    const quizzes = questions.flatMap(({ topic, question }): NamedCard[] => {
      const snapshot = takeSnapshot(library, topic, question, () => 0.5)
      const scored = { points: 10, weekPoints: 120, streak: 12 }
      return [
        [`practice ${question.id} ${locale}`, practiceCard({ snapshot, practiceId: POST_ID }, locale, t)],
        [
          `read ${question.id} ${locale}`,
          translatedQuizCard({ snapshot, postId: POST_ID, closesAt: 0, timeZone: 'Asia/Seoul' }, locale, t),
        ],
        [`result ${question.id} ${locale}`, resultCard({ snapshot, choice: 0, scored, press: 'again' }, locale, t)],
      ]
    })
    const categories = subject.categories.map((category) => ({ name: category.name, answered: 9, right: 7 }))
    const points = { week: 1, month: 2, all: 3 }
    const score = { name, self: false, team: name, place: name, points, rank: 1, answered: 40, right: 30 }
    return [
      ...topics.map(
        (topic): NamedCard => [
          `topic ${topic.id} ${locale}`,
          topicCard({ subject, topic, shareable: true }, locale, t),
        ],
      ),
      ...subject.comparisons.map(
        (comparison): NamedCard => [
          `comparison ${comparison.id} ${locale}`,
          comparisonCard({ subject, comparison }, locale, t),
        ],
      ),
      [`side by side ${locale}`, sideBySideCard({ first: present(topics[0]), second: present(topics[9]) }, locale, t)],
      [`contents ${locale}`, contentsCard(subject, locale, t)],
      [
        `not found ${locale}`,
        notFoundCard({ subject, query: name, nearest: topics.slice(0, 5), open: 'topic.show' }, locale, t),
      ],
      [
        `called ${locale}`,
        calledCard({ query: name, commands: commands.map((command) => usageLine(command, locale)) }, t),
      ],
      ...quizzes,
      ...boards,
      [`score ${locale}`, scoreCard({ ...score, streak: 4, categories, practised: 3 }, locale, t)],
      [`teams ${locale}`, teamListCard(teams(name), t)],
      [`no teams ${locale}`, teamListCard([], t)],
      [`help ${locale}`, helpCard(commands, locale)],
      [`forget ${locale}`, confirmForgetCard(t)],
      [
        `my data ${locale}`,
        myDataCard(
          {
            name,
            platform: 'discord',
            account: '1',
            team: name,
            answers: 3,
            practice: 2,
            points: 9,
            since: '2026-11-01',
            joined: '2026-11-01',
            elsewhere: [
              { name, answers: 1 },
              { name: undefined, answers: 2 },
            ],
            admin: 1,
            schedules: 2,
          },
          locale,
          t,
        ),
      ],
      [
        `missed ${locale}`,
        missedCard({ missed: [{ query: name, count: 3, lastAt: 0 }], timeZone: 'Asia/Seoul' }, locale, t),
      ],
      [`notice ${locale}`, noticeCard('warning', name, name)],
    ]
  })
}

function teams(name: string) {
  return Array.from({ length: 40 }, (_, i) => ({
    id: `team${i}`,
    name: `${name.slice(0, 20)} ${i}`,
    members: i,
    own: i === 2,
  }))
}
