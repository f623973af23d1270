import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, parseDay } from '../day'

describe('days', () => {
  it.each([
    ['2026-07-01', '2026-07-01'], ['2026/7/1', '2026-07-01'], ['2026.7.1', '2026-07-01'], [' 20260701 ', '2026-07-01'],
    ['2026年7月1日', '2026-07-01'], ['2024-02-29', '2024-02-29'], ['2026-02-29', null], ['2026-13-01', null], ['26-1-1', null],
    ['1.7.2026', null], ['', null], ['tomorrow', null], ['0001-01-01', null],
  ])('%s', (typed, day) => expect(parseDay(typed)).toBe(day))

  it('counts over months and leap days', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    for (let n = -400; n < 400; n += 7) expect(daysBetween('2026-06-30', addDays('2026-06-30', n))).toBe(n)
  })
})
