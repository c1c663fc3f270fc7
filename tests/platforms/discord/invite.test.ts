import { PermissionFlagsBits, PermissionsBitField } from 'discord.js'
import { describe, expect, it } from 'vitest'
import { applicationOf, inviteLink, PERMISSIONS } from '../../../src/platforms/discord/invite.ts'

const APPLICATION = '1234567890123456789'

function tokenOf(application: string): string {
  return `${Buffer.from(application).toString('base64url')}.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB`
}

describe('the application of a token', () => {
  it.each(['12345678901234567', '123456789012345678', APPLICATION])('is read from its first part: %s', (id) => {
    expect(applicationOf(tokenOf(id))).toBe(id)
  })

  it('is read from a first part with padding', () => {
    const padded = Buffer.from('12345678901234567').toString('base64')
    expect(padded).toMatch(/=$/)
    expect(applicationOf(`${padded}.x.y`)).toBe('12345678901234567')
  })
})

describe('the link that adds the bot to a server', () => {
  const url = new URL(inviteLink(APPLICATION))

  it('leads to the page of Discord where an owner chooses the server', () => {
    expect(`${url.origin}${url.pathname}`).toBe('https://discord.com/oauth2/authorize')
  })

  it('names the application, and installs it in a server and not for one person', () => {
    expect(url.searchParams.get('client_id')).toBe(APPLICATION)
    expect(url.searchParams.get('integration_type')).toBe('0')
  })

  it('asks for the bot and its commands', () => {
    expect(url.searchParams.get('scope')?.split(' ').sort()).toEqual(['applications.commands', 'bot'])
  })

  it('asks for exactly what the bot does: see, post, also in threads, with pictures, and find its posts again', () => {
    const asked = new PermissionsBitField(BigInt(url.searchParams.get('permissions') ?? '0')).toArray()
    expect(asked.sort()).toEqual(
      ['AttachFiles', 'ReadMessageHistory', 'SendMessages', 'SendMessagesInThreads', 'ViewChannel'].sort(),
    )
    expect(asked).toEqual(Object.keys(PERMISSIONS).sort())
  })

  it('asks for nothing that would let the bot run a server', () => {
    const asked = BigInt(url.searchParams.get('permissions') ?? '0')
    const { Administrator, ManageGuild, ManageMessages, MentionEveryone } = PermissionFlagsBits
    expect(asked & (Administrator | ManageGuild | ManageMessages | MentionEveryone)).toBe(0n)
  })
})
