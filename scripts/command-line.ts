// What the scripts for whoever runs the bot share: options, --help, errors as sentences, exit codes.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { ConfigError, EX_CONFIG, environmentWithFile, readConfig } from '../src/config.ts'
import { StoreError } from '../src/store/errors.ts'
import { MoveError } from '../src/store/move.ts'

/** EX_USAGE of sysexits.h. */
const EX_USAGE = 64

/** Something that whoever typed the command can put right; the message says how. */
export class UsageError extends Error {}

type Values = Readonly<Record<string, string | boolean | undefined>>

/** Reads the options, prints the usage for --help, runs `work` and ends with its exit code, or 1 and a sentence. */
export async function runCommand(
  usage: string,
  options: ParseArgsOptionsConfig,
  work: (values: Values) => Promise<number>,
): Promise<void> {
  try {
    const values = readOptions(options)
    if (values['help']) print(usage)
    else process.exitCode = await work(values)
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`)
    process.exitCode = error instanceof UsageError ? EX_USAGE : error instanceof ConfigError ? EX_CONFIG : 1
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isKnown = [UsageError, StoreError, ConfigError, MoveError].some((type) => error instanceof type)
  return (isKnown ? error.message : fileFault(error)) ?? error.stack ?? error.message
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk’s share of this user is full',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a file stands where a folder should be',
  EISDIR: 'it is a folder',
  EEXIST: 'a file of that name is there already',
}

/** What is wrong with a file that was to be written; undefined for anything else. */
function fileFault({ code, path, message }: NodeJS.ErrnoException): string | undefined {
  const fault = FILE_FAULTS[code ?? '']
  return fault && `${path ?? message}: ${fault}. Name another place with --to, or mend this one.`
}

function readOptions(options: ParseArgsOptionsConfig): Values {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    return values as Values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

export function required(values: Values, name: string): string {
  const value = values[name]
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing.`)
  return value
}

/** The store of the bot: DATABASE_URL of the environment or .env, unless the command names another. */
export function storeUrl(values: Values): string {
  const { from } = values
  if (typeof from === 'string') return checkedUrl('from', from)
  return readConfig(environmentWithFile()).databaseUrl
}

/** A database as DATABASE_URL would name it. */
export function checkedUrl(option: string, url: string): string {
  try {
    return readConfig({ DATABASE_URL: url }).databaseUrl
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new UsageError(error.problems.map((problem) => problem.replace('DATABASE_URL', `--${option}`)).join('\n'))
  }
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A line that replaces itself on a terminal; elsewhere nothing, so that logs stay short. */
export function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
}
