// The bot as a real process on a simulated Discord: what members do, and what goes wrong between the two.

import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { present } from '../support/builders.ts'
import { type ControlledBot, startControlled } from '../support/controlled.ts'
import { type DiscordChat, isCommandsPut, look, openDiscordChat, shown, until } from '../support/discord-chat.ts'
import { describeChat, type Member, NOW } from './chat.ts'

async function temporaryStore(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }))
  return `sqlite:${folder}/study.db`
}

describeChat('Discord', async () => {
  const chat = await openDiscordChat()
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  const env = { ...chat.env, DATABASE_URL: `sqlite:${folder}/study.db` }
  return {
    chat,
    start: async (now) => {
      const bot = await startControlled(env, now)
      await bot.connected()
      return bot
    },
  }
})

const minji: Member = { id: '300000000000000001', name: '김민지', locale: 'ko' }
const admin: Member = { id: '300000000000000003', name: '박관리', locale: 'ko', isAdmin: true }

describe('the bot on Discord', () => {
  const open: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })

  async function discordWith(options: Parameters<typeof openDiscordChat>[0] = {}): Promise<DiscordChat> {
    const chat = await openDiscordChat(options)
    open.push(() => chat.close())
    return chat
  }

  async function startOn(chat: DiscordChat, env: Readonly<Record<string, string>> = {}): Promise<ControlledBot> {
    const bot = await startControlled({ ...chat.env, DATABASE_URL: 'sqlite::memory:', ...env }, NOW)
    let isOver = false
    open.push(async () => {
      if (!isOver) await bot.stop()
    })
    const over = async <T>(end: () => Promise<T>): Promise<T> => {
      isOver = true
      return end()
    }
    return { ...bot, stop: () => over(bot.stop), kill: () => over(bot.kill) }
  }

  async function readyOn(chat: DiscordChat, env: Readonly<Record<string, string>> = {}): Promise<ControlledBot> {
    const bot = await startOn(chat, env)
    await bot.connected()
    await chat.ready()
    return bot
  }

  const puts = (chat: DiscordChat) => chat.discord.traffic.filter(({ method, path: at }) => isCommandsPut(method, at))

  describe('commands', () => {
    it('are registered by the first start and left alone by the second', async () => {
      const chat = await discordWith()
      const first = await readyOn(chat)
      expect(puts(chat).map(({ path: at }) => at)).toEqual([`/applications/${chat.discord.applicationId}/commands`])
      await first.stop()
      const asked = () =>
        chat.discord.traffic.filter(({ method, path: at }) => method === 'GET' && /commands/.test(at)).length
      const before = asked()
      await readyOn(chat)
      await until(() => asked() > before)
      // What the second start does after it asked is done when it can answer.
      await chat.command(minji, 'aws', { query: 's3' })
      expect(puts(chat)).toHaveLength(1)
    })

    it('go to one server only when DISCORD_DEV_GUILD names it', async () => {
      const chat = await discordWith()
      await readyOn(chat, { DISCORD_DEV_GUILD: chat.guild })
      expect(puts(chat).map(({ path: at }) => at)).toEqual([
        `/applications/${chat.discord.applicationId}/guilds/${chat.guild}/commands`,
      ])
      expect((await chat.command(minji, 'aws', { query: 's3' })).text).toContain('S3')
    })

    it('complete what is typed from one Hangul syllable, from initial consonants, and in English', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      const complete = async (typed: string) =>
        (await chat.discord.autocomplete(chat.person(minji), 'aws', 'query', typed)).map(({ value }) => value)
      expect(await complete('람')).toContain('lambda')
      expect(await complete('ㄹㄷ')).toContain('lambda')
      expect(await complete('sec')).toContain('security-group')
      expect((await complete('')).length).toBeGreaterThan(0)
    })

    it('for admins are refused to others, even when a server shows them to everybody', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      const person = chat.person(minji)
      await expect(chat.discord.command(person, 'study-admin missing', {})).rejects.toThrow('not shown')
      const shownToAll = { ...person, shown: ['study-admin'] }
      expect(shown(await chat.discord.command(shownToAll, 'study-admin missing', {})).text).toContain('관리자만')
    })
  })

  it('acknowledges a command while its store is held by another program, and answers once it is free', async () => {
    const chat = await discordWith()
    const url = await temporaryStore()
    await readyOn(chat, { DATABASE_URL: url })
    await chat.command(minji, 'study quiz')
    const other = new DatabaseSync(url.slice('sqlite:'.length))
    onTestFinished(() => other.close())
    other.exec('begin immediate')
    let isHeld = true
    const release = delay(1800).then(() => {
      isHeld = false
      other.exec('rollback')
    })
    const outcome = await chat.discord.command(chat.person(minji), 'study quiz', {})
    await release
    expect(isHeld).toBe(false)
    expect(outcome).toMatchObject({ status: 'deferred', refused: [] })
    // In the time that it was held.
    expect(outcome.callbackMs).toBeLessThan(1500)
    expect(shown(outcome).buttons.length).toBeGreaterThan(1)
  })

  describe('direct messages', () => {
    it('look up, practise and show the score of the last server; boards explain themselves', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      await chat.command(minji, 'study score')
      const direct = async (at: string, options = {}) =>
        shown(await chat.discord.command(chat.person(minji, 'direct'), at, options))
      expect((await direct('aws', { query: '람다' })).text).toContain('AWS Lambda · 람다')
      const question = await direct('study quiz', { topic: 'vpc' })
      const mark = question.buttons.includes('O') ? 'O' : 'A'
      const message = question.message as Parameters<typeof chat.discord.press>[1]
      const result = await chat.discord.press(chat.person(minji, 'direct'), message, ({ label }) => label === mark)
      expect(shown(result).text).toMatch(/정답|아쉬워/)
      expect((await direct('study score')).text).toContain('클라우드 스터디')
      expect((await direct('study leaderboard')).text).toContain('스터디 서버의 채널에서')
      expect((await direct('study team list')).text).toContain('스터디 서버의 채널에서')
    })

    it('work for somebody who never used the bot in a server', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      const stranger = chat.person({ id: '300000000000000044', name: '낯선이', locale: 'ko' }, 'direct')
      expect(shown(await chat.discord.command(stranger, 'study quiz', {})).buttons.length).toBeGreaterThan(1)
      expect(shown(await chat.discord.command(stranger, 'study score', {})).text).toContain('점수')
    })
  })

  describe('trouble', () => {
    it('a gateway that drops in the middle of a press is resumed, and the press is answered', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      const question = await chat.command(minji, 'study quiz', { topic: 'vpc' })
      const mark = question.buttons.includes('O') ? 'O' : 'A'
      chat.discord.fault.holdEvents()
      const pressed = chat.press(minji, question, mark)
      chat.discord.fault.dropGateway()
      expect((await pressed).text).toMatch(/정답|아쉬워/)
      expect(chat.discord.sessions.resumes).toBe(1)
    })

    it('a session that Discord no longer knows is begun anew', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      chat.discord.fault.invalidateSession({ resumable: false })
      await until(() => chat.discord.sessions.identifies === 2)
      await chat.discord.ready()
      expect((await chat.command(minji, 'aws', { query: 's3' })).text).toContain('S3')
    })

    it('a token that Discord refuses at the start ends the bot with a sentence that names the variable and the page', async () => {
      const chat = await discordWith()
      chat.discord.fault.revokeToken()
      const bot = await startOn(chat)
      const message = await bot.failed()
      expect(message).toContain('DISCORD_TOKEN')
      expect(message).toContain('https://discord.com/developers/applications')
      expect(message).not.toContain(chat.discord.token)
    })

    it('a token that is revoked while it runs ends it in the same way', async () => {
      const chat = await discordWith()
      const bot = await readyOn(chat)
      chat.discord.fault.revokeToken()
      chat.discord.fault.dropGateway()
      expect(await bot.failed()).toContain('DISCORD_TOKEN')
      expect(bot.logged()).not.toContain(chat.discord.token)
    })

    it.each([4010, 4011, 4012, 4013, 4014])('close code %i ends it with a sentence', async (code) => {
      const chat = await discordWith()
      chat.discord.fault.refuseIdentify(code)
      const bot = await startOn(chat)
      expect(await bot.failed()).toMatch(/^The configuration cannot be used:\n {2}- \S.{20,}/)
    })

    it('a Discord that is not there yet is tried again until it is', async () => {
      const chat = await discordWith()
      chat.discord.fault.down()
      const bot = await startOn(chat)
      await until(() => bot.logged().includes('it is tried again'))
      chat.discord.fault.up()
      await bot.connected()
      await chat.ready()
      expect((await chat.command(minji, 'aws', { query: 's3' })).text).toContain('S3')
    })

    it('REST that was down answers again, and what was answered meanwhile is kept', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      const question = await chat.command(minji, 'study quiz', { topic: 'vpc' })
      const mark = question.buttons.includes('O') ? 'O' : 'A'
      chat.discord.fault.down()
      await expect(chat.press(minji, question, mark)).rejects.toThrow('no answer')
      chat.discord.fault.up()
      const again = await chat.press(minji, question, mark)
      expect(again.text).toContain('처음 고른 답')
    })

    it('an answer whose confirmation is lost is not shown twice', async () => {
      const chat = await discordWith()
      await readyOn(chat)
      chat.discord.fault.loseResponse({ method: 'POST', path: /callback/ })
      const outcome = await chat.discord.command(chat.person(minji), 'aws', { query: 's3' })
      expect(outcome.status).toBe('answered')
      expect(outcome.followUps).toEqual([])
    })

    it('a store that another program holds does not leave a press without an answer', async () => {
      const { DatabaseSync } = await import('node:sqlite')
      const url = await temporaryStore()
      const chat = await discordWith()
      await readyOn(chat, { DATABASE_URL: url })
      const question = await chat.command(minji, 'study quiz', { topic: 'vpc' })
      const mark = question.buttons.includes('O') ? 'O' : 'A'
      const other = new DatabaseSync(url.slice('sqlite:'.length))
      other.exec('begin immediate')
      const refused = await chat.press(minji, question, mark)
      other.exec('rollback')
      other.close()
      expect(refused.text).toContain('다른 프로그램이 데이터를 쓰고 있어요')
      expect((await chat.press(minji, question, mark)).text).toMatch(/정답|아쉬워/)
    })
  })

  describe('servers', () => {
    it('that remove the bot, even while it is away, are closed; an outage is not a removal', async () => {
      const { openStore } = await import('../../src/store/open.ts')
      const { connectionsOf } = await import('../../src/store/connections.ts')
      const url = await temporaryStore()
      const chat = await discordWith()
      const other = chat.discord.addGuild({ name: '다른 서버', channels: [{ name: 'talk' }] })
      const channel = present([...chat.discord.world.channels.values()].find(({ guildId }) => guildId === other.id)).id
      const first = await readyOn(chat, { DATABASE_URL: url })
      await chat.command(minji, 'study score')
      await chat.discord.command({ ...chat.person(minji), guild: other.id, channel }, 'study score', {})
      chat.discord.outage(chat.guild)
      await first.stop()
      chat.discord.removeGuild(other.id)
      const second = await readyOn(chat, { DATABASE_URL: url })
      await second.stop()
      const store = await openStore(url)
      const closed = new Map(
        (await connectionsOf(store.db, 'discord')).map((each) => [each.external_id, each.closed_at]),
      )
      await store.close()
      expect(closed.get(other.id)).toBe(NOW)
      expect(closed.get(chat.guild)).toBeNull()
    })

    it('get nothing that nobody asked for', async () => {
      const chat = await discordWith()
      const bot = await readyOn(chat)
      await bot.tick()
      expect(await chat.posts()).toEqual([])
      expect(chat.discord.traffic.filter(({ method, path: at }) => method === 'POST' && /channels/.test(at))).toEqual(
        [],
      )
    })
  })

  describe('a stop', () => {
    it('answers what came before it', async () => {
      const chat = await discordWith()
      const bot = await readyOn(chat)
      const asked = Array.from({ length: 20 }, () => chat.command(minji, 'study quiz'))
      await bot.stop()
      const answers = await Promise.allSettled(asked)
      expect(answers.filter(({ status }) => status === 'rejected')).toEqual([])
    })
  })

  it('asks for the intent Guilds and no other', async () => {
    const chat = await discordWith()
    await readyOn(chat)
    expect(chat.discord.sessions.started.map(({ intents }) => intents)).toEqual([1])
  })

  it.each([1, 10, 5000])('shows a board of %i members with the caller below it', async (members) => {
    const { fillCommunity } = await import('../support/seed.ts')
    const url = await temporaryStore()
    const chat = await discordWith()
    await fillCommunity(url, { connection: chat.guild, members, now: NOW })
    await readyOn(chat, { DATABASE_URL: url })
    const board = await chat.command(admin, 'study leaderboard', { period: 'all' })
    expect(board.text).toContain(`참가자 ${members}`)
    if (members > 10) expect(board.text).toContain(String(members))
    expect(look(board.message as Parameters<typeof look>[0]).text).toContain('1위')
  })
})
