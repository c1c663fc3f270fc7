// npm run bench [-- name …] [--quick] [--floor] [--held] [--filled=…] [--due=…]: all benchmarks, or the named ones, each in a process of its own.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BENCHMARKS = ['search', 'discord', 'slack', 'schedule', 'store', 'replicas'] as const

/**
 * Those that play a platform keep all that was said to them. With room for it the simulator does not stop for tens of milliseconds to
 * collect it, which would count as a slow answer of whichever bot is being asked.
 */
const SIMULATING: readonly string[] = ['discord', 'slack', 'schedule', 'replicas']
const ROOM = ['--initial-old-space-size=2000', '--min-semi-space-size=64', '--max-semi-space-size=64']

const given = process.argv.slice(2)
const flags = given.filter((word) => word.startsWith('--'))
const names = given.filter((word) => !word.startsWith('--'))
const unknown = names.filter((name) => !BENCHMARKS.some((known) => known === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.join(', ')}.\n`)
  process.exit(1)
}
for (const name of names.length > 0 ? names : BENCHMARKS) {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  const room = SIMULATING.includes(name) ? ROOM : []
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...room, file, ...flags], { stdio: 'inherit' })
  // Figures never fail a run; a benchmark that broke does.
  if (status !== 0) process.exitCode = 1
}
