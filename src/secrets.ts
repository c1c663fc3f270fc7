// Secrets that stand in files instead of the environment: NAME_FILE names the file that holds NAME, as Docker and systemd hand them out.

import * as fs from 'node:fs'

/** Far more than any token; a log or a device that was named by mistake is not read to its end. In bytes. */
const LONGEST = 16 * 1024

export type Revealed = {
  /** What was given, and for each NAME_FILE what its file holds under NAME. */
  readonly values: Readonly<Record<string, string>>
  /** Names whose value came out of a file, and the path of that file. */
  readonly files: ReadonlyMap<string, string>
  /** One sentence for each file that cannot be used, by the name of its secret. Never a word of what is in it. */
  readonly problems: ReadonlyMap<string, string>
}

/**
 * Reads the files that an environment names for these secrets. An empty value counts as not set; white space around what a
 * file holds is not part of the secret.
 */
export function revealSecrets(env: Readonly<Record<string, string>>, secrets: Iterable<string>): Revealed {
  const values = { ...env }
  const files = new Map<string, string>()
  const problems = new Map<string, string>()
  for (const name of secrets) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    const read = env[name] ? `${name} is set too; keep one of the two` : readSecret(file)
    if (typeof read === 'string') {
      problems.set(name, `${name}_FILE: ${read}`)
    } else {
      values[name] = read.secret
      files.set(name, file)
    }
  }
  return { values, files, problems }
}

/** The secret, or what is wrong with the file. */
function readSecret(file: string): { readonly secret: string } | string {
  try {
    const found = fs.statSync(file)
    // Waiting for a pipe that nobody fills would be a start without an end.
    if (!found.isFile()) return `"${file}" is a folder or a device, and not a file`
    if (found.size > LONGEST) return `"${file}" holds ${found.size} bytes; a secret is no longer than ${LONGEST}`
    // An editor's byte order mark counts as white space.
    const secret = fs.readFileSync(file, 'utf8').trim()
    return secret === '' ? `"${file}" is empty` : { secret }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const why: Readonly<Record<string, string>> = {
      ENOENT: 'does not exist',
      EACCES: 'cannot be read by the user that runs the bot',
    }
    return `"${file}" ${why[code] ?? `cannot be read (${code || message})`}`
  }
}
