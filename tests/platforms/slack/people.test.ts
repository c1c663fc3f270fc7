import { describe, expect, it, vi } from 'vitest'
import { createPeople } from '../../../src/platforms/slack/people.ts'
import type { Workspace, Workspaces } from '../../../src/platforms/slack/workspaces.ts'
import { clockAt, silent } from '../../support/world.ts'

const DAY = 24 * 60 * 60 * 1000

/** Workspaces in which everybody goes by the name of the workspace, and is an admin of T1 alone. */
function setUp() {
  const clock = clockAt('2026-03-02T09:00:00Z')
  const asked: string[] = []
  const of = async (team: string): Promise<Workspace> => {
    const info = async ({ user }: { user: string }) => {
      asked.push(`${team}/${user}`)
      const rights = { is_admin: team === 'T1', is_owner: false }
      const profile = { display_name: `${team} ${asked.length}` }
      return { user: { id: user, team_id: team, profile, locale: team === 'T1' ? 'ko-KR' : 'en-US', ...rights } }
    }
    return { clients: { read: { users: { info } } } } as unknown as Workspace
  }
  const workspaces: Workspaces = { of, standing: async () => 'alive' }
  return { people: createPeople(workspaces, clock, silent), clock, asked }
}

describe('people', () => {
  it('of two workspaces are two, though they have the same id', async () => {
    const { people } = setUp()
    expect(await people.profile('T1', 'U1')).toMatchObject({ name: 'T1 1', locale: 'ko' })
    expect(people.known('T2', 'U1')).toBeUndefined()
    expect(await people.profile('T2', 'U1')).toMatchObject({ name: 'T2 2', locale: 'en' })
    expect([await people.isAdmin('T1', 'U1'), await people.isAdmin('T2', 'U1')]).toEqual([true, false])
  })

  it('are asked about once by all who want to know, and again after a day, while the old name serves', async () => {
    const { people, clock, asked } = setUp()
    await Promise.all([1, 2, 3].map(() => people.profile('T1', 'U1')))
    expect(asked).toHaveLength(1)
    clock.set(new Date(clock.now() + DAY - 1).toISOString())
    expect(people.known('T1', 'U1')?.name).toBe('T1 1')
    expect(asked).toHaveLength(1)
    clock.set(new Date(clock.now() + 1).toISOString())
    expect(people.known('T1', 'U1')?.name).toBe('T1 1')
    await vi.waitFor(() => expect(people.known('T1', 'U1')?.name).toBe('T1 2'))
  })

  it('keep a right for a minute at most', async () => {
    const { people, clock, asked } = setUp()
    await people.isAdmin('T1', 'U1')
    clock.set(new Date(clock.now() + 59_000).toISOString())
    await people.isAdmin('T1', 'U1')
    expect(asked).toHaveLength(1)
    clock.set(new Date(clock.now() + 1000).toISOString())
    await people.isAdmin('T1', 'U1')
    expect(asked).toHaveLength(2)
  })
})
