// Days along a line of pixels, and the ticks below it.
import { addMonths, fromParts, partsOf, type Day } from './days'

export interface Scale {
  begin: Day
  end: Day
  left: number
  right: number
}

export function xOf(s: Scale, day: Day): number {
  return s.left + ((day - s.begin) / (s.end - s.begin)) * (s.right - s.left)
}

export function dayAt(s: Scale, x: number): Day {
  const day = s.begin + ((x - s.left) / (s.right - s.left)) * (s.end - s.begin)
  return Math.min(s.end, Math.max(s.begin, Math.round(day)))
}

export interface Tick {
  day: Day
  x: number
  /** A year stands out; a month between years is smaller. */
  year: boolean
  text: string
}

/** Steps in months. A step of a year or more counts from years that it divides. */
const STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240]

export function ticksOf(s: Scale, least: number): Tick[] {
  const perMonth = ((s.right - s.left) / (s.end - s.begin)) * 30.44
  const step = STEPS.find((n) => n * perMonth >= least) ?? 240
  const first = partsOf(s.begin)
  const years = step / 12
  let day = step < 12 ? fromParts(first.year, 1, 1) : fromParts(Math.floor(first.year / years) * years, 1, 1)
  const ticks: Tick[] = []
  for (; day <= s.end; day = addMonths(day, step)) {
    if (day < s.begin) continue
    const p = partsOf(day)
    const year = p.month === 1
    ticks.push({ day, x: xOf(s, day), year, text: year ? String(p.year) : `${p.year}-${String(p.month).padStart(2, '0')}` })
  }
  return ticks
}
