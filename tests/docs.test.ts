// What the pages about running the bot and about privacy say that the code could make untrue.

import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ANSWERS, EACH, TOGETHER } from '../src/commands/fair-use.ts'
import type { Tables } from '../src/store/tables.ts'
import { KEPT_AFTER_REMOVAL } from '../src/study/connections.ts'
import { IN_FILES } from '../src/variables.ts'

const DOCS = fileURLToPath(new URL('../docs', import.meta.url))
const LANGUAGES = ['', '.ko'] as const
const read = (name: string): Promise<string> => fs.readFile(path.join(DOCS, name), 'utf8')

/** Where the page on privacy tells of each table, in English and Korean. A new table must take its place here. */
const TOLD: Readonly<
  Record<keyof Tables, readonly [english: string, korean: string] | 'of processes' | 'of the playground'>
> = {
  connection: ['its id and name, when the bot came', 'ID와 이름, 봇이 들어온 때'],
  community: ['language, time zone', '언어, 시간대'],
  person: ['since when', '처음 쓴 때'],
  account: ['your account id', '계정 ID와 표시 이름'],
  member: ['that you are a member', '참가자라는 것'],
  team: ['names of teams', '팀 이름'],
  post: ['posts: what was posted', '올린 글: 내용'],
  practice: ['each practice question', '연습으로 받은 문제'],
  answer: ['each answer to a posted quiz', '올라온 퀴즈에 한 답'],
  standing: ['your points for each week', '주·월·전체 점수'],
  team_standing: ['those for a team', '팀에 보탠 점수'],
  missed_query: ['searched for and not found', '찾지 못한 검색어'],
  admin: ['made an admin', '관리자 권한을 받았다는 것'],
  upload: ['ids of pictures', '그림의 ID'],
  schedule: ['which schedules you made', '어떤 일정을 만들었는지'],
  // Its people are made up.
  playground_message: 'of the playground',
  shard_lease: 'of processes',
  shard_process: 'of processes',
}

describe.each(LANGUAGES)('the pages in language "%s"', (language) => {
  it('tell of every table that may be about people', async () => {
    const page = await read(`privacy${language}.md`)
    for (const [table, told] of Object.entries(TOLD)) {
      if (typeof told !== 'string') expect(page, table).toContain(told[language === '' ? 0 : 1])
    }
    expect(page).toContain(
      language === '' ? `after ${KEPT_AFTER_REMOVAL / 86_400_000} days` : `${KEPT_AFTER_REMOVAL / 86_400_000}일 뒤`,
    )
  })

  it('name every secret that may be in a file, and what one person may ask for', async () => {
    const page = await read(`running${language}.md`)
    for (const name of IN_FILES) expect(page).toContain(`\`${name}_FILE\``)
    const told = page.slice(page.lastIndexOf('\n## '))
    expect([EACH.perSecond, TOGETHER.perSecond, ANSWERS.perSecond]).toEqual([1, 3, 2])
    for (const { burst } of [EACH, TOGETHER, ANSWERS]) expect(told).toMatch(new RegExp(`\\b${burst}(\\b|번)`))
  })

  it('link to files and headings that are there', async () => {
    for (const name of [`running${language}.md`, `privacy${language}.md`]) {
      for (const [, target = '', heading] of (await read(name)).matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)) {
        const text = await fs.readFile(path.join(DOCS, target), 'utf8')
        const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, each = '']) =>
          each
            .toLowerCase()
            .replace(/[^\p{L}\p{N}\s-]/gu, '')
            .replace(/\s/g, '-'),
        )
        if (heading !== undefined) expect(headings, `${name} → ${target}`).toContain(heading)
      }
    }
  })
})
