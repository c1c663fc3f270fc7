import * as fs from 'node:fs'
import { open } from 'node:fs/promises'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDisk } from '../../src/store/disk.ts'
import { StoreError } from '../../src/store/errors.ts'
import { openStore } from '../../src/store/open.ts'
import type { Db } from '../../src/store/tables.ts'
import { clockAt, memberOf } from '../support/world.ts'

const now = clockAt('2026-11-18T09:00:00+09:00').now()

let folder: string
let file: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'))
  file = path.join(folder, 'study.db')
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A disk whose syncs end when the test says so. */
function slowDisk() {
  const syncs: PromiseWithResolvers<void>[] = []
  const disk = createDisk(file, undefined, () => {
    const sync = Promise.withResolvers<void>()
    syncs.push(sync)
    return sync.promise
  })
  return { disk, syncs }
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  const pending = Symbol()
  await new Promise(setImmediate)
  return (await Promise.race([work, pending])) !== pending
}

it('lets all commits that come during a sync wait for one more, which began after them', async () => {
  const { disk, syncs } = slowDisk()
  const first = disk.committed(true)
  const during = [disk.committed(true), disk.committed(true), disk.committed(true)]
  expect(syncs).toHaveLength(1)
  syncs[0]?.resolve()
  await first
  expect(await isDone(Promise.race(during))).toBe(false)
  expect(syncs).toHaveLength(2)
  syncs[1]?.resolve()
  await Promise.all(during)
  expect(syncs).toHaveLength(2)
  await disk.close()
})

it('never has two syncs at once: whoever comes between two waits for the second', async () => {
  const { disk, syncs } = slowDisk()
  const first = disk.committed(true)
  const between = first.then(() => disk.committed(true))
  const second = disk.committed(true)
  syncs[0]?.resolve()
  await first
  expect(await isDone(second)).toBe(false)
  expect(syncs).toHaveLength(2)
  syncs[1]?.resolve()
  await Promise.all([second, between])
  expect(syncs).toHaveLength(2)
  await disk.close()
})

it('does not wait for what may be lost', async () => {
  const { disk, syncs } = slowDisk()
  await disk.committed(false)
  expect(syncs).toEqual([])
  await disk.close()
})

it('tells who waited that it is uncertain when the sync fails, and sees to the whole log before it believes the next one', async () => {
  const store = await openStore(`sqlite:${file}`)
  await memberOf(store, 'minji', now)
  const { disk, syncs } = slowDisk()
  const failing = disk.committed(true)
  syncs[0]?.reject(new Error('EIO'))
  await expect(failing).rejects.toMatchObject({ kind: 'uncertain' })
  const next = disk.committed(true)
  await expect.poll(() => syncs.length).toBe(2)
  // By now the database itself holds what was only in the log, where a failed sync leaves a gap; what is before the gap is gone too.
  expect(accountsWithoutLog()).toEqual(['minji'])
  expect(fs.statSync(`${file}-wal`).size).toBe(0)
  syncs[1]?.resolve()
  await next
  await disk.close()
  await store.close()
})

it('stays uncertain while the log cannot be folded back', async () => {
  const { disk, syncs } = slowDisk()
  const failing = disk.committed(true)
  syncs[0]?.reject(new Error('EIO'))
  await expect(failing).rejects.toBeInstanceOf(StoreError)
  fs.mkdirSync(file)
  await expect(disk.committed(true)).rejects.toMatchObject({ kind: 'uncertain' })
  expect(syncs).toHaveLength(1)
  await disk.close()
})

it('stays uncertain while somebody reads the log, as a backup does', async () => {
  const store = await openStore(`sqlite:${file}`)
  await memberOf(store, 'minji', now)
  const reader = new DatabaseSync(file, { readOnly: true })
  reader.exec('begin; select count(*) from person')
  await memberOf(store, 'junho', now)
  const { disk, syncs } = slowDisk()
  const failing = disk.committed(true)
  syncs[0]?.reject(new Error('EIO'))
  await expect(failing).rejects.toMatchObject({ kind: 'uncertain' })
  await expect(disk.committed(true)).rejects.toMatchObject({ kind: 'uncertain' })
  expect(syncs).toHaveLength(1)
  reader.close()
  const next = disk.committed(true)
  await expect.poll(() => syncs.length).toBe(2)
  expect(accountsWithoutLog().sort()).toEqual(['junho', 'minji'])
  syncs[1]?.resolve()
  await next
  await disk.close()
  await store.close()
})

it.each([
  ['cannot be synced on this system', 'EINVAL', ['ok']],
  ['fails', 'EIO', ['uncertain', 'uncertain']],
])('when the folder of a new log %s: %s', async (_what, code, expected) => {
  const store = await openStore(`sqlite:${file}`)
  const some = await open(file)
  const sync = vi.spyOn(Object.getPrototypeOf(some), 'sync')
  const put = (id: string) => (tx: Db) => tx.insertInto('person').values({ id, created_at: now }).execute()
  const outcomes: string[] = []
  for (const [i] of expected.entries()) {
    sync.mockRejectedValueOnce(Object.assign(new Error(code), { code }))
    outcomes.push(
      await store.write(put(`p${i}`)).then(
        () => 'ok',
        ({ kind }) => kind,
      ),
    )
  }
  expect(outcomes).toEqual(expected)
  sync.mockRestore()
  await store.write(put('later'))
  await some.close()
  await store.close()
})

it('uses the log anew after a while, instead of letting it grow with every commit', async () => {
  const store = await openStore(`sqlite:${file}`)
  const size = (): number => fs.statSync(`${file}-wal`).size
  const put = (id: string) => (tx: Db) => tx.insertInto('person').values({ id, created_at: now }).execute()
  let people = 0
  let before = -1
  for (let after = 0; after > before && people < 20_000; people += 100) {
    before = after
    for (let i = 0; i < 100; i++) await store.write(put(`p${people + i}`), { durable: false })
    // As between two interactions: the checkpoint gets its turn.
    await new Promise((resolve) => setTimeout(resolve, 5))
    after = size()
  }
  expect(people).toBeLessThan(20_000)
  await store.close()
  const again = await openStore(`sqlite:${file}`)
  const counted = again.db.selectFrom('person').select((eb) => eb.fn.countAll<number>().as('count'))
  expect(await counted.executeTakeFirst()).toEqual({ count: people })
  await again.close()
})

it('says so when the log cannot be folded back, and goes on', async () => {
  fs.mkdirSync(file)
  const told: string[] = []
  const disk = createDisk(file, (_error, what) => told.push(what))
  for (let i = 0; i < 1000; i++) await disk.committed(false)
  await disk.close()
  expect(told).toEqual([expect.stringContaining('could not be folded back')])
  await disk.committed(false)
})

it('ends a write only when the log is synced, and at once what needs no sync', async () => {
  const store = await openStore(`sqlite:${file}`)
  const some = await open(file)
  const synced = Promise.withResolvers<void>()
  const datasync = vi.spyOn(Object.getPrototypeOf(some), 'datasync').mockReturnValue(synced.promise)
  const put = (id: string) => (tx: Db) => tx.insertInto('person').values({ id, created_at: now }).execute()
  const written = store.write(put('a'))
  await expect.poll(() => datasync.mock.calls.length).toBe(1)
  expect(await isDone(written)).toBe(false)
  await store.write(put('b'), { durable: false })
  synced.resolve()
  await written
  datasync.mockRestore()
  await some.close()
  await store.close()
})

/** What the database holds without its log. */
function accountsWithoutLog(): string[] {
  const copy = path.join(folder, 'copy.db')
  fs.copyFileSync(file, copy)
  const database = new DatabaseSync(copy)
  const rows = database.prepare('select external_id from account').all()
  database.close()
  return rows.map((row) => String(row['external_id']))
}
