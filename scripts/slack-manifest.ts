// Prints the manifest of the Slack app: npm run --silent slack:manifest [-- --url https://bot.example.com] [--oauth] [--locale en] [--yaml]

import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { commandTable } from '../src/commands/table.ts'
import { environmentWithFile } from '../src/config.ts'
import { loadLibrary } from '../src/content/load.ts'
import { createIndex } from '../src/content/search.ts'
import { localeOf } from '../src/locales/locale.ts'
import { manifest } from '../src/platforms/slack/manifest.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    oauth: { type: 'boolean', default: false },
    locale: { type: 'string' },
    yaml: { type: 'boolean', default: false },
  },
})

const env = environmentWithFile()
const baseUrl = values.url?.replace(/\/+$/, '')
if (baseUrl !== undefined && URL.parse(baseUrl)?.protocol !== 'https:') {
  process.stderr.write('--url: Slack sends requests to an https address only, such as https://bot.example.com\n')
  process.exit(1)
}
const commandPrefix = env['SLACK_COMMAND_PREFIX'] ?? ''
if (!/^[a-z0-9_-]{0,16}$/.test(commandPrefix)) {
  const accepted = 'up to 16 small letters, digits, - and _, such as team-'
  process.stderr.write(`SLACK_COMMAND_PREFIX: got "${commandPrefix}"; accepted: ${accepted}\n`)
  process.exit(78)
}
const library = await loadLibrary(fileURLToPath(new URL('../content', import.meta.url)), { questions: true })
const indexes = new Map(library.subjects.map((subject) => [subject.id, createIndex(subject)]))
const made = manifest(commandTable({ library, indexes }), {
  locale: localeOf(values.locale ?? env['DEFAULT_LOCALE'] ?? '') ?? 'ko',
  commandPrefix,
  baseUrl,
  oauth: values.oauth,
})
process.stdout.write(values.yaml ? stringify(made) : `${JSON.stringify(made, null, 2)}\n`)
