// npm run content:check [-- --json]: what the content holds, and every mistake in it. Exits 1 when there is one.

import { fileURLToPath } from 'node:url'
import { type Counts, checkContent } from '../src/content/check.ts'

const CONTENT = fileURLToPath(new URL('../content', import.meta.url))
const { counts, problems, warnings } = await checkContent(CONTENT, Temporal.Now.plainDateISO().toString())
const describe = ({ file, line, field, message }: (typeof problems)[number]): string =>
  `content/${file}:${line}: ${field ? `${field}: ` : ''}${message}`

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ counts, problems, warnings }, null, 2)}\n`)
} else {
  for (const line of table(counts)) process.stdout.write(`${line}\n`)
  for (const warning of warnings) process.stdout.write(`warning: ${describe(warning)}\n`)
  for (const problem of problems) process.stderr.write(`error: ${describe(problem)}\n`)
}
process.exitCode = problems.length > 0 ? 1 : 0

function table(all: Counts): string[] {
  const rows = all.topics.map(
    ({ subject, category, topic, questions, levels, kinds }) =>
      `${`${subject}/${category}/${topic}`.padEnd(52)}${String(questions).padStart(3)} questions  levels ${levels.join('/')}  ` +
      `choice ${kinds.choice}, true-false ${kinds['true-false']}`,
  )
  return [...rows, '', `${all.topics.length} topics, ${all.questions} questions, ko and en`]
}
