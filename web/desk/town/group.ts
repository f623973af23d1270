// What is coming up, by week and within it by township.
import { dayOf, weekOf, type Day } from '../timeline/days'

export interface Placed {
  day?: string | null
  division?: string | null
}

export interface Week<T> {
  monday: Day
  count: number
  towns: { code: string; items: T[] }[]
}

export function townOf(division: string | null | undefined): string {
  return division && /^\d{12}$/.test(division) ? division.slice(0, 9) + '000' : ''
}

export function byWeek<T extends Placed>(items: T[]): Week<T>[] {
  const weeks = new Map<Day, Map<string, T[]>>()
  for (const item of items) {
    const day = dayOf(item.day)
    if (day === undefined) continue
    const monday = weekOf(day)
    const towns = weeks.get(monday) ?? new Map<string, T[]>()
    weeks.set(monday, towns)
    const town = townOf(item.division)
    const own = towns.get(town)
    if (own) own.push(item)
    else towns.set(town, [item])
  }
  return [...weeks.entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([monday, towns]) => ({
      monday,
      count: [...towns.values()].reduce((n, t) => n + t.length, 0),
      towns: [...towns.entries()]
        .sort((a, b) => (a[0] < b[0] ? -1 : 1))
        .map(([code, own]) => ({ code, items: own.sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? -1 : (a.day ?? '') > (b.day ?? '') ? 1 : 0)) })),
    }))
}
