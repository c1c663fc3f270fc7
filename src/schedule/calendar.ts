// The calendar: when a schedule's slots are. Pure; every local time is resolved by Temporal.

/** When a schedule posts. */
export type Rule = {
  /** Local time, `HH:MM`. */
  readonly time: string
  /** ISO weekdays: 1 is Monday, 7 is Sunday. */
  readonly days: ReadonlySet<number>
  /** IANA name. */
  readonly timeZone: string
  /** Local dates (`YYYY-MM-DD`) without a slot. */
  readonly skipDates: ReadonlySet<string>
}

/** One due instant, named by its local date. `at` is in epoch milliseconds. */
export type Slot = { readonly date: string; readonly at: number }

/** How many days ahead a slot is looked for: longer than every list of dates to skip. */
const HORIZON = 800

/** The first slot strictly after an instant (epoch milliseconds); undefined when all that come soon are skipped. */
export function nextSlot(rule: Rule, after: number): Slot | undefined {
  // A day back: a time that a gap moved past midnight still belongs to the day before it.
  let date = dateAt(after, rule.timeZone).subtract({ days: 1 })
  for (let day = 0; day < HORIZON; day++) {
    const slot = slotOn(rule, date)
    if (slot && slot.at > after) return slot
    date = date.add({ days: 1 })
  }
  return undefined
}

/**
 * The newest slots from a local date up to an instant (epoch milliseconds, included), oldest first; at most `limit`, so that a
 * long absence costs no more than a short one.
 */
export function missedSlots(rule: Rule, from: string, until: number, limit: number): readonly Slot[] {
  const first = Temporal.PlainDate.from(from)
  const found: Slot[] = []
  let date = dateAt(until, rule.timeZone)
  while (found.length < limit && Temporal.PlainDate.compare(date, first) >= 0) {
    const slot = slotOn(rule, date)
    if (slot && slot.at <= until) found.unshift(slot)
    date = date.subtract({ days: 1 })
  }
  return found
}

function slotOn(rule: Rule, date: Temporal.PlainDate): Slot | undefined {
  const { time, days, timeZone, skipDates } = rule
  const name = date.toString()
  if (!days.has(date.dayOfWeek) || skipDates.has(name)) return undefined
  // `compatible`: a time in a spring gap moves on by the gap's length, of a repeated hour it is the first.
  const local = date.toZonedDateTime({ timeZone, plainTime: time })
  // A day that a zone left out altogether (Samoa crossed the date line) has no slot; it would fall on the next day's.
  if (!local.toPlainDate().equals(date) && !date.toZonedDateTime(timeZone).toPlainDate().equals(date)) return undefined
  return { date: name, at: local.epochMilliseconds }
}

function dateAt(instant: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate()
}
