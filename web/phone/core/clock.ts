// Days and times in words. The district's clock is China's, whatever the phone is set to.

const hour = 3_600_000
const day = 24 * hour
const offset = 8 * hour // China has one time zone and no summer time

export const day_number = (time: number): number => Math.floor((time + offset) / day)
export const day_text = (time: number): string => new Date(time + offset).toISOString().slice(0, 10)
export const clock_text = (time: number): string => new Date(time + offset).toISOString().slice(11, 16)

/** The instant with its offset, as the server reads it. */
export const instant_text = (time: number): string => new Date(time + offset).toISOString().slice(0, 19) + '+08:00'

export interface Due { word: 'none' | 'late_days' | 'late_hours' | 'hours' | 'today' | 'tomorrow' | 'days'; n: number }

/** By when, as one says it: within today, 3 days left, 2 days late. */
export function due_words(due: string | null | undefined, now: number): Due {
  const time = due ? Date.parse(due) : NaN
  if (Number.isNaN(time)) return { word: 'none', n: 0 }
  // A deadline at midnight ends the day before.
  const days = day_number(time - 1) - day_number(now)
  if (time <= now) {
    const late = day_number(now) - day_number(time)
    return late >= 1 ? { word: 'late_days', n: late } : { word: 'late_hours', n: Math.max(1, Math.floor((now - time) / hour)) }
  }
  const left = time - now
  if (left < 4 * hour) return { word: 'hours', n: Math.max(1, Math.ceil(left / hour)) }
  if (days <= 0) return { word: 'today', n: 0 }
  return days === 1 ? { word: 'tomorrow', n: 1 } : { word: 'days', n: days }
}

/** Days of a visit that is being accepted, today the first: no more than workflows/levels.table leaves for it. */
export const days_to_visit: Readonly<Record<string, number>> = { extreme: 2, high: 3, medium: 7, low: 7 }

/** So many days from today on. */
export const days_ahead = (now: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => day_text(now + n * day))

/** How far the phone's clock is from the server's, if it is far enough to say so; milliseconds, positive: fast. */
export function clock_error(server: string, now: number): number {
  const time = Date.parse(server)
  const error = Number.isNaN(time) ? 0 : now - time
  return Math.abs(error) > 5 * 60_000 ? error : 0
}
