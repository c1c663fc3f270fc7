// The link that adds the bot to a server, with the permissions it needs and no other.

import { OAuth2Scopes, PermissionFlagsBits } from 'discord.js'

/** What the bot asks for; the README gives the reason for each. */
export const PERMISSIONS = {
  ViewChannel: PermissionFlagsBits.ViewChannel,
  SendMessages: PermissionFlagsBits.SendMessages,
  SendMessagesInThreads: PermissionFlagsBits.SendMessagesInThreads,
  AttachFiles: PermissionFlagsBits.AttachFiles,
  ReadMessageHistory: PermissionFlagsBits.ReadMessageHistory,
} as const

/** The application's id: the first part of a token is it in base64. */
export function applicationOf(token: string): string {
  return Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1')
}

export function inviteLink(application: string): string {
  const query = new URLSearchParams({
    client_id: application,
    scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
    permissions: String(Object.values(PERMISSIONS).reduce((sum, bit) => sum | bit, 0n)),
    integration_type: '0',
  })
  return `https://discord.com/oauth2/authorize?${query}`
}
