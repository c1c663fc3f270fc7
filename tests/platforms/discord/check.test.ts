import { PermissionsBitField, ChannelType as RoomType } from 'discord.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Checked, Obstacle, Platform } from '../../../src/chat/platform.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Bot } from '../../../src/commands/dispatch.ts'
import type { Locale } from '../../../src/locales/locale.ts'
import { checkDestination } from '../../../src/platforms/discord/check.ts'
import { createDiscord } from '../../../src/platforms/discord/client.ts'
import { PERMISSIONS } from '../../../src/platforms/discord/invite.ts'
import type { Store } from '../../../src/store/open.ts'
import type { PermissionName } from '../../support/discord/bits.ts'
import { type Discord, startDiscord } from '../../support/discord/discord.ts'
import { ChannelType } from '../../support/discord/world.ts'
import { CONTENT, memoryStore, silent } from '../../support/world.ts'

const nobody: Bot = {
  commands: [],
  run: () => Promise.reject(new Error('not asked for')),
  runLine: () => Promise.reject(new Error('not asked for')),
  runParsed: () => Promise.reject(new Error('not asked for')),
  press: () => Promise.reject(new Error('not asked for')),
  ask: () => Promise.reject(new Error('not asked for')),
  suggest: () => [],
}

let discord: Discord
let store: Store
let platform: Platform
let guild: string

function newPlatform(): Platform {
  const config = {
    token: discord.token,
    apiUrl: discord.apiUrl,
    devGuild: undefined,
    shards: undefined,
    requestsPerSecond: 50,
  }
  const parts = { store, clock: systemClock, bot: nobody, log: silent, root: CONTENT, config } as const
  return createDiscord({ ...parts, defaultLocale: 'ko', onFatal: () => {} })
}

beforeAll(async () => {
  discord = await startDiscord()
  // As @everyone of a new server has it; a bot's own role from our link does not ask for CONNECT.
  const botPermissions = [...Object.keys(PERMISSIONS), 'Connect'] as PermissionName[]
  guild = discord.addGuild({ channels: [{ name: 'general' }], botPermissions }).id
  store = await memoryStore()
  platform = newPlatform()
  await platform.start()
})
afterAll(async () => {
  await platform.stop()
  await discord.close()
  await store.close()
})

function check(channel: string, locale: Locale, connection = guild): Promise<Checked> {
  return platform.check({ connection, channel }, locale)
}

/** Checks again until the gateway has told the bot what changed. */
async function checked(channel: string, locale: Locale, expected: Checked, connection = guild): Promise<void> {
  await vi.waitFor(async () => expect(await check(channel, locale, connection)).toEqual(expected))
}

/** A channel in which the bot lacks permissions; a thread in one, whose own they are. */
function channelOf(kind: keyof typeof KINDS, denied: readonly PermissionName[]): string {
  const { type, thread } = KINDS[kind]
  const channel = discord.addChannel(guild, { name: thread ? 'parent' : 'study', type, deny: denied })
  return thread ? discord.addChannel(guild, { name: 'study', type: 11, parent: channel.id }).id : channel.id
}

const KINDS = {
  'a text channel': { type: ChannelType.text, thread: false },
  'an announcement channel': { type: ChannelType.announcement, thread: false },
  'a voice channel': { type: ChannelType.voice, thread: false },
  'a thread': { type: ChannelType.text, thread: true },
  'a post of a forum': { type: ChannelType.forum, thread: true },
} as const

const NAMES = {
  ViewChannel: { ko: '채널 보기', en: 'View Channel' },
  SendMessages: { ko: '메시지 보내기', en: 'Send Messages' },
  SendMessagesInThreads: { ko: '스레드에서 메시지 보내기', en: 'Send Messages in Threads' },
  ReadMessageHistory: { ko: '메시지 기록 보기', en: 'Read Message History' },
  AttachFiles: { ko: '파일 첨부', en: 'Attach Files' },
} as const

const LOSSES = {
  ViewChannel: { ko: '봇이 이 채널을 볼 수 없어요.', en: 'It cannot see the channel.' },
  SendMessages: { ko: '글을 올릴 수 없어요.', en: 'It cannot post there.' },
  SendMessagesInThreads: { ko: '글을 올릴 수 없어요.', en: 'It cannot post there.' },
  ReadMessageHistory: {
    ko: '연결이 끊겼을 때 글이 올라갔는지 확인하지 못해서, 그 글은 다시 올리지 않아요.',
    en: 'When a connection breaks it cannot tell whether a post arrived, so such a post is not sent again.',
  },
  AttachFiles: {
    ko: '그림 대신 설명을 글로 올려요.',
    en: 'It posts the description of a picture instead of the picture.',
  },
} as const

function lacking(permission: keyof typeof NAMES, locale: Locale): Obstacle {
  const [name, loss] = [NAMES[permission][locale], LOSSES[permission][locale]]
  return locale === 'ko'
    ? {
        problem: `#study에서 봇에게 “${name}” 권한이 없어요. ${loss}`,
        remedy: `#study 설정의 권한에서 봇에게 “${name}” 권한을 켜 주세요.`,
      }
    : {
        problem: `The bot lacks the permission “${name}” in #study. ${loss}`,
        remedy: `Give the bot “${name}” in the permissions of #study.`,
      }
}

const HIDDEN = {
  ko: {
    problem: '봇이 이 채널을 볼 수 없어요.',
    remedy: '채널 설정의 권한에 봇을 추가하고 “채널 보기”와 “메시지 보내기” 권한을 켠 뒤 다시 확인해 주세요.',
  },
  en: {
    problem: 'The bot cannot see this channel.',
    remedy: 'Add the bot in the permissions of the channel with “View Channel” and “Send Messages”, then check again.',
  },
} as const

const MUTED = {
  ko: {
    problem: '봇이 이 서버에서 타임아웃 상태예요. 2099. 1. 2. 오전 3:04 UTC까지 글을 올릴 수 없어요.',
    remedy: '서버의 멤버 목록에서 봇의 타임아웃을 해제해 주세요.',
  },
  en: {
    problem: 'The bot has a timeout in this server and cannot post until Jan 2, 2099, 3:04 AM UTC.',
    remedy: 'Remove the timeout of the bot in the member list of the server.',
  },
} as const

const LOCALES = ['ko', 'en'] as const

describe.each(LOCALES)('in %s', (locale) => {
  describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('a check of %s', (kind) => {
    const send = KINDS[kind].thread ? 'SendMessagesInThreads' : 'SendMessages'

    it('finds nothing wrong where the bot may do everything it needs', async () => {
      await checked(channelOf(kind, []), locale, { label: '#study', obstacles: [], warnings: [] })
    })

    it('names the permission to send as what keeps a post from it', async () => {
      const obstacles = [lacking(send, locale)]
      await checked(channelOf(kind, [send]), locale, { label: '#study', obstacles, warnings: [] })
    })

    it('says that it cannot be seen, and neither what Discord calls it then nor what else it does not tell', async () => {
      for (const denied of [['ViewChannel'], ['ViewChannel', send, 'AttachFiles']] as const) {
        const channel = channelOf(kind, denied)
        await checked(channel, locale, { label: channel, obstacles: [HIDDEN[locale]], warnings: [] })
      }
    })

    it('knows it again once it can be seen', async () => {
      const channel = channelOf(kind, ['ViewChannel'])
      await checked(channel, locale, { label: channel, obstacles: [HIDDEN[locale]], warnings: [] })
      const parent = discord.world.channels.get(channel)?.parentId
      discord.allow(KINDS[kind].thread && parent ? parent : channel, 'ViewChannel')
      await checked(channel, locale, { label: '#study', obstacles: [], warnings: [] })
    })

    it('says until when the bot has a timeout', async () => {
      const channel = channelOf(kind, [])
      discord.mute(guild, new Date('2099-01-02T03:04:00Z'))
      await checked(channel, locale, { label: '#study', obstacles: [MUTED[locale]], warnings: [] })
      discord.mute(guild, new Date('2020-01-02T03:04:00Z'))
      await checked(channel, locale, { label: '#study', obstacles: [], warnings: [] })
    })

    it.each(['ReadMessageHistory', 'AttachFiles'] as const)('warns of the loss of %s', async (permission) => {
      const warnings = [lacking(permission, locale)]
      await checked(channelOf(kind, [permission]), locale, { label: '#study', obstacles: [], warnings })
    })

    it('names everything that is missing at once', async () => {
      await checked(channelOf(kind, [send, 'ReadMessageHistory', 'AttachFiles']), locale, {
        label: '#study',
        obstacles: [lacking(send, locale)],
        warnings: [lacking('ReadMessageHistory', locale), lacking('AttachFiles', locale)],
      })
    })

    it('does not ask for the other permission to send', async () => {
      const other = KINDS[kind].thread ? 'SendMessages' : 'SendMessagesInThreads'
      await checked(channelOf(kind, [other]), locale, { label: '#study', obstacles: [], warnings: [] })
    })
  })

  it.each<readonly [string, number]>([
    ['a forum', ChannelType.forum],
    ['a media channel', ChannelType.media],
  ])('a check of %s says that only its posts take messages', async (_, type) => {
    const { id } = discord.addChannel(guild, { name: 'ideas', type })
    const obstacle = {
      ko: {
        problem: '#ideas 채널은 포럼이라서 글 안에만 메시지를 쓸 수 있어요.',
        remedy: '포럼에 글을 하나 만들고 그 글을 채널로 골라 주세요.',
      },
      en: {
        problem: '#ideas is a forum: messages go into its posts only.',
        remedy: 'Make a post in the forum and choose that post as the channel.',
      },
    }[locale]
    await checked(id, locale, { label: '#ideas', obstacles: [obstacle], warnings: [] })
  })

  it('a check of a category says that nobody can write there', async () => {
    const { id } = discord.addChannel(guild, { name: 'rooms', type: ChannelType.category })
    const obstacle = {
      ko: {
        problem: '#rooms에는 메시지를 쓸 수 없어요.',
        remedy: '다른 채널을 고르거나, 봇이 그 채널을 볼 수 있게 해 주세요.',
      },
      en: {
        problem: 'Nobody can write messages in #rooms.',
        remedy: 'Choose another channel, or let the bot see that one.',
      },
    }[locale]
    await checked(id, locale, { label: '#rooms', obstacles: [obstacle], warnings: [] })
  })

  it.each([false, true])('a check of a locked thread says so, archived or not (%s)', async (archived) => {
    const parent = discord.addChannel(guild, { name: 'parent' }).id
    const { id } = discord.addChannel(guild, { name: 'daily', type: 11, parent, locked: true, archived })
    const obstacle = {
      ko: { problem: '#daily 스레드가 잠겨 있어요.', remedy: '스레드의 잠금을 풀거나 다른 채널을 골라 주세요.' },
      en: { problem: 'The thread #daily is locked.', remedy: 'Unlock it or choose another channel.' },
    }[locale]
    await checked(id, locale, { label: '#daily', obstacles: [obstacle], warnings: [] })
  })

  it('a thread that was archived, and so is not in memory, is no obstacle: a post opens it again', async () => {
    const parent = discord.addChannel(guild, { name: 'parent' }).id
    const { id } = discord.addChannel(guild, { name: 'daily', type: 11, parent, archived: true })
    await checked(id, locale, { label: '#daily', obstacles: [], warnings: [] })
  })

  const NO_CHANNEL = {
    ko: {
      problem: '그런 채널이 없거나 봇에게 보이지 않아요.',
      remedy: '다른 채널을 고르거나, 봇이 그 채널을 볼 수 있게 해 주세요.',
    },
    en: {
      problem: 'There is no such channel, or the bot cannot see it.',
      remedy: 'Choose another channel, or let the bot see that one.',
    },
  }[locale]

  it('a name that turns the line around it is shown without that', async () => {
    const { id } = discord.addChannel(guild, {
      name: '\u202egnp\u200b.study',
      type: 11,
      parent: channelOf('a text channel', []),
    })
    await checked(id, locale, { label: '#gnp .study', obstacles: [], warnings: [] })
  })

  it('an unknown channel is named by its id', async () => {
    const id = '1400000000000000099'
    await checked(id, locale, { label: id, obstacles: [NO_CHANNEL], warnings: [] })
  })

  it('a channel of another server is not there', async () => {
    const other = discord.addGuild({ channels: [{ name: 'theirs' }] })
    const id = other.channels[0]?.id ?? ''
    await checked(id, locale, { label: id, obstacles: [NO_CHANNEL], warnings: [] })
  })

  const NO_ANSWER = {
    ko: { problem: '디스코드가 답하지 않아서 권한을 확인하지 못했어요.', remedy: '잠시 뒤에 다시 확인해 주세요.' },
    en: {
      problem: 'Discord does not answer, so the permissions could not be checked.',
      remedy: 'Check again in a while.',
    },
  }[locale]

  it('a channel that could not be asked for is not said to be gone', async () => {
    const id = '1400000000000000098'
    discord.fault.fail({ method: 'GET', path: new RegExp(`/channels/${id}$`) }, 503, { times: 10 })
    expect(await check(id, locale)).toEqual({ label: id, obstacles: [NO_ANSWER], warnings: [] })
  })

  it('a bot that is not connected says that it could not ask', async () => {
    const early = newPlatform()
    expect(await early.check({ connection: guild, channel: '1' }, locale)).toEqual({
      label: '1',
      obstacles: [NO_ANSWER],
      warnings: [],
    })
  })

  it('a server with an outage is said to come back by itself', async () => {
    const other = discord.addGuild({ channels: [{ name: 'study' }] })
    const id = other.channels[0]?.id ?? ''
    await checked(id, locale, { label: '#study', obstacles: [], warnings: [] }, other.id)
    discord.outage(other.id)
    const obstacle = {
      ko: {
        problem: '디스코드가 지금 이 서버에 연결하지 못해요.',
        remedy: '디스코드 장애가 끝나면 저절로 돌아와요. 잠시 뒤에 다시 확인해 주세요.',
      },
      en: {
        problem: 'Discord cannot reach this server at the moment.',
        remedy: 'It comes back by itself when Discord has recovered. Check again in a while.',
      },
    }[locale]
    await checked(id, locale, { label: id, obstacles: [obstacle], warnings: [] }, other.id)
    discord.recover(other.id)
    await checked(id, locale, { label: '#study', obstacles: [], warnings: [] }, other.id)
  })

  it('a server that the bot is not in is said to need an invitation', async () => {
    const obstacle = {
      ko: { problem: '봇이 이 서버에 없어요.', remedy: '봇을 다시 초대해 주세요.' },
      en: { problem: 'The bot is not in this server.', remedy: 'Invite it again.' },
    }[locale]
    await checked('1', locale, { label: '1', obstacles: [obstacle], warnings: [] }, '1400000000000000097')
  })

  it('a person needs no permission', async () => {
    const direct = await platform.check({ connection: guild, user: '1400000000000000010' }, locale)
    expect(direct).toMatchObject({ obstacles: [], warnings: [] })
  })
})

it('a check of a channel in memory asks Discord for nothing', async () => {
  const channel = channelOf('a text channel', ['AttachFiles'])
  await checked(channel, 'en', { label: '#study', obstacles: [], warnings: [lacking('AttachFiles', 'en')] })
  const before = discord.traffic.length
  await check(channel, 'en')
  expect(discord.traffic.slice(before)).toEqual([])
})

it('a voice channel that the bot may not connect to takes no messages of it', async () => {
  // Text in voice needs CONNECT besides: https://docs.discord.com/developers/resources/message#get-channel-messages
  const channel = discord.addChannel(guild, { name: 'study', type: ChannelType.voice, deny: ['Connect'] }).id
  await vi.waitFor(async () => {
    const { obstacles } = await check(channel, 'en')
    expect(obstacles.map(({ problem }) => problem)).toEqual([expect.stringContaining('“Connect”')])
  })
})

it('a timeout is over when the clock of the bot says so', async () => {
  const until = Date.parse('2099-01-02T03:04:00Z')
  const may = new PermissionsBitField(PermissionsBitField.Default)
  const room = { name: 'study', type: RoomType.GuildText, locked: false, may, mutedUntil: until } as const
  const obstaclesAt = async (now: number): Promise<readonly Obstacle[]> =>
    (await checkDestination(async () => room, { connection: '1', channel: '2' }, 'en', now)).obstacles
  expect(await obstaclesAt(until - 1)).toEqual([MUTED.en])
  expect(await obstaclesAt(until)).toEqual([])
})
