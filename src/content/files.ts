// Reading one content file: YAML to a checked value, a note to its sections, every mistake with its line.

import * as fs from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { MarkdownError, markdownFromContent, toText } from '../chat/markdown.ts'
import type { Note } from './library.ts'
import { CONTENT_LIMITS as LIMITS } from './limits.ts'
import type { Problem } from './problem.ts'

export type Report = (problem: Problem) => void

/** What is being loaded, and where its mistakes go. */
export type Loading = { readonly root: string; readonly questions: boolean; readonly report: Report }

/** The 1-based line of a field in a YAML file that was read. */
export type LineOf = (path: readonly PropertyKey[]) => number

export type Read<T> = { readonly value: T; readonly lineOf: LineOf }

/** The text of a file; undefined, and one problem reported, when it cannot be read. */
export async function readText(root: string, file: string, report: Report): Promise<string | undefined> {
  try {
    return await fs.readFile(`${root}/${file}`, 'utf8')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    report({ file, line: 1, field: '', message: missing ? 'the file is missing' : `cannot be read: ${error}` })
    return undefined
  }
}

/** A YAML file checked against a schema; undefined when any problem was reported. */
export async function readYaml<T extends z.ZodType>(
  root: string,
  file: string,
  schema: T,
  report: Report,
): Promise<Read<z.infer<T>> | undefined> {
  const source = await readText(root, file, report)
  if (source === undefined) return undefined
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines })
  for (const error of document.errors) {
    report({
      file,
      line: lines.linePos(error.pos[0]).line,
      field: '',
      message: error.message.split('\n')[0] ?? error.message,
    })
  }
  if (document.errors.length > 0) return undefined

  const lineOf: LineOf = (path) => {
    // A missing field has no line of its own: the nearest part of the path that exists does.
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  let plain: unknown
  try {
    plain = document.toJS()
  } catch (error) {
    // An alias without its anchor only shows here.
    report({ file, line: 1, field: '', message: error instanceof Error ? error.message : String(error) })
    return undefined
  }
  const parsed = schema.safeParse(plain)
  if (parsed.success) return { value: parsed.data, lineOf }
  for (const issue of parsed.error.issues.flatMap(eachKey)) {
    report({ file, line: lineOf(issue.path), field: issue.path.map(String).join('.'), message: issue.message })
  }
  return undefined
}

/** zod names unknown fields together and at their parent; a writer wants each where it stands. */
function eachKey(issue: z.core.$ZodIssue): { path: readonly PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: `"${key}" is not a field here` }))
}

/** A note: the first paragraph is the summary, each `##` heading opens a section. */
export async function readNote(root: string, file: string, report: Report): Promise<Note | undefined> {
  const source = await readText(root, file, report)
  if (source === undefined) return undefined
  let sound = true
  const problem = (line: number, field: string, message: string): void => {
    sound = false
    report({ file, line, field, message })
  }
  const pieces = splitAtHeadings(source.replaceAll('\r\n', '\n'))
  const [summary, ...sections] = pieces.map((piece) => {
    const field = piece.heading === '' ? 'summary' : piece.heading
    const limit = piece.heading === '' ? LIMITS.summary : LIMITS.section
    if (piece.text.trim() === '') problem(piece.headingLine, field, 'is empty')
    if (piece.heading.length > LIMITS.heading)
      problem(piece.line, field, `the heading passes ${LIMITS.heading} characters`)
    try {
      const body = markdownFromContent(piece.text)
      const length = toText(body).length
      if (length > limit) problem(piece.line, field, `has ${length} characters; ${limit} fit`)
      return { heading: piece.heading, body }
    } catch (error) {
      if (!(error instanceof MarkdownError)) throw error
      problem(piece.line + error.line - 1, field, error.message)
      return undefined
    }
  })
  if (!sound || !summary) return undefined
  return { summary: summary.body, sections: sections.filter((section) => section !== undefined) }
}

/** `headingLine` is the heading's own line, `line` the first of the text below it. */
type Piece = { heading: string; headingLine: number; line: number; text: string }

function splitAtHeadings(source: string): Piece[] {
  const pieces: Piece[] = [{ heading: '', headingLine: 1, line: 1, text: '' }]
  source.split('\n').forEach((line, i) => {
    const heading = /^##\s+(.+?)\s*$/.exec(line)
    const last = pieces.at(-1)
    if (heading?.[1]) pieces.push({ heading: heading[1], headingLine: i + 1, line: i + 2, text: '' })
    else if (last) {
      // Blank lines before the text do not count, so that a mistake's line stays the file's.
      if (last.text === '' && line.trim() === '') last.line = i + 2
      else last.text += `${line}\n`
    }
  })
  return pieces
}
