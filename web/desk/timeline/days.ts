// Civil days as whole numbers: days since 1970-01-01. A timeline counts in them, so no clock and no time zone can
// move a bar by a day.

export type Day = number

const MS = 86_400_000

/** '2015-03-01' → its day; undefined for anything that is no day of the calendar. */
export function dayOf(text: string | null | undefined): Day | undefined {
  const m = text ? /^(\d{4})-(\d{2})-(\d{2})/.exec(text) : null
  if (!m) return undefined
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])]
  const day = fromParts(y, mo, d)
  const back = partsOf(day)
  return back.year === y && back.month === mo && back.day === d ? day : undefined
}

export function fromParts(year: number, month: number, day: number): Day {
  return Math.round(Date.UTC(year, month - 1, day) / MS)
}

export function partsOf(day: Day): { year: number; month: number; day: number } {
  const d = new Date(day * MS)
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() }
}

export function textOf(day: Day): string {
  return new Date(day * MS).toISOString().slice(0, 10)
}

/** The same day of another month; the last of that month where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const p = partsOf(day)
  const first = fromParts(p.year, p.month + months, 1)
  const last = fromParts(p.year, p.month + months + 1, 0)
  return Math.min(first + p.day - 1, last)
}

/** Monday is 1, Sunday 7. */
export function weekday(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The Monday of its week. */
export function weekOf(day: Day): Day {
  return day - weekday(day) + 1
}

/** The day on which an instant falls in China, all of which has one clock. */
export function dayOfInstant(instant: string): Day | undefined {
  const at = Date.parse(instant)
  return Number.isNaN(at) ? undefined : Math.floor((at + 8 * 3_600_000) / MS)
}
