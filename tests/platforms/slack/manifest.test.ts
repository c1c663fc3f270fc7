import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { LOCALES } from '../../../src/locales/locale.ts'
import { MANIFEST_LIMITS } from '../../../src/platforms/slack/limits.ts'
import { manifest } from '../../../src/platforms/slack/manifest.ts'
import { buildCommands } from '../../support/builders.ts'

const commands = buildCommands()
const base = { locale: 'ko', commandPrefix: '', baseUrl: undefined, oauth: false } as const

type Made = {
  display_information: { name: string; description: string }
  features: { slash_commands: { command: string; description: string; usage_hint: string; url?: string }[] }
  oauth_config: { redirect_urls?: string[]; scopes: { bot: string[]; bot_optional: string[] } }
  settings: Record<string, unknown>
}
const made = (options: Partial<Parameters<typeof manifest>[1]> = {}): Made =>
  manifest(commands, { ...base, ...options }) as Made

describe('the manifest', () => {
  it('has every command of the table, and its prefix', () => {
    const names = ({ features }: Made) => features.slash_commands.map(({ command }) => command)
    expect(names(made())).toEqual([...new Set(commands.map(({ path }) => `/${path[0]}`))])
    expect(names(made({ commandPrefix: 'team-' }))).toContain('/team-aws')
    expect(() => made({ commandPrefix: 'x'.repeat(30) })).toThrow(/32/)
  })

  it.each(LOCALES)('keeps to what Slack allows, in %s', (locale) => {
    const { display_information, features } = made({ locale })
    expect(display_information.name.length).toBeLessThanOrEqual(35)
    expect(display_information.description.length).toBeLessThanOrEqual(MANIFEST_LIMITS.shortDescription)
    for (const { description, usage_hint } of features.slash_commands) {
      expect(description.length).toBeGreaterThan(0)
      expect(description.length).toBeLessThanOrEqual(MANIFEST_LIMITS.description)
      expect(usage_hint.length).toBeGreaterThan(0)
      expect(usage_hint.length).toBeLessThanOrEqual(MANIFEST_LIMITS.usageHint)
    }
  })

  it('asks for each scope once, and marks those that it can do without', () => {
    const { bot, bot_optional } = made().oauth_config.scopes
    expect(new Set(bot).size).toBe(bot.length)
    expect(bot_optional).toEqual(['chat:write.public', 'channels:history', 'groups:history'])
    expect(bot).toEqual(expect.arrayContaining(bot_optional))
  })

  it('hears of the end of the app and of channels, private ones too, and of nothing that people write', () => {
    const { bot_events } = made().settings['event_subscriptions'] as { bot_events: string[] }
    expect(bot_events.toSorted()).toEqual([
      'app_home_opened',
      'app_uninstalled',
      'channel_archive',
      'channel_deleted',
      'group_archive',
      'group_deleted',
      'tokens_revoked',
    ])
  })

  it('is for a socket, or for requests to an address', () => {
    expect(made().settings).toMatchObject({ socket_mode_enabled: true, token_rotation_enabled: false })
    const http = made({ baseUrl: 'https://bot.example.com', oauth: true })
    const request_url = 'https://bot.example.com/slack/events'
    expect(http.settings).toMatchObject({
      socket_mode_enabled: false,
      token_rotation_enabled: true,
      event_subscriptions: { request_url },
      interactivity: { request_url, message_menu_options_url: request_url },
    })
    expect(http.features.slash_commands.every(({ url }) => url === request_url)).toBe(true)
    expect(http.oauth_config.redirect_urls).toEqual(['https://bot.example.com/slack/oauth_redirect'])
  })
})

describe('the script', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [
      fileURLToPath(new URL('../../../scripts/slack-manifest.ts', import.meta.url)),
      ...args,
    ])

  it('prints it as JSON, or as YAML', async () => {
    const json = JSON.parse((await run('--locale', 'en')).stdout)
    expect(json.display_information.name).toBe('AWS study')
    expect(parse((await run('--locale', 'en', '--yaml')).stdout)).toEqual(json)
  })

  it('refuses an address that Slack would not send to', async () => {
    await expect(run('--url', 'http://bot.example.com')).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('https'),
    })
  })

  it('refuses a language that the bot does not speak', async () => {
    await expect(run('--locale', 'fr')).rejects.toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('--locale: got "fr"; accepted: ko, en\n'),
    })
  })
})
