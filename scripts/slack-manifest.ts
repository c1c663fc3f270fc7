// npm run --silent slack:manifest [-- options]: prints the manifest of the Slack app.

import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { commandTable } from '../src/commands/table.ts'
import { ConfigError, environmentWithFile } from '../src/config.ts'
import { loadLibrary } from '../src/content/load.ts'
import { createIndex } from '../src/content/search.ts'
import { LOCALES, localeOf } from '../src/locales/locale.ts'
import { manifest } from '../src/platforms/slack/manifest.ts'
import { print, runCommand, UsageError } from './command-line.ts'

const USAGE = `Usage: npm run --silent slack:manifest [-- [--locale ko|en] [--url https://bot.example.com] [--oauth] [--yaml]]

Prints the manifest of the Slack app, to be pasted at https://api.slack.com/apps. --url: Slack sends its requests to that address
instead of a socket. --oauth: several workspaces may install the app. SLACK_COMMAND_PREFIX stands before the names of the commands.`

await runCommand(
  USAGE,
  {
    url: { type: 'string' },
    oauth: { type: 'boolean', default: false },
    locale: { type: 'string' },
    yaml: { type: 'boolean', default: false },
  },
  async ({ url, oauth, locale, yaml }) => {
    const wanted = LOCALES.find((each) => each === locale)
    if (locale !== undefined && !wanted) {
      throw new UsageError(`--locale: got "${locale}"; accepted: ${LOCALES.join(', ')}`)
    }
    const baseUrl = typeof url === 'string' ? url.replace(/\/+$/, '') : undefined
    if (baseUrl !== undefined && URL.parse(baseUrl)?.protocol !== 'https:') {
      throw new UsageError('--url: Slack sends requests to an https address only, such as https://bot.example.com')
    }
    const env = environmentWithFile()
    const commandPrefix = env['SLACK_COMMAND_PREFIX'] ?? ''
    if (!/^[a-z0-9_-]{0,16}$/.test(commandPrefix)) {
      const accepted = 'up to 16 small letters, digits, - and _, such as team-'
      throw new ConfigError([`SLACK_COMMAND_PREFIX: got "${commandPrefix}"; accepted: ${accepted}`])
    }
    const library = await loadLibrary(fileURLToPath(new URL('../content', import.meta.url)), { questions: true })
    const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
    const made = manifest(commandTable({ library, indexes }), {
      locale: wanted ?? localeOf(env['DEFAULT_LOCALE'] ?? '') ?? 'ko',
      commandPrefix,
      baseUrl,
      oauth: oauth === true,
    })
    print(yaml ? stringify(made).trimEnd() : JSON.stringify(made, null, 2))
    return 0
  },
)
