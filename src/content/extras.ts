// Loads what a subject has beside its topics: comparisons and diagrams. Either file may be missing.

import * as fs from 'node:fs/promises'
import type * as z from 'zod'
import { inEvery, LOCALES } from '../locales/locale.ts'
import { hashOfSvg, svgHashOf } from './diagrams.ts'
import { type Loading, type Read, readText, readYaml } from './files.ts'
import type { Comparison, Diagram } from './library.ts'
import { comparisonsFile, diagramsFile } from './schema.ts'

/** The ids of the subject's topics. */
type Topics = ReadonlySet<string>

export async function loadComparisons(
  loading: Loading,
  subject: string,
  topics: Topics,
): Promise<readonly Comparison[]> {
  const file = `${subject}/comparisons.yaml`
  const read = await readOptional(loading, file, comparisonsFile)
  if (!read) return []
  checkEntries(loading, file, read, topics)
  return read.value
}

/** The pictures, each with a PNG in every language that was drawn from the SVG beside it as it is now. */
export async function loadDiagrams(loading: Loading, subject: string, topics: Topics): Promise<readonly Diagram[]> {
  const file = `${subject}/diagrams.yaml`
  const read = await readOptional(loading, file, diagramsFile)
  if (!read) return []
  checkEntries(loading, file, read, topics)
  const diagrams = read.value.map((diagram) => ({
    ...diagram,
    files: inEvery((_, locale) => `${subject}/diagrams/${diagram.id}.${locale}.png`),
  }))
  for (const { files } of diagrams) for (const locale of LOCALES) await checkDrawing(loading, files[locale])
  return diagrams
}

async function readOptional<T extends z.ZodType>(
  { root, report }: Loading,
  file: string,
  schema: T,
): Promise<Read<z.infer<T>> | undefined> {
  const exists = await fs.access(`${root}/${file}`).then(
    () => true,
    () => false,
  )
  return exists ? readYaml(root, file, schema, report) : undefined
}

function checkEntries(
  { report }: Loading,
  file: string,
  { value, lineOf }: Read<readonly { id: string; topics: readonly string[] }[]>,
  topics: Topics,
): void {
  const seen = new Set<string>()
  for (const [i, { id, topics: named }] of value.entries()) {
    if (seen.has(id))
      report({ file, line: lineOf([i, 'id']), field: `${i}.id`, message: `the id "${id}" is used twice` })
    seen.add(id)
    for (const [j, topic] of named.entries()) {
      if (topics.has(topic)) continue
      report({
        file,
        line: lineOf([i, 'topics', j]),
        field: `${i}.topics.${j}`,
        message: `there is no topic "${topic}"`,
      })
    }
  }
}

async function checkDrawing({ root, report }: Loading, png: string): Promise<void> {
  const svg = png.replace(/\.png$/, '.svg')
  const source = await readText(root, svg, report)
  if (source === undefined) return
  const drawn = await fs.readFile(`${root}/${png}`).catch(() => undefined)
  if (drawn && svgHashOf(drawn) === hashOfSvg(source)) return
  const message = drawn ? 'is not drawn from the SVG as it is now' : 'the file is missing'
  report({ file: png, line: 1, field: '', message: `${message}; run "npm run diagrams"` })
}
