// What people do on Discord, taken in and answered: what is particular to how Discord tells it.

import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { grantAdmin } from '../../../src/store/settings.ts'
import { type Member, NOW } from '../../journeys/chat.ts'
import { present } from '../../support/builders.ts'
import type { Discord } from '../../support/discord/discord.ts'
import { shown } from '../../support/discord-chat.ts'
import { library, memberOf } from '../../support/world.ts'
import { startDiscordBot } from './bot.ts'

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }

describe('a picture that cannot be read', () => {
  const diagram = present(library.subjects[0]?.diagrams[0])

  it('is described instead: the answer comes all the same, and the log tells which it was', async () => {
    const { chat, logged } = await startDiscordBot('/nonexistent')
    const { text, message } = await chat.command(minji, 'aws', { query: present(diagram.topics[0]) })
    expect(text).toContain(diagram.alt.ko)
    expect(JSON.stringify(message)).not.toMatch(/\.png/)
    const told = logged().filter(({ level }) => level === 50)
    expect(told).toMatchObject([{ image: diagram.files.ko, err: { code: 'ENOENT' } }])
  })

  it('is shown where it can be read', async () => {
    const { chat } = await startDiscordBot()
    const { message } = await chat.command(minji, 'aws', { query: present(diagram.topics[0]) })
    expect(JSON.stringify(message)).toMatch(/\.png/)
  })
})

describe('a picture in an answer', () => {
  const diagram = present(library.subjects[0]?.diagrams[0])
  const query = present(diagram.topics[0])

  it('is described where the bot may attach no files: Discord would refuse the whole answer', async () => {
    const { chat, logged } = await startDiscordBot()
    chat.discord.deny(chat.channel, 'AttachFiles')
    const { text, message } = await chat.command(minji, 'aws', { query })
    expect(text).toContain(diagram.alt.ko)
    expect(JSON.stringify(message)).not.toMatch(/\.png/)
    expect(logged().filter(({ level }) => Number(level) >= 40)).toEqual([])
  })

  it('is shown in a direct message', async () => {
    const { chat } = await startDiscordBot()
    const { reply } = await chat.discord.command(chat.person(minji, 'direct'), 'aws', { query })
    expect(JSON.stringify(reply)).toMatch(/\.png/)
  })
})

describe('an answer of several messages', () => {
  /** About how long discord.js waits before it repeats a request, in milliseconds. */
  const REPEATED_AFTER = 100
  const MORE = { method: 'POST', path: /^\/webhooks\// }

  /** A list of admins that one message does not hold, and how often each further message was sent. */
  async function longList(fault: (discord: Discord) => void) {
    const { chat, store, logged } = await startDiscordBot()
    for (let i = 0; i < 120; i++) {
      const account = { id: `${400_000_000_000_000_000n + BigInt(i)}`, name: `${i}번 ${'가나다라마'.repeat(12)}` }
      const place = { platform: 'discord' as const, account, connection: { id: chat.guild, name: '클라우드 스터디' } }
      const { community, person } = await memberOf(store, account.id, NOW, place)
      await store.write((tx) => grantAdmin(tx, community.id, person, NOW))
    }
    fault(chat.discord)
    const by = chat.person({ ...minji, isAdmin: true })
    const outcome = await chat.discord.command(by, 'study-admin admins list', {})
    const sent = () => chat.discord.traffic.filter(({ method, path }) => method === MORE.method && MORE.path.test(path))
    // The last of them holds the last of the admins.
    await expect.poll(() => JSON.stringify(outcome.followUps)).toContain('따로 정하지 않아도')
    await delay(2 * REPEATED_AFTER)
    const parts = [outcome.reply, ...outcome.followUps].map((part) => JSON.stringify(part))
    return { sent: sent().length, parts, errors: logged().filter(({ level }) => Number(level) >= 50) }
  }

  it('has each of them once', async () => {
    const { sent, parts, errors } = await longList(() => {})
    expect([parts.length > 2, sent, errors]).toEqual([true, parts.length - 1, []])
    for (const at of [0, 60, 119]) expect(parts.join('').match(new RegExp(`\\b${at}번`, 'g'))).toHaveLength(1)
  })

  it.each([
    ['cut off', {}],
    ['answered by somebody on the way', { status: 502 }],
  ])('does not repeat one whose confirmation is %s, and goes on with the next', async (_, how) => {
    const { sent, parts, errors } = await longList(({ fault }) => fault.loseResponse(MORE, how))
    expect([parts.length > 2, sent]).toEqual([true, parts.length - 1])
    expect(errors).toMatchObject([{ msg: 'a part of an answer was not delivered' }])
  })
})

describe('a member who was made an admin', () => {
  it('is one no more after leaving and coming back, until it is granted again', async () => {
    const { chat } = await startDiscordBot()
    const admin = chat.person({ ...minji, isAdmin: true })
    const junho = { ...chat.person({ id: '300000000000000002', name: '이준호', locale: 'ko' }), shown: ['study-admin'] }
    const add = async () =>
      shown(await chat.discord.command(admin, 'study-admin admins add', { member: { user: junho.id } })).text
    const tries = async (joinedAt: Date) =>
      shown(await chat.discord.command({ ...junho, joinedAt }, 'study-admin admins list')).text
    await chat.discord.command(junho, 'study score')
    expect(await tries(new Date(NOW - 1))).toContain('관리자만')
    expect(await add()).toContain('이준호')
    expect(await tries(new Date(NOW - 1))).toContain('이준호')
    expect(await tries(new Date(NOW + 1))).toContain('관리자만')
  })
})

describe('a person', () => {
  it.each([
    ['their nickname', { nick: '민지', globalName: 'Minji' }, '민지'],
    ['the name of their account where the nickname shows nothing', { nick: '\u3164', globalName: 'Minji' }, 'Minji'],
    ['their user name where that shows nothing either', { nick: '\u2800', globalName: '\u200d' }, 'minji.kim'],
    ['their user name where there is no other', {}, 'minji.kim'],
  ])('goes by %s', async (_, names, name) => {
    const { chat, store } = await startDiscordBot()
    const { guild, channel } = chat
    await chat.discord.command({ id: minji.id, name: 'minji.kim', guild, channel, ...names }, 'study score', {})
    expect(await store.db.selectFrom('member').select('name').execute()).toEqual([{ name }])
  })

  it('goes by the same names in a direct message', async () => {
    const { chat, store } = await startDiscordBot()
    const channel = '900000000000000001'
    await chat.discord.command({ id: minji.id, name: 'minji.kim', globalName: '\u3164', channel }, 'study score', {})
    expect(await store.db.selectFrom('member').select('name').execute()).toEqual([{ name: 'minji.kim' }])
  })
})

describe('a person whose language the bot does not speak', () => {
  it.each([
    [
      'the bot’s own language in a server that never chose one',
      { isCommunity: false, locale: 'en-US' },
      '아직 점수가 없어요',
    ],
    ['the language of a server that chose one', { isCommunity: true, locale: 'en-US' }, 'No points yet'],
  ])('is answered in %s', async (_, options, said) => {
    const { chat } = await startDiscordBot()
    const guild = chat.discord.addGuild({ ...options, channels: [{ name: 'study' }] })
    const by = { ...minji, name: 'minji', locale: 'ja', guild: guild.id, channel: present(guild.channels[0]).id }
    const { reply } = await chat.discord.command(by, 'study score', {})
    expect(JSON.stringify(reply)).toContain(said)
  })
})

describe('a channel that is for reading alone', () => {
  it.each([
    ['', false],
    [' (a thread)', true],
  ])('is shown nothing by those who may only read it%s', async (_, thread) => {
    const { chat } = await startDiscordBot()
    const { discord } = chat
    const parent = discord.addChannel(chat.guild, { name: 'news' })
    const place = thread ? discord.addChannel(chat.guild, { name: 'day', type: 11, parent: parent.id }) : parent
    const send = thread ? 'SendMessagesInThreads' : 'SendMessages'
    const by = { ...chat.person(minji), channel: place.id }
    const shareOf = (message: unknown) => /topic\.share:[\w:-]+/.exec(JSON.stringify(message))?.[0]
    const before = await discord.command(by, 'aws', { query: 'lambda' })
    const button = present(shareOf(before.reply))
    discord.denyEveryone(parent.id, send)

    expect(shareOf((await discord.command(by, 'aws', { query: 'lambda' })).reply)).toBeUndefined()
    const pressed = await discord.press(by, present(before.reply), button)
    expect(JSON.stringify(pressed.reply)).toContain('이 채널에는 공유할 수 없어요')
    expect(discord.history(place.id)).toEqual([])
  })
})

it('a channel that the bot cannot see is called as the person calls it who chose it', async () => {
  const { chat } = await startDiscordBot()
  const { id: channel } = chat.discord.addChannel(chat.guild, { name: '비밀-스터디', deny: ['ViewChannel'] })
  const given = { kind: 'quiz', channel, time: '9:00', days: '매일' }
  const { text } = await chat.command({ ...minji, isAdmin: true }, 'study-admin schedule add', given)
  expect(text).toMatch(/#비밀-스터디[\s\S]*봇이 이 채널을 볼 수 없어요/)
  expect(text).not.toMatch(/hidden/)
})

describe('a new server', () => {
  it.each([
    ['the language it chose, as a community server', { isCommunity: true, locale: 'en-US' }, 'en'],
    ['the language it chose, where that is Korean', { isCommunity: true, locale: 'ko' }, 'ko'],
    ['English, where it chose a language that the bot does not speak', { isCommunity: true, locale: 'ja' }, 'en'],
    ['the bot’s own language, where it chose none', { isCommunity: false, locale: 'en-US' }, 'ko'],
  ])('begins with %s', async (_, options, locale) => {
    const { chat, store } = await startDiscordBot()
    const guild = chat.discord.addGuild({ ...options, channels: [] })
    const channel = chat.discord.addChannel(guild.id, { name: 'study' })
    const by = { id: minji.id, name: 'minji.kim', locale: 'fr', guild: guild.id, channel: channel.id }
    await chat.discord.command(by, 'study score', {})
    expect(await store.db.selectFrom('community').select('locale').execute()).toEqual([{ locale }])
  })
})

describe('Hangul in its parts', () => {
  it('is as long as it looks, and stored whole', async () => {
    const { chat, store } = await startDiscordBot()
    const name = '클라우드를 함께 공부하는 우리 팀'
    const { text } = await chat.command(minji, 'study team create', { name: name.normalize('NFD') })
    expect(text).toContain('팀을 만들었어요')
    expect(await store.db.selectFrom('team').select('name').execute()).toEqual([{ name }])
  })
})

describe('a person whom the bot does not know', () => {
  const stranger = { id: '300000000000000009', name: 'junho.lee' } as const
  const admin: Member = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true }
  const asked = { member: { user: stranger.id } }

  it.each(['study score', 'study-admin admins add'])('is called by their name in the answer to /%s', async (path) => {
    const { chat } = await startDiscordBot()
    const { guild, channel } = chat
    // So that the server knows them; of the bot they want nothing.
    chat.discord.say({ ...stranger, guild, channel, nick: '이준호' }, '안녕하세요')
    const { text } = shown(await chat.discord.command(chat.person(admin), path, asked))
    expect(text).toContain('“이준호”')
    expect(text).not.toContain(stranger.id)
  })

  it('is nobody else, though somebody goes by their id', async () => {
    const { chat } = await startDiscordBot()
    const { guild, channel } = chat
    chat.discord.say({ ...stranger, guild, channel, nick: '이준호' }, '안녕하세요')
    await chat.command({ ...minji, name: stranger.id }, 'study score')
    const { text } = shown(await chat.discord.command(chat.person(admin), 'study score', asked))
    expect(text).toContain('찾지 못했어요')
  })
})
