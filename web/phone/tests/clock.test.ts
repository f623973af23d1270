import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clock_error, clock_text, day_text, days_ahead, days_to_visit, due_words, instant_text } from '../core/clock'

const at = (text: string) => Date.parse(text)

test('by when, in words', () => {
  const now = at('2026-11-24T09:00:00+08:00')
  const words = (due: string | null) => { const { word, n } = due_words(due, now); return `${word} ${n}` }
  expect(words(null)).toBe('none 0')
  expect(words('not a time')).toBe('none 0')
  expect(words('2026-11-24T11:30:00+08:00')).toBe('hours 3')
  expect(words('2026-11-24T18:00:00+08:00')).toBe('today 0')
  expect(words('2026-11-25T00:00:00+08:00')).toBe('today 0')
  expect(words('2026-11-25T09:00:00+08:00')).toBe('tomorrow 1')
  expect(words('2026-11-28T00:00:00+08:00')).toBe('days 3')
  expect(words('2026-11-24T08:59:00+08:00')).toBe('late_hours 1')
  expect(words('2026-11-24T03:00:00+08:00')).toBe('late_hours 6')
  expect(words('2026-11-22T23:00:00+08:00')).toBe('late_days 2')
  expect(words('2026-11-23T17:00:00Z')).toBe('late_hours 8')
})

test("days and hours are China's", () => {
  expect(day_text(at('2026-11-24T20:00:00Z'))).toBe('2026-11-25')
  expect(clock_text(at('2026-11-24T20:05:00Z'))).toBe('04:05')
  expect(instant_text(at('2026-11-24T20:00:00Z'))).toBe('2026-11-25T04:00:00+08:00')
})

test('days to plan for are no more than levels.table leaves', () => {
  expect(days_ahead(at('2026-11-24T20:00:00Z'), 2)).toEqual(['2026-11-25', '2026-11-26'])
  const table = readFileSync(new URL('../../../workflows/levels.table', import.meta.url), 'utf8')
  const rows = [...table.matchAll(/^(\w+) +(\d+) (hours|days) /gm)]
  expect(rows.map((row) => row[1])).toEqual(Object.keys(days_to_visit))
  for (const [, level, n, unit] of rows) {
    const whole = unit === 'hours' ? Number(n) / 24 + 1 : Number(n)
    expect(days_to_visit[level ?? ''], level).toBeLessThanOrEqual(whole)
  }
})

test('a clock that is wrong by minutes is told', () => {
  expect(clock_error('2026-11-24T09:00:00Z', at('2026-11-24T09:04:00Z'))).toBe(0)
  expect(clock_error('2026-11-24T09:00:00Z', at('2026-11-24T09:10:00Z'))).toBe(600_000)
})
