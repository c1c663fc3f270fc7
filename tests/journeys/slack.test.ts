// What is Slack's own: sockets, acks, mentions, pickers, pictures, the home tab.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noticeCard } from '../../src/cards/notice.ts'
import type { Card } from '../../src/chat/card.ts'
import { createSocket } from '../../src/platforms/slack/socket.ts'
import { type SlackBot, startSlackBot } from '../platforms/slack/bot.ts'
import { openSlackChat, type SlackChat } from '../platforms/slack/chat.ts'
import { present } from '../support/builders.ts'
import type { Message, View } from '../support/slack/types.ts'
import { library, silent } from '../support/world.ts'
import type { Member, Shown } from './chat.ts'

const minji: Member = { id: '1', name: '김민지', locale: 'ko', isAdmin: true }
const junho: Member = { id: '2', name: '이준호', locale: 'ko' }
const alex: Member = { id: '3', name: 'Alex', locale: 'en' }
const PICKER = 'slack.complete:aws:query'

let chat: SlackChat
let bot: SlackBot

beforeEach(async () => {
  chat = await openSlackChat()
  bot = await startSlackBot(chat.sim, { workspace: chat.workspace })
  await chat.ready()
})

afterEach(async () => {
  await bot.stop()
  await bot.store.close()
  await chat.close()
})

async function postQuiz(): Promise<Shown> {
  await chat.command(minji, 'study-admin post-now', { kind: 'quiz', channel: chat.channel })
  return present((await chat.posts()).at(-1))
}

const answers = () => bot.store.db.selectFrom('answer').selectAll().execute()

describe('a command', () => {
  it('is acknowledged before a person is asked about, and answered in their language', async () => {
    chat.sim.fault.delay({ method: 'users.info' }, 800)
    const outcome = await chat.sim.command(chat.person(alex), '/aws', 'lambda')
    expect(outcome).toMatchObject({ status: 'acked', refusals: [] })
    expect(outcome.ackMs).toBeLessThan(500)
    expect(outcome.messages[0]?.text).toContain('What it does')
  })

  it('carries its answer in the ack once the person is known', async () => {
    await chat.command(junho, 'aws', { query: 's3' })
    const outcome = await chat.sim.command(chat.person(junho), '/aws', 'lambda')
    expect(outcome.ackBody).toMatchObject({
      response_type: 'ephemeral',
      replace_original: false,
      mrkdwn: false,
      text: expect.stringContaining('AWS Lambda'),
    })
  })

  it('finds while typing, from one consonant on', async () => {
    const { sim, person } = chat
    const contents = (await chat.command(junho, 'aws')).message as Message
    const options = await sim.suggest(person(junho), contents, PICKER, 'ㄹ')
    expect(options.map(({ value }) => value)).toContain('lambda')
    const opened = await sim.select(person(junho), contents, PICKER, 'lambda')
    expect(opened.messages[0]).toMatchObject({ ephemeral: true, text: expect.stringContaining('AWS Lambda') })
    expect(await sim.suggest(person(junho), contents, PICKER, 'zzzzzz')).toEqual([])
  })

  it('knows the people that it mentions, and takes nobody else for them', async () => {
    const post = await postQuiz()
    await chat.press(junho, post, 'A')
    const mention = (member: Member) => `<@${chat.user(member).id}|user${member.id}>`
    expect((await chat.command(minji, 'study score', { member: mention(junho) })).text).toContain('이준호')
    const namesake: Member = { id: '9', name: '@user3', locale: 'ko' }
    await chat.press(namesake, post, 'A')
    const unknown = await chat.command(minji, 'study score', { member: mention(alex) })
    expect(unknown.text).toMatch(/@user3.*참가자가 없어요/)
  })

  it('of an admin is refused to everybody else, and to everybody while Slack does not say who is one', async () => {
    expect((await chat.command(junho, 'study-admin missing')).text).toContain('관리자')
    expect((await chat.command(minji, 'study-admin missing')).text).toContain('못 찾은 말')
    chat.sim.fault.fail({ method: 'users.info' }, 'internal_error', { times: 99 })
    await bot.setClock(bot.clock.now() + 2 * 60 * 1000)
    expect((await chat.command(minji, 'study-admin missing')).text).not.toContain('못 찾은 말')
  })

  it('of an admin is not for the admin of another workspace, who is a guest in a shared channel', async () => {
    const { sim, workspace, room, user } = chat
    const guest = user({ id: '8', name: '손님', locale: 'ko', isAdmin: true })
    expect((await chat.command({ id: '8', name: '손님', locale: 'ko' }, 'study-admin missing')).text).toContain(
      '못 찾은 말',
    )
    await bot.setClock(bot.clock.now() + 2 * 60 * 1000)
    const info = { id: guest.id, team_id: 'T_ELSEWHERE', is_stranger: true, is_admin: true, is_owner: true }
    const body = JSON.stringify({ ok: true, user: { ...info, name: 'guest', profile: { display_name: '손님' } } })
    sim.fault.fail({ method: 'users.info' }, { status: 200, body })
    const outcome = await sim.command({ workspace, user: guest, channel: room.id }, '/study-admin', 'missing')
    expect(outcome.messages[0]?.text).toContain('관리자')
  })

  it('that mentions somebody is answered though the store fails', async () => {
    await chat.command(junho, 'aws', { query: 's3' })
    await bot.store.close()
    const outcome = await chat.sim.command(chat.person(junho), '/study', `score <@${chat.user(minji).id}|user1>`)
    expect(outcome.messages[0]?.text).toContain('문제가 생겼어요')
  })

  it('is acknowledged in time, however long its answer takes', async () => {
    await chat.command(minji, 'study-admin missing')
    await bot.setClock(bot.clock.now() + 2 * 60 * 1000)
    chat.sim.fault.delay({ method: 'users.info' }, 2500)
    const outcome = await chat.sim.command(chat.person(minji), '/study-admin', 'missing')
    expect(outcome).toMatchObject({ status: 'acked', refusals: [] })
    expect(outcome.ackMs).toBeLessThan(1500)
    expect(outcome.messages[0]?.text).toContain('못 찾은 말')
  })

  it('that Slack delivers again is done once', async () => {
    const asked = await chat.sim.command(chat.person(junho), '/study', 'quiz')
    const again = await chat.sim.redeliver(asked, { answerWithin: 100 })
    expect(again.status).toBe('acked')
    expect(await bot.store.db.selectFrom('practice').selectAll().execute()).toHaveLength(1)
  })

  it('answers a person by their handle when Slack does not tell their name', async () => {
    const post = await postQuiz()
    chat.sim.fault.fail({ method: 'users.info' }, 'internal_error', { times: 99 })
    expect((await chat.press(junho, post, 'A')).text).toMatch(/\+\d+점/)
    expect((await chat.command(junho, 'study leaderboard')).text).toContain('user2')
  })

  it('in a direct message with the bot is for the same community', async () => {
    const post = await postQuiz()
    await chat.press(junho, post, 'A')
    const direct = await chat.sim.command(chat.person(junho, chat.user(junho).id), '/study', 'score')
    expect(direct.messages[0]?.text).toMatch(/\d+점/)
    const topic = await chat.sim.command(chat.person(junho, chat.user(junho).id), '/aws', 'lambda')
    expect(topic.messages[0]?.text).not.toContain('채널에 보여 주기')
  })
})

describe('commands with a prefix', () => {
  it('are understood, and named so in answers, posts and the home tab', async () => {
    await bot.stop()
    bot = await startSlackBot(chat.sim, { workspace: chat.workspace, config: { commandPrefix: 'team-' } })
    const ask = async (command: string, text: string): Promise<string> =>
      (await chat.sim.command(chat.person(minji), command, text)).messages.map((each) => each.text).join()
    expect(await ask('/team-aws', 'lambda')).toContain('AWS Lambda')
    // The name of before, where the app was not made anew.
    expect(await ask('/aws', 'lambda')).toContain('AWS Lambda')
    expect(await ask('/team-study', 'help')).toContain('/team-study 퀴즈')
    expect(JSON.stringify(await chat.sim.openHome(chat.person(minji)))).toContain('/team-aws')
    await bot.platform.post(
      { connection: chat.workspace.id, channel: chat.room.id },
      noticeCard('info', 'x', '/study'),
      'p',
    )
    const post = present(chat.sim.history(chat.room.id).at(-1))
    expect([post.text, JSON.stringify(post.blocks)]).toEqual([
      'x\n\n/team-study',
      expect.stringContaining('/team-study'),
    ])
  })
})

describe('a board', () => {
  it('is replaced where only its person sees it', async () => {
    const board = await chat.command(junho, 'study leaderboard')
    const outcome = await chat.sim.press(chat.person(junho), board.message as Message, 'board.show:month:members')
    expect(outcome.updated?.text).toContain('이번 달')
    expect(outcome.messages).toEqual([])
  })
})

describe('a press', () => {
  it('that Slack delivers again shows a topic to the channel once', async () => {
    const topic = await chat.command(junho, 'aws', { query: 'lambda' })
    const before = (await chat.posts()).length
    const share = ({ action_id }: { action_id: string }): boolean => action_id.startsWith('topic.share')
    const pressed = await chat.sim.press(chat.person(junho), topic.message as Message, share)
    expect((await chat.sim.redeliver(pressed, { answerWithin: 300 })).status).toBe('acked')
    expect((await chat.posts()).length).toBe(before + 1)
  })

  it('on a message that everybody sees leaves it as it is, and answers its person alone', async () => {
    const card = noticeCard('info', '모두에게', '내용', [
      [{ type: 'button', id: 'board.show:month:members', label: '이번 달', primary: false }],
    ])
    await bot.platform.post({ connection: chat.workspace.id, channel: chat.room.id }, card, 'p')
    const post = present((await chat.posts()).at(-1))
    const outcome = await chat.sim.press(chat.person(junho), post.message as Message, 'board.show:month:members')
    expect(outcome.updated).toBeUndefined()
    expect(outcome.messages).toMatchObject([{ ephemeral: true, text: expect.stringContaining('이번 달') }])
    expect((await chat.posts()).at(-1)?.text).toBe(post.text)
  })
})

describe('a socket', () => {
  it('that is refreshed while somebody presses loses no answer that was shown, and shows each that was stored', async () => {
    const post = await postQuiz()
    await chat.command(junho, 'study help')
    const first = ({ action_id }: { action_id: string }): boolean => action_id.endsWith(':0')
    const pressed = chat.sim.press(chat.person(junho), post.message as Message, first)
    chat.sim.fault.disconnectSockets()
    expect(await chat.sim.until(() => chat.sim.counts.hellos === 2, 5000)).toBe(true)
    const again = await chat.press(junho, post, 'A')
    const { messages } = await pressed
    const stored = await answers()
    expect(stored).toHaveLength(1)
    // The first press reached the bot or it did not: the second one tells.
    expect(again.text.includes('처음 고른 답')).toBe(messages.length === 1)
  })

  it('that Slack announces the end of is followed at once, though Slack leaves it open', async () => {
    const slow = await openSlackChat({ sockets: { lingering: true } })
    const other = await startSlackBot(slow.sim, { workspace: slow.workspace })
    await slow.ready()
    slow.sim.fault.disconnectSockets({ warn: true })
    const since = performance.now()
    expect(await slow.sim.until(() => slow.sim.counts.hellos === 2, 4000)).toBe(true)
    expect((await slow.command(junho, 'aws', { query: 's3' })).text).toContain('S3')
    expect(performance.now() - since).toBeLessThan(4000)
    await other.stop()
    await slow.close()
  })

  it('whose token is taken back ends the bot, with a sentence that says where the right one is', async () => {
    chat.sim.fault.fail({ method: 'apps.connections.open' }, 'invalid_auth', { times: 9 })
    chat.sim.fault.cutSockets()
    expect(await bot.failed()).toMatch(/SLACK_APP_TOKEN.*Basic Information/)
  })

  it('that was cut is opened again', async () => {
    const opened = chat.sim.count('apps.connections.open', true)
    chat.sim.fault.cutSockets()
    expect(await chat.sim.until(() => chat.sim.count('apps.connections.open', true) > opened, 10_000)).toBe(true)
    expect(await chat.sim.until(() => chat.sim.sockets === 1, 10_000)).toBe(true)
    expect((await chat.command(junho, 'aws', { query: 's3' })).text).toContain('S3')
  })

  it('is opened again after an outage', async () => {
    chat.sim.fault.down()
    chat.sim.fault.cutSockets()
    expect(await chat.sim.until(() => chat.sim.sockets === 0, 10_000)).toBe(true)
    chat.sim.fault.up()
    expect(await chat.sim.until(() => chat.sim.sockets === 1, 10_000)).toBe(true)
    expect((await chat.command(junho, 'aws', { query: 's3' })).text).toContain('S3')
  })
})

describe('a stop', () => {
  it('while the socket is being opened leaves none open', async () => {
    const { sim } = chat
    const [opened, hellos] = [sim.count('apps.connections.open'), sim.counts.hellos]
    sim.fault.delay({ method: 'apps.connections.open' }, 300)
    const socket = createSocket(sim.appToken, sim.apiUrl, silent, () => {})
    void socket.open()
    await socket.close()
    expect(await sim.until(() => sim.count('apps.connections.open') > opened, 5000)).toBe(true)
    await sim.until(() => sim.counts.hellos > hellos, 500)
    expect(await sim.until(() => sim.sockets === 1, 3000)).toBe(true)
  })

  it('takes what arrived before it', async () => {
    // The simulator is in the same process, so none of these is read yet when the stop begins.
    const asked = Array.from({ length: 20 }, () => chat.sim.command(chat.person(junho), '/aws', 'lambda'))
    await bot.platform.stop()
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses).toEqual(Array(asked.length).fill('acked'))
  })

  it('lets what runs finish, and takes nothing new', async () => {
    chat.sim.fault.delay({ method: 'users.info' }, 400)
    const asked = chat.sim.command(chat.person(junho), '/aws', 'lambda')
    expect(await chat.sim.until(() => chat.sim.count('ack') === 1, 5000)).toBe(true)
    await bot.platform.stop()
    expect((await asked).messages[0]?.text).toContain('AWS Lambda')
    expect(chat.sim.sockets).toBe(0)
  })
})

describe('a diagram', () => {
  const query = 'stateful'
  const { files, alt } = present(library.subjects[0]?.diagrams.find(({ id }) => id === 'packet-firewalls'))
  const block = { type: 'image', image: files.ko, alt: alt.ko } as const
  const card: Card = { ...noticeCard('info', '제목', '내용'), blocks: [block] }
  const pictures = ({ blocks }: Message): number => blocks.filter(({ type }) => type === 'image').length

  /** The message of a post in the study channel. */
  async function posted(by: SlackBot, on: SlackChat): Promise<Message> {
    await by.platform.post({ connection: on.workspace.id, channel: on.room.id }, card, crypto.randomUUID())
    return present(on.sim.history(on.room.id).at(-1))
  }

  async function elsewhere(fileProcessing: number, work: (by: SlackBot, on: SlackChat) => Promise<void>) {
    const on = await openSlackChat({ fileProcessing })
    const by = await startSlackBot(on.sim, { workspace: on.workspace })
    try {
      await work(by, on)
    } finally {
      await by.stop()
      await by.store.close()
      await on.close()
    }
  }

  it('is uploaded once for the workspace and a language, and shown from there', async () => {
    expect(pictures(await posted(bot, chat))).toBe(1)
    expect(pictures(await posted(bot, chat))).toBe(1)
    expect(chat.sim.files.map(({ name, altText }) => [name, altText?.length ?? 0])).toEqual([
      ['packet-firewalls.ko.png', expect.any(Number)],
    ])
  })

  it('is its words in an answer, whoever sees that: its file would be shown to nobody', async () => {
    const topic = await chat.command(junho, 'aws', { query })
    expect(topic.text).toContain(alt.ko)
    expect(JSON.stringify((topic.message as Message).blocks)).toContain(alt.ko.split('"')[0])
    await chat.sim.press(chat.person(junho), topic.message as Message, ({ action_id }) =>
      action_id.startsWith('topic.share'),
    )
    const shared = present(chat.sim.history(chat.room.id).at(-1))
    expect([pictures(topic.message as Message), pictures(shared), chat.sim.files.length]).toEqual([0, 0, 0])
    expect(shared.text).toContain(alt.ko)
  })

  it('that was drawn anew is uploaded anew', async () => {
    await posted(bot, chat)
    await bot.store.db.updateTable('upload').set({ digest: 'of another picture' }).execute()
    expect(pictures(await posted(bot, chat))).toBe(1)
    expect(chat.sim.files).toHaveLength(2)
  })

  it('is its words alone when Slack will not show it yet, and is not uploaded again for that', async () => {
    await elsewhere(60_000, async (by, on) => {
      for (let i = 0; i < 2; i++) {
        const message = await posted(by, on)
        expect(pictures(message)).toBe(0)
        expect(message.text).toContain('네트워크 ACL')
      }
      expect(on.sim.files).toHaveLength(1)
      expect(await by.store.db.selectFrom('upload').selectAll().execute()).toHaveLength(1)
    })
  })

  it('is its words alone when it cannot be uploaded', async () => {
    chat.sim.fault.fail({ method: 'files.getUploadURLExternal' }, 'missing_scope', { times: 9 })
    const message = await posted(bot, chat)
    expect(pictures(message)).toBe(0)
    expect(message.text).toContain('상태 저장')
  })

  // The last of three tries comes 2.2 seconds after the upload.
  it.each([500, 1000])('is waited for while Slack looks it through: %i milliseconds', async (fileProcessing) => {
    await elsewhere(fileProcessing, async (by, on) => {
      expect(pictures(await posted(by, on))).toBe(1)
      expect(on.sim.traffic.some(({ error }) => error === 'invalid_blocks')).toBe(true)
    })
  })
})

describe('the home tab', () => {
  const text = (view: View | undefined): string => JSON.stringify(view)

  it('shows how to start, and after an answer the score', async () => {
    const { sim } = chat
    const before = await sim.openHome(chat.person(junho))
    expect(text(before)).toContain('이렇게 시작해요')
    expect(text(before)).toContain('아직 점수가 없어요')
    const post = await postQuiz()
    await chat.press(junho, post, 'A')
    const home = () => sim.home(chat.user(junho).id)
    expect(await sim.until(() => text(home()).includes('이준호'), 5000)).toBe(true)
    expect(text(home())).not.toContain('아직 점수가 없어요')
  })

  it('is never left with what was true before', async () => {
    const { sim } = chat
    await sim.openHome(chat.person(junho))
    const post = await postQuiz()
    // The first drawing takes its time; a second answer comes meanwhile.
    sim.fault.delay({ method: 'views.publish' }, 700)
    await chat.press(junho, post, 'A')
    expect(await sim.until(() => text(sim.home(chat.user(junho).id)).includes('이준호'), 1)).toBe(false)
    await chat.command(junho, 'study team create', { name: '번개' })
    const home = () => text(sim.home(chat.user(junho).id))
    expect(await sim.until(() => home().includes('번개'), 5000)).toBe(true)
    const published = sim.count('views.publish')
    await sim.until(() => sim.count('views.publish') > published, 800)
    expect(home()).toContain('번개')
  })

  it('counts nobody as a member who only looks', async () => {
    await chat.sim.openHome(chat.person(junho))
    expect(await bot.store.db.selectFrom('member').selectAll().execute()).toEqual([])
  })

  it('answers its buttons in the messages with the app', async () => {
    const view = present(await chat.sim.openHome(chat.person(junho)))
    const pressed = await chat.sim.press(chat.person(junho), view, 'quiz.practise', { answerWithin: 300 })
    expect(pressed.status).toBe('acked')
    const posted = chat.sim.traffic.filter(({ method }) => method === 'chat.postMessage')
    expect(posted.map(({ body, ok }) => [body['channel'], ok])).toEqual([[chat.user(junho).id, true]])
  })
})
