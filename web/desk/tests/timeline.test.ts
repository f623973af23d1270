import { describe, expect, it } from 'vitest'
import { addMonths, dayOf, dayOfInstant, fromParts, textOf, weekOf, weekday } from '../timeline/days'
import { layoutOf, textWidth, type Bar, type Layout, type Words } from '../timeline/layout'
import { asOf, modelOf, type TimelineSaid } from '../timeline/model'
import { moved } from '../timeline/move'
import { dayAt, ticksOf, xOf, type Scale } from '../timeline/scale'

const words: Words = {
  person: (about) => about,
  fact: (f) => `${f.kind} ${f.value}`.trim(),
  dates: (from, to, event) => (event ? textOf(from!) : `${from === undefined ? '' : textOf(from)} – ${to === undefined ? '' : textOf(to)}`),
}

/** A child with as much of a history as a page has to hold. */
export function crowded(seed: number, facts = 30, categories = 8): TimelineSaid {
  let state = seed
  const random = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.floor((state / 0x1_0000_0000) * n)
  }
  const people = ['self', 'father', 'mother', 'guardian', 'grandmother']
  const kinds = ['imprisoned', 'low_income', 'school_absent', 'disability', 'abuse_report', 'residence', 'divorced']
  const birth = fromParts(2012, 5, 9)
  return {
    today: '2026-11-24',
    begin: textOf(birth),
    facts: Array.from({ length: facts }, (_, i) => {
      const from = birth + random(5200)
      return {
        id: String(i + 1), about: people[random(5)]!, kind: kinds[random(7)]!, value: random(2) ? 'P3Y' : '',
        from: random(12) ? textOf(from) : null, to: random(3) ? textOf(from + 1 + random(1500)) : null, department: 'justice', known: '2026-01-01T00:00:00Z',
      }
    }),
    categories: Array.from({ length: categories }, (_, i) => {
      const from = birth + random(4000)
      return { category: `category_${i % 8}`, label: `第${i % 8}类儿童`, status: random(3) ? 'holds' : 'review', from: textOf(from), to: random(2) ? textOf(from + 100 + random(2000)) : null }
    }),
  }
}

const overlap = (a: Bar, b: Bar) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const box = (b: Bar) => {
  const w = textWidth(b.label)
  return b.anchor === 'end' ? { left: b.labelX - w, right: b.labelX } : { left: b.labelX, right: b.labelX + w }
}

describe('days', () => {
  it('reads days of the calendar and no others', () => {
    expect(dayOf('1970-01-01')).toBe(0)
    expect(textOf(dayOf('2012-02-29')!)).toBe('2012-02-29')
    expect(dayOf('2011-02-29')).toBeUndefined()
    expect(dayOf('')).toBeUndefined()
    expect(dayOf(null)).toBeUndefined()
  })
  it('adds months as the law does: the last day where there is none', () => {
    expect(textOf(addMonths(dayOf('2024-08-31')!, 6))).toBe('2025-02-28')
    expect(textOf(addMonths(dayOf('2024-03-31')!, -1))).toBe('2024-02-29')
  })
  it('knows weeks', () => {
    expect(weekday(dayOf('2026-11-23')!)).toBe(1)
    expect(weekday(dayOf('1969-12-28')!)).toBe(7)
    expect(textOf(weekOf(dayOf('2026-11-29')!))).toBe('2026-11-23')
  })
  it("takes an instant's day from China's clock", () => {
    expect(textOf(dayOfInstant('2026-11-23T16:00:00Z')!)).toBe('2026-11-24')
    expect(textOf(dayOfInstant('2026-11-23T15:59:59Z')!)).toBe('2026-11-23')
  })
})

describe('scale', () => {
  const s: Scale = { begin: 0, end: 1000, left: 100, right: 600 }
  it('goes there and back', () => {
    for (let day = 0; day <= 1000; day += 7) expect(Math.abs(dayAt(s, xOf(s, day)) - day)).toBeLessThanOrEqual(1)
    expect(dayAt(s, -50)).toBe(0)
    expect(dayAt(s, 9999)).toBe(1000)
  })
  it('sets ticks apart, on firsts of months', () => {
    for (const years of [0.2, 1, 3, 8, 18, 60]) {
      for (const width of [300, 700, 1400]) {
        const scale: Scale = { begin: 15000, end: 15000 + Math.round(years * 365), left: 0, right: width }
        const ticks = ticksOf(scale, 60)
        for (let i = 1; i < ticks.length; i++) expect(ticks[i]!.x - ticks[i - 1]!.x).toBeGreaterThan(52)
        for (const t of ticks) expect(textOf(t.day).endsWith('-01')).toBe(true)
        if (years >= 1) expect(ticks.length).toBeGreaterThan(1)
      }
    }
  })
})

describe('layout', () => {
  const lay = (said: TimelineSaid, width: number, form: 'wide' | 'list' = 'wide'): Layout => layoutOf(modelOf(said), { width, form }, words)

  it('puts people in order and categories below', () => {
    const l = lay(crowded(3), 1000)
    const keys = l.rows.map((r) => r.key)
    expect(keys.filter((k) => k.startsWith('p-')).slice(0, 3)).toEqual(['p-self', 'p-father', 'p-mother'])
    expect(keys.findIndex((k) => k.startsWith('c-'))).toBe(keys.filter((k) => k.startsWith('p-')).length)
    for (let i = 1; i < l.rows.length; i++) expect(l.rows[i]!.y).toBeGreaterThanOrEqual(l.rows[i - 1]!.y + l.rows[i - 1]!.height)
  })

  it('no bar covers another, no word covers a bar or leaves the page, at any width', () => {
    for (let seed = 1; seed <= 60; seed++) {
      for (const width of [640, 900, 1280]) {
        const l = lay(crowded(seed), width)
        for (const row of l.rows) {
          for (const [i, a] of row.bars.entries()) {
            expect(a.x).toBeGreaterThanOrEqual(l.scale.left - 7)
            expect(a.x + a.width).toBeLessThanOrEqual(l.scale.right + 7)
            expect(box(a).right).toBeLessThanOrEqual(width + 1)
            for (const b of row.bars.slice(i + 1)) {
              expect(overlap(a, b)).toBe(false)
              if (a.y !== b.y || !a.label || !b.label) continue
              const [p, q] = [box(a), box(b)]
              expect(p.right <= q.left || q.right <= p.left).toBe(true)
            }
          }
        }
      }
    }
  })

  it('gives every fact a line of its own on a narrow screen', () => {
    const l = lay(crowded(5), 358, 'list')
    const bars = l.rows.flatMap((r) => r.bars)
    expect(bars.length).toBe(38)
    expect(new Set(bars.map((b) => b.y)).size).toBe(38)
    for (const b of bars) expect(box(b).right).toBeLessThanOrEqual(358)
  })

  it('writes dates on a second line where one is too short, and nothing over another', () => {
    const l = lay(crowded(5), 300, 'list')
    const bars = l.rows.flatMap((r) => r.bars)
    expect(bars.some((b) => b.more !== '')).toBe(true)
    for (let i = 1; i < bars.length; i++) expect(bars[i]!.labelY - 13).toBeGreaterThan(bars[i - 1]!.y + bars[i - 1]!.height - 1)
    for (const b of bars) expect(b.y - b.labelY).toBeGreaterThanOrEqual(b.more ? 17 + 4 : 4)
  })

  it('tells open ends, events and what is only foreseen', () => {
    const l = lay({
      today: '2026-11-24', begin: '2015-01-01',
      facts: [
        { id: '1', about: 'father', kind: 'imprisoned', from: '2024-01-01', to: '2028-01-01' },
        { id: '2', about: 'father', kind: 'low_income', from: null, to: null },
        { id: '3', about: 'self', kind: 'abuse_report', from: '2026-01-01', to: null },
      ],
      categories: [{ category: 'a', label: 'A', status: 'review', from: '2026-01-01', to: null }],
    }, 1000)
    const bars = l.rows.flatMap((r) => r.bars)
    const by = (key: string) => bars.find((b) => b.key === key)!
    expect(by('1').past).toBeGreaterThan(0)
    expect(by('1').past).toBeLessThan(by('1').width)
    expect([by('2').openLeft, by('2').openRight]).toEqual([true, true])
    expect(by('3').event).toBe(true)
    expect(by('3').width).toBe(12)
    expect(by('c0').status).toBe('review')
    expect(by('c0').openRight).toBe(true)
  })

  it('keeps to the window when one looks closer', () => {
    const m = modelOf(crowded(9))
    const l = layoutOf(m, { width: 800, form: 'wide', from: m.today - 365, to: m.today + 90 }, words)
    for (const b of l.rows.flatMap((r) => r.bars)) expect(b.x + b.width).toBeLessThanOrEqual(l.scale.right + 7)
  })

  it('stands a child of whom nothing is told, and one of whom only the end is', () => {
    expect(lay({ today: '2026-11-24', begin: null, facts: [], categories: [] }, 500).rows).toEqual([])
    expect(lay({ today: '2026-11-24', begin: null, facts: [{ about: 'self', kind: 'hiv', to: '2027-01-01' }], categories: [] }, 500).rows.length).toBe(1)
  })

  it('lays 30 facts and 8 categories out in far less than a frame', () => {
    const m = modelOf(crowded(7))
    layoutOf(m, { width: 1000, form: 'wide' }, words)
    const begin = performance.now()
    for (let i = 0; i < 100; i++) layoutOf(m, { width: 700 + i, form: 'wide' }, words)
    const each = (performance.now() - begin) / 100
    expect(each).toBeLessThan(4)
  })
})

describe('as of', () => {
  const m = modelOf({
    today: '2026-11-24', begin: '2015-01-01',
    facts: [{ id: '1', about: 'father', kind: 'imprisoned', from: '2024-01-01', to: '2025-01-01' }, { id: '2', about: 'self', kind: 'bullying', from: '2024-06-01' }],
    categories: [{ category: 'a', label: 'A', status: 'holds', from: '2024-01-01', to: '2025-01-01' }, { category: 'b', label: 'B', status: 'review', from: '2024-12-31', to: null }],
  })
  it('counts the first day in and the last day out', () => {
    const on = (text: string) => asOf(m, dayOf(text)!)
    expect(on('2023-12-31').holds).toEqual([])
    expect(on('2024-01-01').holds.length).toBe(1)
    expect(on('2024-12-31').holds.length).toBe(1)
    expect(on('2024-12-31').review.length).toBe(1)
    expect(on('2025-01-01').holds).toEqual([])
    expect(on('2024-06-01').facts.map((f) => f.key)).toEqual(['2', '1'])
    expect(on('2024-06-02').facts.map((f) => f.key)).toEqual(['1'])
  })
  it('moves by day, month and year, and stays inside', () => {
    const day = dayOf('2024-03-31')!
    const to = (key: string, shift = false) => textOf(moved(day, key, shift, 0, 25000)!)
    expect(to('ArrowRight')).toBe('2024-04-01')
    expect(to('ArrowLeft', true)).toBe('2024-02-29')
    expect(to('PageUp')).toBe('2025-03-31')
    expect(to('Home')).toBe('1970-01-01')
    expect(moved(5, 'PageDown', false, 0, 100)).toBe(0)
    expect(moved(5, 'a', false, 0, 100)).toBeUndefined()
  })
})
