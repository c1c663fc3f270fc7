import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBot, type TestBot } from '../../support/bot.ts'
import { actionsOf, history, post, press, say, textOf } from '../../support/page.ts'
import { clockAt, DAY } from '../../support/world.ts'

const clock = clockAt('2026-11-18T09:00:00+09:00')
let bot: TestBot

const start = async (): Promise<void> => {
  clock.set('2026-11-18T09:00:00+09:00')
  bot = await startBot(clock)
}
const stop = (): Promise<void> => bot.stop()

const PAGE = path.join(import.meta.dirname, '../../../src/platforms/playground/page')

/** The choices of the one quiz in the channel, and its right one. */
async function sampleQuiz(): Promise<{ choices: string[]; right: string; wrong: string }> {
  const [message] = await history(bot.url)
  const choices = actionsOf(message?.html).filter((id) => id.startsWith('quiz.answer'))
  // Alex finds out which one is right, so that the others can.
  const reply = await press(bot.url, choices[0] ?? '', { member: 'alex' })
  const text = textOf(reply.html)
  if (text.includes('정답이에요')) return { choices, right: choices[0] ?? '', wrong: choices[1] ?? '' }
  const mark = /정답 ([A-E])\./.exec(text)?.[1] ?? 'A'
  const right = choices['ABCDE'.indexOf(mark)] ?? ''
  return { choices, right, wrong: choices.find((each) => each !== right) ?? '' }
}

describe('a newcomer', () => {
  beforeEach(start)
  afterEach(stop)

  it('finds one quiz in the channel', async () => {
    const messages = await history(bot.url)
    expect(messages).toHaveLength(1)
    expect(textOf(messages[0]?.html)).toContain('오늘의 퀴즈')
  })

  it('looks up, answers, sees the score, switches, sees the board', async () => {
    expect(textOf((await say(bot.url, '/aws 람다')).html)).toContain('AWS Lambda')
    const { right, wrong } = await sampleQuiz()
    const first = await press(bot.url, right)
    expect(textOf(first.html)).toContain('+10점')
    expect(first.visibility).toBe('private')
    const again = textOf((await press(bot.url, wrong)).html)
    expect(again).toContain('처음 고른 답')
    expect(again).toContain('정답이에요')
    expect(textOf((await say(bot.url, '/study score')).html)).toContain('전체 10점')
    await press(bot.url, wrong, { member: 'junho' })
    const board = textOf((await say(bot.url, '/study leaderboard', { member: 'junho' })).html)
    expect(board).toMatch(/1위 김민지 10점 .*[23]위 이준호 \(나\) 2점/)
  })

  it('sees the quiz closed after a day, in every open page', async () => {
    const { right } = await sampleQuiz()
    await press(bot.url, right)
    clock.advance(DAY)
    await bot.tick()
    const [message] = await history(bot.url)
    expect(message?.edited).toBe(true)
    expect(textOf(message?.html)).toContain('맞힌 사람 ')
    expect(textOf(message?.html)).toContain('김민지')
    expect(textOf((await press(bot.url, right, { member: 'sora' })).html)).toContain('마감된 퀴즈')
  })

  it('reads the quiz in the other language and answers the same post from there', async () => {
    const [message] = await history(bot.url)
    const translate = actionsOf(message?.html).find((id) => id.startsWith('quiz.read')) ?? ''
    const translated = await press(bot.url, translate, { locale: 'en' })
    expect(textOf(translated.html)).toContain('Quiz of the day')
    expect(actionsOf(translated.html)).toEqual(actionsOf(message?.html).filter((id) => id.startsWith('quiz.answer')))
  })

  it('shares a topic with the channel', async () => {
    const card = await say(bot.url, '/aws s3')
    const share = actionsOf(card.html).find((id) => id.startsWith('topic.share')) ?? ''
    expect((await press(bot.url, share)).visibility).toBe('public')
    const messages = await history(bot.url)
    expect(messages).toHaveLength(2)
    expect(textOf(messages[1]?.html)).toContain('Amazon Simple Storage Service')
  })

  it('compares two topics, from a button too', async () => {
    const typed = await say(bot.url, '/study compare 보안그룹 nacl')
    expect(textOf(typed.html)).toContain('비교 · 보안 그룹 · 네트워크 ACL')
    const card = await say(bot.url, '/aws ec2')
    const button = actionsOf(card.html).find((id) => id.startsWith('compare.show')) ?? ''
    expect(textOf((await press(bot.url, button)).html)).toContain('언제 무엇을 쓸까요?')
    expect(textOf((await say(bot.url, '/study compare iam glacier')).html)).toContain('따로 비교한 글이 없어서')
    expect(textOf((await say(bot.url, '/study compare elastic beanstalk ec2')).html)).toMatch(/비교 · EC2 · .*빈스토크/)
    expect(textOf((await say(bot.url, '/study compare vpc peering direct connect')).html)).toContain(
      '비교 · 다이렉트 커넥트 · VPC 피어링',
    )
    expect(textOf((await say(bot.url, '/study compare s3 S3')).html)).toContain('같은 주제예요')
    expect(textOf((await say(bot.url, '/study compare s3 쿠버네티스')).html)).toContain('쿠버네티스')
  })

  it('sees diagrams, and nothing else from that folder', async () => {
    const card = await say(bot.url, '/aws rds')
    const [, source, alt] = /<img class="diagram" src="([^"]+)" alt="([^"]+)"/.exec(card.html ?? '') ?? []
    expect(alt).toContain('대기 인스턴스')
    const picture = await fetch(bot.url + source)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    for (const path of [
      '/images/aws/subject.yaml',
      '/images/../package.json',
      '/images/%2e%2e/%2e%2e/package.json',
      '/images/',
    ]) {
      expect((await fetch(bot.url + path)).status).toBe(404)
    }
  })

  it('is counted among those who found nothing, and only an admin sees what was missing', async () => {
    await say(bot.url, '/aws 쿠버네티스', { member: 'junho' })
    await say(bot.url, '/aws  쿠버네티스 ', { member: 'sora' })
    await say(bot.url, '/aws 람다')
    await say(bot.url, '/aws someone@example.com')
    await say(bot.url, '/aws 010-1234-5678')
    const list = textOf((await say(bot.url, '/study-admin missing')).html)
    expect(list).toContain('쿠버네티스 2번')
    expect(list).not.toMatch(/람다|준호|소라|example|1234/)
    expect(textOf((await say(bot.url, '/study-admin missing', { member: 'junho' })).html)).toContain('관리자만')
  })

  it('forgets themselves after a confirmation', async () => {
    const { right } = await sampleQuiz()
    await press(bot.url, right)
    const ask = await say(bot.url, '/study forget-me')
    const [yes, no] = actionsOf(ask.html)
    expect(textOf((await press(bot.url, no ?? '')).html)).toContain('그대로')
    expect(textOf((await say(bot.url, '/study score')).html)).toContain('10점')
    expect(textOf((await press(bot.url, yes ?? '')).html)).toContain('모두 지웠어요')
    expect(textOf((await say(bot.url, '/study score')).html)).toContain('아직 점수가 없어요')
  })
})

describe('bad input', () => {
  beforeAll(start)
  afterAll(stop)

  it.each([
    ['nothing', ''],
    ['a slash alone', '/'],
    ['spaces', '   '],
    ['10,000 characters', `/aws ${'가'.repeat(9_990)}`],
    ['more than fits', `/aws ${'가'.repeat(20_000)}`],
    ['emoji', '/aws 🐱‍👤🎉'],
    ['control characters', '/aws \u0000\u0007\u001b[31mred'],
    ['right-to-left marks', '/aws \u202egnp.exe\u2066'],
    ['a lone jamo', '/aws ㄱ'],
    ['SQL', "/aws '; drop table answer; --"],
    ['HTML', '/aws <script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['Markdown', '/aws **bold** [link](https://example.com) ```code```'],
    ['mentions', '/aws @everyone <!channel> <@U123>'],
    ['an unknown command', '/kubernetes'],
    ['an unknown subcommand', '/study dance'],
    ['a team of markup', '/study team create <b>**x**</b> <!channel>'],
    ['an unknown member', '/study score <script>'],
    ['a lone surrogate', '/aws \ud83d'],
  ])('of %s gets a sensible card', async (_, line) => {
    const reply = await say(bot.url, line)
    expect(reply.visibility).toBe('private')
    expect(textOf(reply.html).length).toBeGreaterThan(10)
    expect(textOf(reply.html)).not.toContain('문제가 생겼어요')
    expect(reply.html).not.toMatch(/<script|<img|<b>|onerror="/)
    expect(reply.html).not.toContain('\u202e')
  })

  it.each([
    'quiz.answer:nothing:0',
    'quiz.answer',
    'quiz.answer:x:999',
    'quiz.practice-answer:nothing:0',
    'topic.show:aws:gone',
    'topic.show:gone:gone',
    'team.pick',
    'constructor',
    '__proto__:x',
    '',
    '<script>',
    'a'.repeat(150),
  ])('of the old or unknown button "%s" gets a private answer', async (action) => {
    const reply = await press(bot.url, action)
    expect(reply.visibility).toBe('private')
    expect(textOf(reply.html)).not.toContain('문제가 생겼어요')
    expect(textOf(reply.html).length).toBeGreaterThan(10)
  })

  it('of a body that is not what the page sends is refused without a stack', async () => {
    const bodies = [{ member: 'nobody', line: '/aws' }, { locale: 'fr', line: '/aws' }, { line: 7 }]
    for (const body of bodies) {
      const response = await post(bot.url, '/api/command', body)
      expect(response.status).toBe(400)
      expect(await response.text()).not.toMatch(/\.ts:|node_modules/)
    }
    const junk = await fetch(`${bot.url}/api/command`, { method: 'POST', headers: { origin: bot.url }, body: '{' })
    expect(junk.status).toBe(400)
    const huge = await post(bot.url, '/api/command', { line: 'x'.repeat(100_000) })
    expect(huge.status).toBe(413)
  })

  it('of a hostile team name is shown as it was typed', async () => {
    await say(bot.url, '/study team leave')
    await say(bot.url, '/study team create "<i>**@everyone**</i>"')
    const list = await say(bot.url, '/study team list')
    expect(textOf(list.html)).toContain('<i>**@everyone**</i>')
    expect(list.html).not.toContain('<i>')
  })
})

describe('a page elsewhere', () => {
  beforeAll(start)
  afterAll(stop)

  it('cannot post', async () => {
    const foreign = await post(bot.url, '/api/command', { line: '/aws' }, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    const without = await fetch(`${bot.url}/api/command`, { method: 'POST', body: '{}' })
    expect(without.status).toBe(403)
    expect((await post(bot.url, '/api/action', { action: 'x' }, { origin: 'null' })).status).toBe(403)
  })

  it('cannot read under a name of its own that points here', async () => {
    const { port } = new URL(bot.url)
    const { request } = await import('node:http')
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
    expect(await statusFor(`evil.example:${port}`)).toBe(403)
    expect(await statusFor(`localhost:${port}`)).toBe(200)
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200)
  })
})

describe('the server', () => {
  beforeAll(start)
  afterAll(stop)

  it('sends a strict content security policy and asks no other host for anything', async () => {
    const response = await fetch(bot.url)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const page = await response.text()
    expect(page).toContain('src="/client.ts"')
    const files = (await fs.readdir(PAGE)).filter((name) => name !== 'tsconfig.json')
    const responses = await Promise.all(files.map((name) => fetch(`${bot.url}/${name}`)))
    expect(responses.map(({ status }) => status)).toEqual(files.map(() => 200))
    const texts = await Promise.all(responses.map((asset) => asset.text()))
    const text = [page, ...texts].join('\n')
    expect(text.match(/https?:\/\/(?!www\.w3\.org)[^\s"'`]+/g)).toBeNull()
  })

  it('answers in the language asked for, else in the browser’s, else in the default', async () => {
    const langOf = async (path: string, accept: string): Promise<string | undefined> =>
      /<html lang="(\w+)"/.exec(
        await (await fetch(bot.url + path, { headers: { 'accept-language': accept } })).text(),
      )?.[1]
    expect(await langOf('/?lang=en', 'ko-KR')).toBe('en')
    expect(await langOf('/', 'en-GB,en;q=0.9')).toBe('en')
    expect(await langOf('/', 'de-DE,de;q=0.9,en;q=0.7')).toBe('en')
    expect(await langOf('/', 'fr-FR')).toBe('ko')
  })

  it('offers lookups to try in its own language, and both find their topic', async () => {
    for (const [lang, names, isHangul] of [
      ['ko', ['람다', '보안 그룹'], true],
      ['en', ['AWS Lambda', 'Security group'], false],
    ] as const) {
      const page = await (await fetch(`${bot.url}/?lang=${lang}`)).text()
      const lines = [...page.matchAll(/data-line="(\/aws [^"]+)"/g)].flatMap((match) => match[1] ?? [])
      expect(lines.map((line) => /\p{Script=Hangul}/u.test(line))).toEqual([isHangul, isHangul])
      for (const [i, line] of lines.entries()) {
        expect(textOf((await say(bot.url, line, { locale: lang })).html)).toContain(names[i])
      }
    }
  })

  it('is alive without a secret, and shows nothing else without it', async () => {
    const guarded = await startBot(clock, { PLAYGROUND_SECRET: 'open sesame' })
    try {
      expect(await (await fetch(`${guarded.url}/healthz`)).json()).toEqual({ status: 'ok' })
      expect((await fetch(guarded.url)).status).toBe(401)
      const wrong = { authorization: `Basic ${btoa('me:open sesamf')}` }
      expect((await fetch(guarded.url, { headers: wrong })).status).toBe(401)
      const right = { authorization: `Basic ${btoa('me:open sesame')}` }
      expect((await fetch(guarded.url, { headers: right })).status).toBe(200)
    } finally {
      await guarded.stop()
    }
  })

  it('completes commands and topics while somebody types', async () => {
    const complete = async (line: string): Promise<string[]> => {
      const query = new URLSearchParams({ locale: 'ko', line })
      const { items } = (await (await fetch(`${bot.url}/api/complete?${query}`)).json()) as {
        items: { line: string }[]
      }
      return items.map((item) => item.line)
    }
    expect(await complete('/')).toEqual(['/aws ', '/study ', '/study-admin '])
    expect(await complete('/aws 람')).toContain('/aws lambda')
    expect(await complete('/study leaderboard m')).toEqual(['/study leaderboard month ', '/study leaderboard members '])
    expect(await complete('hello')).toEqual([])
  })
})
