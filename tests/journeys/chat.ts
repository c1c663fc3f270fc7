// What members of a study group do, whatever platform they are on: one set of journeys, run on each by its own test file.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ControlledBot } from '../support/controlled.ts'
import { HOSTILE } from '../support/fixtures/hostile.ts'

/** What a person sees of one message. */
export type Shown = {
  /** Every text of it, choices included. */
  readonly text: string
  readonly buttons: readonly string[]
  /** Only this person sees it. */
  readonly isPrivate: boolean
  /** The platform's own message, for the driver. */
  readonly message: unknown
}

export type Member = {
  readonly id: string
  readonly name: string
  readonly locale: 'ko' | 'en'
  readonly isAdmin?: boolean
}

/** A platform as its members use it. Every reply must have come in time, or the driver throws. */
export type Chat = {
  readonly name: string
  /** What the bot's environment needs to reach it. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves when the bot can be talked to, commands and all. */
  ready(): Promise<void>
  command(by: Member, path: string, options?: Readonly<Record<string, string>>): Promise<Shown>
  press(by: Member, on: Shown, label: string): Promise<Shown>
  /** The picker that holds this option. */
  pick(by: Member, on: Shown, option: string): Promise<Shown>
  /** The study channel, as the platform's option wants it, and its messages, oldest first. */
  readonly channel: string
  posts(): Promise<readonly Shown[]>
  /** Whom the messages so far would have notified. */
  notified(): readonly string[]
  close(): Promise<void>
}

export const NOW = Date.parse('2026-11-23T09:00:00+09:00')
const DAY = 24 * 60 * 60 * 1000

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }
const alex: Member = { id: '300000000000000002', name: 'Alex', locale: 'en' }
const admin: Member = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true }

/** @param open a platform with one community, and a function that starts a bot on it with a store of its own that outlives it */
export function describeChat(
  name: string,
  open: () => Promise<{ chat: Chat; start: (now: number) => Promise<ControlledBot> }>,
): void {
  describe(`members on ${name}`, () => {
    let chat: Chat
    let start: (now: number) => Promise<ControlledBot>
    let bot: ControlledBot

    beforeAll(async () => {
      const opened = await open()
      chat = opened.chat
      start = opened.start
      bot = await start(NOW)
      await chat.ready()
    })
    afterAll(async () => {
      await bot?.stop()
      await chat?.close()
    })

    /** A quiz that an admin posts now; `right` and `wrong` are the marks of two of its choices. */
    async function postQuiz(): Promise<Shown> {
      const before = (await chat.posts()).length
      await chat.command(admin, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
      const posts = await chat.posts()
      expect(posts).toHaveLength(before + 1)
      const post = posts.at(-1)
      if (!post) throw new Error('nothing was posted')
      return post
    }
    const firstMark = (post: Shown): string => (post.buttons.includes('O') ? 'O' : 'A')
    const otherMark = (post: Shown): string => (post.buttons.includes('X') ? 'X' : 'B')

    it('look a topic up, each in their own language', async () => {
      const korean = await chat.command(minji, 'aws', { query: '람다' })
      expect(korean.text).toContain('AWS Lambda · 람다')
      expect(korean.text).toContain('서버리스 컴퓨팅')
      expect(korean.isPrivate).toBe(true)
      const english = await chat.command(alex, 'aws', { query: 'lambda' })
      expect(english.text).toContain('Common misconceptions')
      expect(english.text).not.toContain('서버리스')
    })

    it('find the nearest topics when nothing fits for certain, and open one', async () => {
      const near = await chat.command(minji, 'aws', { query: '보안' })
      expect(near.buttons).toContain('보안 그룹')
      const opened = await chat.press(minji, near, '보안 그룹')
      expect(opened.text).toContain('Security group')
    })

    it('see two topics side by side when they ask for both', async () => {
      const both = await chat.command(minji, 'aws', { query: '보안 그룹과 nacl의 차이' })
      expect(both.text).toContain('비교 · 보안 그룹 · 네트워크 ACL')
      expect([both.isPrivate, both.buttons]).toEqual([true, expect.arrayContaining(['보안 그룹', '네트워크 ACL'])])
    })

    it('are told when nothing is near, and where everything is', async () => {
      const none = await chat.command(alex, 'aws', { query: 'qqqqzzzz' })
      expect(none.text).toContain('qqqqzzzz')
      const contents = await chat.press(alex, none, 'Show all topics')
      expect(contents.text).toContain('45')
    })

    it('see the name that an admin gives to their team, and cannot give one themselves', async () => {
      await chat.command(minji, 'study team create', { name: '나쁜 이름' })
      const names = { team: '나쁜 이름', name: '구름 팀' }
      await expect(renamedBy(minji)).resolves.toContain('관리자')
      expect((await chat.command(admin, 'study-admin team', names)).text).toContain('“나쁜 이름” → “구름 팀”')
      const teams = (await chat.command(minji, 'study team list')).text
      expect([teams.includes('구름 팀'), teams.includes('나쁜 이름')]).toEqual([true, false])
      const unknown = await chat.command(admin, 'study-admin team', names)
      expect(unknown.text).toMatch(/나쁜.*찾지 못했어요/)
      expect(unknown.text).toContain('구름 팀')

      // Discord does not even show the command.
      async function renamedBy(by: Member): Promise<string> {
        return chat.command(by, 'study-admin team', names).then(
          ({ text }) => text,
          (error) => (String(error).includes('not shown') ? '관리자' : String(error)),
        )
      }
    })

    it('leave behind what they looked up in vain, for whoever writes the notes', async () => {
      await chat.command(minji, 'aws', { query: '붕어빵' })
      // Counted once the answer is out.
      const missing = async () => (await chat.command(admin, 'study-admin missing')).text
      await expect.poll(missing, { timeout: 5000, interval: 500 }).toMatch(/붕어빵/)
    })

    it('get the table of contents for no query, and open a topic from it', async () => {
      const contents = await chat.command(minji, 'aws')
      expect(contents.text).toContain('45')
      const opened = await chat.pick(minji, contents, 'lambda')
      expect(opened.text).toContain('AWS Lambda · 람다')
    })

    it('show a topic to the channel only when they say so', async () => {
      const before = (await chat.posts()).length
      const topic = await chat.command(minji, 'aws', { query: 's3' })
      expect(await chat.posts()).toHaveLength(before)
      const shared = await chat.press(minji, topic, '채널에 공유')
      expect(shared.isPrivate).toBe(false)
      expect((await chat.posts()).at(-1)?.text).toContain('Amazon Simple Storage Service')
    })

    it('practise in private, and nothing counts', async () => {
      const question = await chat.command(minji, 'study quiz', { topic: 'vpc' })
      const result = await chat.press(minji, question, firstMark(question))
      expect(result.text).toMatch(/정답|아쉬워/)
      expect(result.isPrivate).toBe(true)
      expect((await chat.command(minji, 'study score')).text).not.toMatch(/전체.*[1-9]\d*점/)
    })

    it('answer a posted quiz once: a second press shows the first answer again', async () => {
      const post = await postQuiz()
      const first = await chat.press(minji, post, firstMark(post))
      expect(first.isPrivate).toBe(true)
      const points = /\+?(\d+)점/.exec(first.text)?.[1]
      expect(points).toBeDefined()
      const again = await chat.press(minji, post, otherMark(post))
      expect(again.text).toContain('처음 고른 답')
      const board = await chat.command(minji, 'study leaderboard')
      expect(board.text).toContain('김민지')
      expect(board.text).toContain(`${points}점`)
    })

    it('answer at the same moment, each once', async () => {
      const post = await postQuiz()
      const pressed = await Promise.all([
        chat.press(minji, post, firstMark(post)),
        chat.press(alex, post, firstMark(post)),
        chat.press(minji, post, otherMark(post)),
        chat.press(alex, post, otherMark(post)),
      ])
      const again = pressed.filter(({ text }) => text.includes('처음 고른 답') || text.includes('first answer'))
      expect(again).toHaveLength(2)
    })

    it('see the quiz in the other language, and answer the same post from there', async () => {
      const post = await postQuiz()
      const english = await chat.press(alex, post, 'Read in English')
      expect(english.text).not.toMatch(/[가-힣]/)
      const result = await chat.press(alex, english, firstMark(english))
      expect(result.text).toMatch(/point/)
      expect((await chat.press(alex, post, otherMark(post))).text).toContain('first answer')
    })

    it('lose nothing when the process is killed: the buttons work afterwards, the answer stands', async () => {
      const post = await postQuiz()
      const first = await chat.press(minji, post, firstMark(post))
      await bot.kill()
      bot = await start(NOW)
      await chat.ready()
      expect((await chat.press(minji, post, otherMark(post))).text).toContain('처음 고른 답')
      const late = await chat.press(alex, post, firstMark(post))
      expect(late.text).toMatch(/point/)
      expect(first.text).toMatch(/점/)
    })

    it('see a quiz closed after its day, and may still practise on it', async () => {
      const post = await postQuiz()
      await chat.press(minji, post, firstMark(post))
      const opened = await chat.press(alex, post, 'Read in English')
      await bot.setClock(NOW + DAY + 1000)
      await bot.tick()
      const closed = (await chat.posts()).find(({ message }) => isSame(message, post.message))
      expect(closed?.text).toContain('퀴즈 마감')
      expect(closed?.buttons).not.toContain(firstMark(post))
      // A private copy of the question still has its buttons.
      expect((await chat.press(alex, opened, firstMark(opened))).text).toContain('counts as practice')
      await bot.setClock(NOW)
    })

    it.each(HOSTILE.slice(0, 12))('may be called anything, and it stays a name: %s', async (hostile) => {
      const post = await postQuiz()
      const stranger: Member = { id: '300000000000000009', name: hostile, locale: 'ko' }
      await chat.press(stranger, post, firstMark(post))
      await chat.command(stranger, 'study leaderboard')
      await chat.command(stranger, 'aws', { query: hostile })
      expect(chat.notified()).toEqual([])
    })
  })
}

/** Whether two messages are the same one at different times. */
function isSame(a: unknown, b: unknown): boolean {
  const id = (message: unknown): unknown =>
    typeof message === 'object' && message !== null
      ? 'id' in message
        ? message.id
        : 'ts' in message
          ? message.ts
          : undefined
      : undefined
  return id(a) !== undefined && id(a) === id(b)
}
