// The commands of whoever runs the bot, as they are typed.

import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../src/store/backup.ts'
import { openReader, openStore, type Store } from '../../src/store/open.ts'
import { answerPost } from '../../src/study/answer.ts'
import { createTeam } from '../../src/study/teams.ts'
import { clockAt, memberOf, postQuiz } from '../support/world.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const now = clockAt('2026-11-18T09:00:00+09:00').now()

type Ended = { readonly code: number; readonly out: string; readonly err: string }

/** @param flags of Node itself */
function run(script: string, args: readonly string[], url?: string, flags: readonly string[] = []): Promise<Ended> {
  const env = { PATH: process.env['PATH'], ...(url === undefined ? {} : { DATABASE_URL: url }) }
  const file = path.join(ROOT, 'scripts', `${script}.ts`)
  return new Promise((resolve) =>
    execFile(process.execPath, [...flags, file, ...args], { cwd: os.tmpdir(), env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    ),
  )
}

let folder: string
let url: string
let bot: Store
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-scripts-'))
  url = `sqlite:${path.join(folder, 'study.db')}`
  bot = await openStore(url)
  const member = await memberOf(bot, 'minji', now, { account: { id: 'minji', name: '=HYPERLINK("http://x")' } })
  await createTeam(bot, member, '+82 팀, "서버"', now)
  const quiz = await postQuiz(bot, member, now)
  await answerPost(bot, member, { post: quiz.id, choice: quiz.right, receivedAt: now, message: undefined })
})
afterEach(async () => {
  await bot.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

describe('every command', () => {
  it.each(['store-move', 'store-backup', 'scores-export', 'standings-rebuild', 'slack-manifest'])(
    '%s tells its use',
    async (script) => {
      const help = await run(script, ['--help'])
      expect([help.code, help.err]).toEqual([0, ''])
      expect(help.out).toMatch(/^Usage: npm run /)
      const wrong = await run(script, ['--nonsense'])
      expect([wrong.code, wrong.out]).toEqual([64, ''])
      expect(wrong.err).toMatch(/--nonsense[\s\S]*Usage: npm run /)
    },
  )

  it.each(['store-backup', 'standings-rebuild', 'standings-rebuild --write'])(
    '%s names a database that is not there, and makes none',
    async (command) => {
      const [script = '', ...args] = command.split(' ')
      const ended = await run(script, args, `sqlite:${folder}/nothing.db`)
      expect([ended.code, ended.out]).toEqual([1, ''])
      expect(ended.err).toMatch(/^There is no database at .*nothing\.db\. Check the path\.\n$/)
      expect(fs.existsSync(`${folder}/nothing.db`)).toBe(false)
    },
  )
})

describe('a place where nothing can be written', () => {
  it.each(['store-backup', 'scores-export'])('is named by %s, with what is wrong with it', async (script) => {
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, 'mine')
    const ended = await run(script, ['--to', path.join(file, 'below')], url)
    expect([ended.code, ended.out]).toEqual([1, ''])
    expect(ended.err).toMatch(
      /^\S*file\S*: (a file stands where a folder should be|a file of that name is there already)\. Name another place with --to, or mend this one\.\n$/,
    )
    expect(fs.readFileSync(file, 'utf8')).toBe('mine')
  })
})

describe('store:backup', () => {
  it('copies the store of a running bot, for nobody else to read', async () => {
    const ended = await run('store-backup', [], url)
    expect([ended.code, ended.err]).toEqual([0, ''])
    const [name = ''] = fs.readdirSync(path.join(folder, 'backups'))
    expect(ended.out).toContain(name)
    const file = path.join(folder, 'backups', name)
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    const copy = await openStore(`sqlite:${file}`)
    expect(await copy.db.selectFrom('answer').selectAll().execute()).toEqual(
      await bot.db.selectFrom('answer').selectAll().execute(),
    )
    await copy.close()
  })

  it('holds whole transactions only, whatever is written meanwhile', async () => {
    let isOver = false
    let written = 0
    const writing = (async () => {
      while (!isOver) {
        await bot.write(async (tx) => {
          for (const id of [`first ${written}`, `second ${written}`]) {
            await tx.insertInto('person').values({ id, created_at: 0 }).execute()
          }
        })
        written += 1
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const to = path.join(folder, 'copy.db')
    const ended = await run('store-backup', ['--to', to], url)
    isOver = true
    await writing
    expect([ended.code, ended.err]).toEqual([0, ''])
    const copy = await openReader(`sqlite:${to}`)
    const people = (await copy.db.selectFrom('person').select('id').execute()).map(({ id }) => id)
    await copy.close()
    const firsts = people.filter((id) => id.startsWith('first')).length
    expect(firsts).toBe(people.filter((id) => id.startsWith('second')).length)
    expect(written).toBeGreaterThan(firsts)
  })

  it('never replaces a file, and leaves none half done', async () => {
    const to = path.join(folder, 'copy.db')
    fs.writeFileSync(to, 'mine')
    const ended = await run('store-backup', ['--to', to], url)
    expect([ended.code, ended.err]).toEqual([64, expect.stringContaining('there already')])
    expect(fs.readFileSync(to, 'utf8')).toBe('mine')
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  /** Flags of Node under which a function of node:fs fails. */
  function without(name: string): string[] {
    const file = path.join(folder, `without-${name}.cjs`)
    const fail = `() => { throw Object.assign(new Error('EPERM: ${name}'), { code: 'EPERM' }) }`
    fs.writeFileSync(file, `require('fs').${name} = ${fail}; require('module').syncBuiltinESMExports()`)
    return ['-r', file]
  }

  it('writes where there are no hard links, as on a stick', async () => {
    const to = path.join(folder, 'copies/copy.db')
    const ended = await run('store-backup', ['--to', to], url, without('linkSync'))
    expect([ended.code, ended.err]).toEqual([0, ''])
    expect(fs.readdirSync(path.dirname(to))).toEqual(['copy.db'])
    expect(fs.statSync(to).mode & 0o777).toBe(0o600)
    const copy = await openReader(`sqlite:${to}`)
    expect(await copy.db.selectFrom('answer').selectAll().execute()).toHaveLength(1)
    await copy.close()
  })

  it('leaves nothing where the copy cannot be given its name', async () => {
    const to = path.join(folder, 'copies/copy.db')
    const ended = await run('store-backup', ['--to', to], url, without('renameSync'))
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('EPERM')])
    expect(fs.readdirSync(path.dirname(to))).toEqual([])
  })

  it('does not replace a file that came about after it looked', async () => {
    const to = path.join(folder, 'copies/copy.db')
    fs.mkdirSync(path.dirname(to))
    fs.writeFileSync(to, 'mine')
    await expect(backUp(url, to)).rejects.toThrow('EEXIST')
    expect(fs.readFileSync(to, 'utf8')).toBe('mine')
    expect(fs.readdirSync(path.dirname(to))).toEqual(['copy.db'])
  })

  it('copies a store of an older version, which is when a copy is wanted, and changes neither', async () => {
    await bot.close()
    const file = url.replace('sqlite:', '')
    const old = new DatabaseSync(file)
    old.exec(`
      drop index practice_question;
      create index practice_recent on practice (person_id, community_id, created_at);
      delete from kysely_migration where name >= '0006-practice';
    `)
    old.close()
    const to = path.join(folder, 'copy.db')
    const ended = await run('store-backup', ['--to', to], url)
    expect([ended.code, ended.err]).toEqual([0, ''])
    for (const each of [url, `sqlite:${to}`]) {
      await expect(openReader(each)).rejects.toMatchObject({ kind: 'older' })
      await (await openStore(each)).close()
      await (await openReader(each)).close()
    }
    bot = await openStore(url)
  })

  it('copies nothing that is no store', async () => {
    const file = path.join(folder, 'empty.db')
    fs.writeFileSync(file, '')
    const ended = await run('store-backup', ['--to', path.join(folder, 'copy.db')], `sqlite:${file}`)
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('no data of this version')])
  })

  it('points to pg_dump for PostgreSQL, without the password', async () => {
    const ended = await run('store-backup', [], 'postgres://minji:hunter2@db.example.com/study')
    expect([ended.code, ended.err]).toEqual([64, expect.stringContaining('pg_dump')])
    expect(ended.err).not.toContain('hunter2')
  })
})

describe('scores:export', () => {
  it('writes tables that Excel reads as text, and JSON as it is', async () => {
    const to = path.join(folder, 'out')
    const ended = await run('scores-export', ['--to', to], url)
    expect([ended.code, ended.err]).toEqual([0, ''])
    const inside = path.join(to, 'playground-local')
    expect(fs.readdirSync(inside).sort()).toEqual([
      ...['answers.csv', 'answers.json', 'community.json', 'standings.csv', 'standings.json'],
      ...['teams.csv', 'teams.json'],
    ])
    const csv = fs.readFileSync(path.join(inside, 'standings.csv'), 'utf8')
    expect(csv.startsWith('\ufeffperiod,account,name,points,answered,correct\r\n')).toBe(true)
    expect(csv).toContain('2026-W47,minji,"\'=HYPERLINK(""http://x"")",10,1,1\r\n')
    // The board shows half of what one member alone scored.
    const periods = ['2026-11', '2026-W47', 'all']
    expect(fs.readFileSync(path.join(inside, 'teams.csv'), 'utf8')).toBe(
      `\ufeff${['period,team,total,scorers,points', ...periods.map((period) => `${period},"'+82 팀, ""서버""",10,1,5`)].join('\r\n')}\r\n`,
    )
    const answers = JSON.parse(fs.readFileSync(path.join(inside, 'answers.json'), 'utf8'))
    expect(answers).toEqual([
      expect.objectContaining({
        name: '=HYPERLINK("http://x")',
        team: '+82 팀, "서버"',
        points: 10,
        answered_at: '2026-11-18T09:00:00+09:00',
      }),
    ])
  })

  it('is refused into a folder that holds something', async () => {
    const ended = await run('scores-export', ['--to', folder], url)
    expect([ended.code, ended.err]).toEqual([64, expect.stringContaining('not empty')])
  })
})

describe('standings:rebuild', () => {
  it('finds nothing where nothing is wrong', async () => {
    const ended = await run('standings-rebuild', [], url)
    expect([ended.code, ended.out]).toEqual([0, 'playground local (Playground): as the answers say\n'])
  })

  it('names what differs, and puts it right with --write', async () => {
    const before = await bot.db.selectFrom('standing').selectAll().orderBy('period').execute()
    await bot.db.updateTable('standing').set({ points: 99 }).where('period', '=', 'all').execute()
    await bot.db.deleteFrom('team_standing').where('period', '=', '2026-11').execute()
    const report = await run('standings-rebuild', [], url)
    expect(report.code).toBe(1)
    expect(report.out).toMatch(/, all: 99 points on the board, 10 by the answers/)
    expect(report.out).toMatch(/for team .*, 2026-11: no points on the board, 10 by the answers/)
    expect(report.out).toContain('2 standings differ')

    const held = await run('standings-rebuild', ['--write'], url)
    expect([held.code, held.err]).toEqual([1, expect.stringContaining('in use by another running bot')])
    await bot.close()
    const written = await run('standings-rebuild', ['--write'], url)
    expect([written.code, written.out]).toEqual([0, 'playground local (Playground): put right for 1 people\n'])
    bot = await openStore(url)
    expect(await bot.db.selectFrom('standing').selectAll().orderBy('period').execute()).toEqual(before)
    expect((await run('standings-rebuild', [], url)).code).toBe(0)
  })
})

describe('store:move', () => {
  it('tells what it moved', async () => {
    await bot.close()
    const to = `sqlite:${path.join(folder, 'there.db')}`
    const ended = await run('store-move', ['--from', url, '--to', to])
    expect([ended.code, ended.err]).toEqual([0, ''])
    expect(ended.out).toMatch(/answer +1 rows {3}[0-9a-f]{16}\n/)
    expect(ended.out).toContain('Now set DATABASE_URL')
    bot = await openStore(to)
  })

  it('needs two databases that it knows', async () => {
    const half = await run('store-move', ['--from', url])
    expect([half.code, half.err]).toEqual([64, expect.stringContaining('--to is missing')])
    const wrong = await run('store-move', ['--from', url, '--to', 'mysql://minji:hunter2@db/study'])
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringMatching(/^--to: got .*postgres:/)])
    expect(wrong.err).not.toContain('hunter2')
  })
})
