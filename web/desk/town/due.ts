// When something is due, as one says it: in how many hours or days, or how late. The words are the catalogue's.
import { dayOfInstant } from '../timeline/days'

export interface Due {
  late: boolean
  unit: 'minutes' | 'hours' | 'days' | 'today' | 'tomorrow'
  n: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export function dueOf(due: string, now: number): Due | undefined {
  const at = Date.parse(due)
  if (Number.isNaN(at)) return undefined
  const late = at < now
  const gap = Math.abs(at - now)
  if (gap < HOUR) return { late, unit: 'minutes', n: Math.max(1, Math.round(gap / MINUTE)) }
  const days = Math.abs(dayOfInstant(due)! - dayOfInstant(new Date(now).toISOString())!)
  if (!late && days === 0) return { late, unit: 'today', n: 0 }
  if (!late && days === 1) return { late, unit: 'tomorrow', n: 1 }
  if (gap < 24 * HOUR) return { late, unit: 'hours', n: Math.floor(gap / HOUR) }
  return { late, unit: 'days', n: Math.max(1, late ? Math.floor(gap / (24 * HOUR)) : days) }
}
