import { execFile } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as vm from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actionsOf, history, press, say, textOf } from '../support/page.ts'
import { killAfter, runToEnd, startProcess } from '../support/process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let env: { DATABASE_URL: string }

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'))
  env = { DATABASE_URL: `sqlite:${folder}/study.db` }
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

describe('a bot that is killed and started again', () => {
  it('keeps the score of every answer it showed, and posts the sample once', async () => {
    const first = await startProcess(env)
    const [quiz] = await history(first.url)
    const [choice = ''] = actionsOf(quiz?.html).filter((id) => id.startsWith('quiz.answer'))
    const points = /\+(\d+)점/.exec(textOf((await press(first.url, choice)).html))?.[1]
    expect(points).toMatch(/^(2|10)$/)
    const practice = await say(first.url, '/study quiz lambda')
    await first.kill()

    const second = await startProcess(env)
    expect(textOf((await say(second.url, '/study score')).html)).toContain(`전체 ${points}점`)
    const messages = await history(second.url)
    expect(messages.map(({ id }) => id)).toEqual([quiz?.id])
    // The second press, after the restart, still is the second press.
    expect(textOf((await press(second.url, choice)).html)).toContain('처음 고른 답')
    // A practice question that was open goes on.
    const [answer = ''] = actionsOf(practice.html)
    expect(textOf((await press(second.url, answer)).html)).toMatch(/정답이에요|틀렸어요/)
    await second.kill()
  })

  it('keeps every answer that was shown, killed in the middle of many presses', async () => {
    let running = await startProcess(env)
    const members = ['minji', 'junho', 'sora', 'alex']
    const shown = new Set<string>()
    for (const member of members) {
      const { url } = running
      const [quiz] = await history(url)
      const [choice = ''] = actionsOf(quiz?.html).filter((id) => id.startsWith('quiz.answer'))
      const pressAs = async (who: string): Promise<void> => {
        if (/\+\d+점/.test(textOf((await press(url, choice, { member: who })).html))) shown.add(who)
      }
      // The others go on pressing while this one's first answer comes back; then the process dies at once.
      const others = Promise.allSettled(
        members.flatMap((who) => [pressAs(who), pressAs(who), say(url, '/study quiz', { member: who })]),
      )
      await pressAs(member)
      await running.kill()
      await others
      running = await startProcess(env)
      for (const who of shown) {
        expect(textOf((await say(running.url, '/study score', { member: who })).html), who).toMatch(/전체 (2|10)점/)
      }
    }
    expect(shown.size).toBe(members.length)
    await running.kill()
  })

  it.skipIf(!fs.existsSync('/dev/full'))('goes on where its log cannot be written', async () => {
    const full = fs.openSync('/dev/full', 'w')
    const running = await startProcess({ ...env, LOG_LEVEL: 'trace' }, full)
    for (let i = 0; i < 50; i++) expect((await say(running.url, '/study score')).html).toBeTruthy()
    expect(await running.terminate()).toBe(0)
    fs.closeSync(full)
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)('stops by itself when asked to by %s, with exit code 0', async (signal) => {
    const running = await startProcess(env)
    // An open page must not hold it.
    const stream = await fetch(`${running.url}/events`)
    expect(await running.terminate(signal)).toBe(0)
    await stream.body?.cancel().catch(() => {})
  })
})

describe('a start that cannot succeed', () => {
  it('lists every bad value at once and ends with 78', async () => {
    const { code, stderr } = await runToEnd({ ...env, PORT: 'abc', DEFAULT_LOCALE: 'fr', PLAYGROUND_SECRET: 'short' })
    expect(code).toBe(78)
    expect(stderr).toContain('PORT: got "abc"; accepted: a port number')
    expect(stderr).toContain('DEFAULT_LOCALE: got "fr"; accepted: ko or en')
    expect(stderr).toContain('PLAYGROUND_SECRET: got a value that is not shown here')
    expect(stderr).not.toMatch(/short|\n\s+at /)
  })

  it('says that the port is taken and what to do', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = String(typeof address === 'object' ? address?.port : 0)
    const { code, stderr } = await runToEnd({ ...env, PORT: port })
    server.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('says that another bot uses the file', async () => {
    const running = await startProcess(env)
    const { code, stderr } = await runToEnd(env)
    await running.kill()
    expect([code, stderr]).toEqual([1, expect.stringContaining('in use by another running bot')])
  })

  it('says that the database is damaged', async () => {
    fs.writeFileSync(path.join(folder, 'study.db'), 'not a database at all '.repeat(500))
    const { code, stderr } = await runToEnd(env)
    expect([code, stderr]).toEqual([1, expect.stringContaining('damaged or not a database')])
  })

  it('on an older Node says so in one sentence that names both causes', () => {
    const guard = fs.readFileSync(path.join(root, 'src/require-node.cjs'), 'utf8')
    let said = ''
    let code = 0
    const stderr = { write: (text: string) => (said += text) }
    const exit = (status: number) => {
      code = status
    }
    vm.runInNewContext(guard, { process: { versions: { node: '20.20.2' }, stderr, exit } })
    expect(code).toBe(78)
    expect(said).toContain('Node 20.20.2')
    expect(said).toContain('--omit=dev')
    expect(said).toContain('ignore-scripts')
    expect(said.trim().split('\n')).toHaveLength(1)
  })
})

describe('asking in a terminal', () => {
  const ask = async (args: readonly string[], input?: string): Promise<{ stdout: string; code: number }> => {
    const running = promisify(execFile)(process.execPath, ['-r', './src/require-node.cjs', 'scripts/ask.ts', ...args], {
      cwd: root,
    })
    if (input !== undefined) running.child.stdin?.end(input)
    try {
      return { stdout: (await running).stdout, code: 0 }
    } catch (error) {
      const { stdout, code } = error as { stdout: string; code: number }
      return { stdout, code }
    }
  }

  it('prints the card as text without colours where there is no terminal', async () => {
    const { stdout, code } = await ask(['--locale', 'ko', '람다'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^AWS Lambda · 람다\n/)
    expect(stdout).toContain('한도와 비용')
    expect(stdout).not.toContain('\u001b')
  })

  it('prints the nearest topics and exits 1 when nothing is certain', async () => {
    const { stdout, code } = await ask(['--locale', 'en', 'kubernetes'])
    expect([code, stdout]).toEqual([1, expect.stringContaining('No exact match')])
    // There is no button to press here.
    expect(stdout).toContain('Show all topics: npm run --silent ask -- --list')
  })

  it('compares as the chat does, also more than two', async () => {
    const { stdout, code } = await ask(['--locale', 'en', 'ec2', 'vs', 'lambda', 'vs', 'ecs'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Compare · ECS · EC2 · Lambda\n/)])
    const json = await ask(['--json', 'ec2', 'vs', 'lambda'])
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, { topic: null, compared: ['ec2', 'lambda'] }])
  })

  it('says what there is without a word, and nothing of what a terminal lacks', async () => {
    const { stdout, code } = await ask(['--locale', 'ko'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('npm run --silent ask -- ec2')])
    expect(stdout).not.toContain('/aws')
  })

  it('tells its use', async () => {
    const { stdout, code } = await ask(['--help'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm run --silent ask/)])
  })

  it('prints JSON for one query, for many, and for the list', async () => {
    expect(JSON.parse((await ask(['--json', 'Lambda'])).stdout)).toEqual({
      query: 'Lambda',
      topic: 'lambda',
      compared: [],
      suggestions: [],
    })
    const { stdout } = await ask(['-'], '람다\nkubernetes\n')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).topic),
    ).toEqual(['lambda', null])
    const ids = JSON.parse((await ask(['--list', '--json'])).stdout)
    expect(ids).toHaveLength(45)
  })

  it('refuses an unknown option with how to use it', async () => {
    expect((await ask(['--frobnicate'])).code).toBe(64)
  })
})

describe('a bot that is killed while it starts for the first time', () => {
  it('starts on what it left behind', async () => {
    for (const wait of [150, 250, 350, 450, 550]) {
      const url = `sqlite:${folder}/first-${wait}.db`
      await killAfter({ DATABASE_URL: url }, wait)
      const running = await startProcess({ DATABASE_URL: url })
      expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
      await running.kill()
    }
  })
})
