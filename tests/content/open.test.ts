import * as fs from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadLibrary } from '../../src/content/load.ts'
import { openLibrary } from '../../src/content/open.ts'
import { ContentError } from '../../src/content/problem.ts'

const CONTENT = fileURLToPath(new URL('../../content', import.meta.url))
const ALL = { questions: true }
const NOTE = 'aws/compute/lambda.ko.md'

let folder: string
let root: string
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'study-'))
  root = path.join(folder, 'content')
  await fs.cp(CONTENT, root, { recursive: true })
})
afterEach(() => fs.rm(folder, { recursive: true, force: true }))

const kept = (): string => path.join(folder, 'study-content')

async function append(file: string, text: string): Promise<void> {
  await fs.appendFile(path.join(root, file), text)
}

it('gives what loading gives, the first time and from what was kept', async () => {
  const loaded = await loadLibrary(root, ALL)
  expect(await openLibrary(root, ALL, folder)).toEqual(loaded)
  const { mtimeMs } = await fs.stat(kept())
  expect(await openLibrary(root, ALL, folder)).toEqual(loaded)
  expect((await fs.stat(kept())).mtimeMs).toBe(mtimeMs)
})

it('is kept wherever the content lies, and says where it lies now', async () => {
  await openLibrary(root, ALL, folder)
  const { mtimeMs } = await fs.stat(kept())
  expect((await openLibrary(CONTENT, ALL, folder)).root).toBe(CONTENT)
  expect((await fs.stat(kept())).mtimeMs).toBe(mtimeMs)
})

it('sees any change of the content', async () => {
  const before = await openLibrary(root, ALL, folder)
  await append(NOTE, '\n## 새 절\n\n새로 쓴 문장이에요.\n')
  const after = await openLibrary(root, ALL, folder)
  expect(after).not.toEqual(before)
  expect(after).toEqual(await loadLibrary(root, ALL))
})

it('sees a change of a note that is a link, or in a folder that is one', async () => {
  await fs.rename(path.join(root, NOTE), path.join(folder, 'note.md'))
  await fs.symlink(path.join(folder, 'note.md'), path.join(root, NOTE))
  await fs.rename(path.join(root, 'aws/storage'), path.join(folder, 'storage'))
  await fs.symlink(path.join(folder, 'storage'), path.join(root, 'aws/storage'))
  for (const note of [NOTE, 'aws/storage/s3.ko.md']) {
    const before = await openLibrary(root, ALL, folder)
    await append(note, '\n## 새 절\n\n새로 쓴 문장이에요.\n')
    const after = await openLibrary(root, ALL, folder)
    expect(after).not.toEqual(before)
    expect(after).toEqual(await loadLibrary(root, ALL))
  }
})

it.each([
  // Emacs makes this lock beside a file that is being edited.
  ['the lock of an editor', 'aws/compute/.#lambda.yaml', true],
  ['a link into nothing that is no topic', 'aws/todo', false],
])('opens all the same while there is %s', async (_what, link, isKept) => {
  const loaded = await loadLibrary(root, ALL)
  await fs.symlink('minji@study.4711', path.join(root, link))
  for (const _ of [1, 2]) expect(await openLibrary(root, ALL, folder)).toEqual(loaded)
  expect((await fs.readdir(folder)).includes('study-content')).toBe(isKept)
})

it('never keeps content with mistakes, and says them each time', async () => {
  await openLibrary(root, ALL, folder)
  await append(NOTE, '\n## 새 절\n\n| 표 | 표 |\n|---|---|\n')
  for (const _ of [1, 2]) await expect(openLibrary(root, ALL, folder)).rejects.toBeInstanceOf(ContentError)
})

it('keeps the library with questions apart from the one without', async () => {
  const without = await openLibrary(root, { questions: false }, folder)
  const all = await openLibrary(root, ALL, folder)
  expect(without.subjects[0]?.topics.get('lambda')?.questions).toEqual([])
  expect(all.subjects[0]?.topics.get('lambda')?.questions).not.toEqual([])
})

it.each([
  ['half of a file', async () => fs.truncate(kept(), 1000)],
  ['something else', async () => fs.writeFile(kept(), 'not what was kept')],
])('loads anew when %s is there', async (_what, spoil) => {
  const loaded = await openLibrary(root, ALL, folder)
  await spoil()
  expect(await openLibrary(root, ALL, folder)).toEqual(loaded)
})

it.each([
  ['there is no folder to keep it in', undefined],
  ['the folder cannot be written', '/proc/self'],
])('does without when %s', async (_what, nowhere) => {
  expect(await openLibrary(root, ALL, nowhere)).toEqual(await loadLibrary(root, ALL))
})
