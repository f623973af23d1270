import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EVENTS } from '../access/events'
import { linesFor, readClearance, sightOf } from '../access/table'
import { textOf } from '../timeline/days'
import { dueOf } from '../town/due'
import { byWeek, townOf } from '../town/group'

describe('coming up', () => {
  it('stands by week and town', () => {
    const weeks = byWeek([
      { day: '2026-11-29', division: '330782001001' }, { day: '2026-11-23', division: '330782002001' },
      { day: '2026-11-24', division: '330782001007' }, { day: '2026-12-01', division: null }, { day: null, division: '330782001001' },
    ])
    expect(weeks.map((w) => [textOf(w.monday), w.count, w.towns.map((t) => t.code)])).toEqual([
      ['2026-11-23', 3, ['330782001000', '330782002000']], ['2026-11-30', 1, ['']],
    ])
    expect(weeks[0]!.towns[0]!.items.map((i) => i.day)).toEqual(['2026-11-24', '2026-11-29'])
    expect(townOf('330782***')).toBe('')
  })
})

describe('due', () => {
  const now = Date.parse('2026-11-24T02:00:00Z')
  const due = (text: string) => dueOf(text, now)
  it('is said as one says it', () => {
    expect(due('2026-11-24T02:30:00Z')).toEqual({ late: false, unit: 'minutes', n: 30 })
    expect(due('2026-11-24T10:00:00Z')).toEqual({ late: false, unit: 'today', n: 0 })
    expect(due('2026-11-24T16:30:00Z')).toEqual({ late: false, unit: 'tomorrow', n: 1 })
    expect(due('2026-11-27T10:00:00Z')).toEqual({ late: false, unit: 'days', n: 3 })
    expect(due('2026-11-23T20:00:00Z')).toEqual({ late: true, unit: 'hours', n: 6 })
    expect(due('2026-11-20T01:00:00Z')).toEqual({ late: true, unit: 'days', n: 4 })
    expect(due('')).toBeUndefined()
  })
})

describe('the clearance table', () => {
  const table = readClearance(readFileSync(new URL('../../../masks/clearance.table', import.meta.url), 'utf8'))
  const by = (name: string) => table.classes.find((c) => c.name === name)!
  it('is read whole', () => {
    expect(table.classes.length).toBeGreaterThan(25)
    expect(table.classes.every((c) => c.lines.length > 0)).toBe(true)
    expect(table.roles.length).toBe(13)
    expect(table.permissions.find((p) => p.name === 'child:list')!.roles).toContain('bureau_leader')
    expect(table.approvals.find((a) => a.roles.includes('station_worker'))!.by).toEqual(['supervisor', 'centre_worker'])
  })
  it('shows who sees what', () => {
    expect(sightOf(by('category'), 'child_director')).toBe('absent')
    expect(sightOf(by('category'), 'supervisor')).toBe('shown')
    expect(sightOf(by('name'), 'supervisor')).toBe('opened')
    expect(sightOf(by('name'), 'department_liaison')).toBe('masked')
    expect(sightOf(by('id'), 'guardian')).toBe('shown')
    expect(linesFor(by('fact_hiv'), 'centre_worker').map((l) => [l.way, l.minutes])).toEqual([['approval', 60], ['glass', 60]])
  })
})

describe('events of the trail', () => {
  it('are those of events.def', () => {
    const def = readFileSync(new URL('../../../src/access/events.def', import.meta.url), 'utf8')
    expect([...EVENTS]).toEqual([...def.matchAll(/^EVENT\(\w+, \d+, "([a-z_.]+)"\)/gm)].map((m) => m[1]))
  })
})
