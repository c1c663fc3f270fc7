// Card of the doctor: what was looked at, what is wrong, and what to do about it.

import type { Block, Card } from '../chat/card.ts'
import { lines, md } from '../chat/markdown.ts'
import type { Obstacle } from '../chat/platform.ts'
import type { Locale, Translator } from '../locales/locale.ts'
import { obstacleBlocks } from './schedules.ts'
import { localTime } from './when.ts'

export type Diagnosis = {
  /** Each channel of a schedule. */
  readonly channels: readonly {
    readonly label: string
    readonly obstacles: readonly Obstacle[]
    readonly warnings: readonly Obstacle[]
  }[]
  /** What nobody has to mend: schedules that an admin paused. */
  readonly notes: readonly Obstacle[]
  /** Schedules that something else paused, failed posts, and whatever else is wrong outside the channels. */
  readonly problems: readonly Obstacle[]
  /** What comes next: the schedule in words, and when. */
  readonly next: readonly { readonly title: string; readonly at: number; readonly timeZone: string }[]
  /** How many schedules there are. */
  readonly planned: number
  readonly clock: { readonly at: number; readonly timeZone: string; readonly isBehind: boolean }
  readonly writable: boolean
}

export function doctorCard(found: Diagnosis, locale: Locale, t: Translator): Card {
  const { channels, problems, notes, next, planned, clock, writable } = found
  const bad = [...problems, ...saidOnce(channels.map(({ label, obstacles }) => ({ label, said: obstacles })))]
  const blocks: Block[] = [
    ...obstacleBlocks(bad, t('doctor.problems'), 'danger'),
    ...obstacleBlocks(
      [...notes, ...saidOnce(channels.map(({ label, warnings }) => ({ label, said: warnings })))],
      t('doctor.warnings'),
      'warning',
    ),
    {
      type: 'list',
      heading: t('doctor.looked'),
      ordered: false,
      items: [
        ...channels.map(({ label, obstacles }) =>
          obstacles.length === 0
            ? md`✔ ${t('doctor.channelOk', { channel: label })}`
            : md`✘ ${t('doctor.channelBad', { channel: label })}`,
        ),
        clock.isBehind
          ? md`✘ ${t('doctor.clockBehind')}`
          : md`✔ ${t('doctor.clockOk', { time: localTime(clock.at, clock.timeZone, locale), zone: clock.timeZone })}`,
        writable ? md`✔ ${t('doctor.storeOk')}` : md`✘ ${t('doctor.storeBad')}`,
      ],
    },
    next.length === 0
      ? { type: 'note', text: md`${planned > 0 ? t('doctor.allPaused') : t('doctor.noNext')}` }
      : {
          type: 'text',
          heading: t('doctor.next'),
          text: lines(next.map(({ title, at, timeZone }) => md`${localTime(at, timeZone, locale)} · ${title}`)),
        },
  ]
  const isWell = bad.length === 0 && writable && !clock.isBehind
  return {
    title: isWell ? t('doctor.well') : t('doctor.unwell'),
    accent: isWell ? 'success' : 'danger',
    blocks,
    rows: [],
  }
}

/** What several channels have in common once, and with the channels that it is about: it may not say itself which one it means. */
function saidOnce(channels: readonly { readonly label: string; readonly said: readonly Obstacle[] }[]): Obstacle[] {
  const about = Map.groupBy(
    channels.flatMap(({ label, said }) => said.map((obstacle) => ({ label, obstacle }))),
    ({ obstacle }) => `${obstacle.problem}\n${obstacle.remedy}`,
  )
  return [...about.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { problem, remedy } = first.obstacle
    const unnamed = group.map(({ label }) => label).filter((label) => !problem.includes(label))
    return { problem: unnamed.length === 0 ? problem : `${unnamed.join(', ')}: ${problem}`, remedy }
  })
}
