import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { moves, moodOf, partOf, remedyOf, stepsOf } from '../deliveries/story'
import { FORMS } from '../mapping/mapping'
import { USES } from '../mapping/editor'
import en from '../messages/intake_en'
import zh from '../messages/intake_zh'
import { editsOf, fieldsOf, mendsAlike, rowsOf, throughout, type Totals } from '../quarantine/mend'
import { KINDS } from '../records/kinds'
import { byDepartment, DEPARTMENTS } from '../sources/feeds'
import { shareOf, sizeOf } from '../sources/yield'

const def = (name: string, macro: string) =>
  [...readFileSync(new URL(`../../../src/intake/${name}`, import.meta.url), 'utf8').matchAll(new RegExp(`^${macro}\\(\\w+, \\d+, "(\\w+)"`, 'gm'))].map((m) => m[1]!)

describe('words of intake', () => {
  it.each([
    ['channel', 'channels.def', 'CHANNEL'], ['state', 'delivery_states.def', 'DELIVERY_STATE'], ['hold', 'holds.def', 'HOLD'],
    ['row_state', 'quarantine_states.def', 'QUARANTINE_STATE'],
  ] as const)('%s', (kind, file, macro) => {
    expect(def(file, macro).length).toBeGreaterThan(0)
    for (const catalogue of [zh, en]) expect(Object.keys(catalogue.intake[kind])).toEqual(expect.arrayContaining(def(file, macro)))
  })
  it('forms and uses', () => {
    expect(Object.keys(zh.intake.form)).toEqual([...FORMS])
    expect(Object.keys(zh.intake.use)).toEqual(expect.arrayContaining([...USES, 'ignore']))
    expect(Object.keys(KINDS)).toContain('imprisoned')
  })
  it('what is sensitive', () => {
    const header = readFileSync(new URL('../../../src/detect/detect.h', import.meta.url), 'utf8')
    const kinds = [...header.matchAll(/^ {4}DETECT_([A-Z_]+),/gm)].map((m) => m[1]!.toLowerCase()).filter((k) => k !== 'none' && k !== 'kind_count')
    expect(Object.keys(zh.intake.contents)).toEqual(expect.arrayContaining(kinds))
  })
  it('the forms are those of a mapping', () => {
    const file = new URL('../../../src/intake/feed.h', import.meta.url)
    if (!existsSync(file)) return
    const forms = [...readFileSync(file, 'utf8').matchAll(/^ {4}FORM_([A-Z_]+)(?: = 0)?,/gm)].map((m) => m[1]!.toLowerCase())
    expect([...FORMS]).toEqual(forms)
  })
})

describe('the story of a delivery', () => {
  const steps = (state: string, more = {}) => stepsOf({ state, ...more }).map((s) => s.state)
  it('stands where it is', () => {
    expect(steps('arriving')).toEqual(['now', 'wait', 'wait', 'wait', 'wait'])
    expect(steps('waiting')).toEqual(['done', 'now', 'wait', 'wait', 'wait'])
    expect(steps('held')).toEqual(['done', 'stopped', 'wait', 'wait', 'wait'])
    expect(steps('unmapped')).toEqual(['done', 'stopped', 'wait', 'wait', 'wait'])
    expect(steps('running')).toEqual(['done', 'done', 'now', 'now', 'now'])
    expect(steps('done')).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(steps('rejected', { header: null })).toEqual(['stopped', 'wait', 'wait', 'wait', 'wait'])
    expect(steps('rejected', { header: ['a'] })).toEqual(['done', 'stopped', 'wait', 'wait', 'wait'])
  })
  it('is looked at again while it moves', () => {
    expect(def('delivery_states.def', 'DELIVERY_STATE').filter(moves)).toEqual(['arriving', 'waiting', 'running'])
    expect([moodOf('done'), moodOf('held'), moodOf('waiting'), moodOf(undefined)]).toEqual(['good', 'warn', 'plain', 'plain'])
  })
  it('says how far it is', () => {
    expect([partOf({ rows: null, done: 3 }), partOf({ rows: 3, done: 2 }), partOf({ rows: 3, done: 9 })]).toEqual([undefined, 66, 100])
  })
  it('lets fewer rows be allowed, and sends columns to the assistant', () => {
    expect([remedyOf([]), remedyOf(['shrunk']), remedyOf(['columns_missing']), remedyOf(['shrunk', 'sensitive_column'])]).toEqual(['none', 'allow', 'map', 'map'])
  })
})

describe('mending', () => {
  const fields = fieldsOf({ cells: [
    { header: '编号', value: 'A1', outline: 'A1' }, { header: '身份证', value: null, outline: '330***', at_fault: true }, { header: '', value: 'x', outline: 'x' },
  ] })
  it('knows what is hidden', () => {
    expect(fields.map((f) => [f.text, f.hidden, f.atFault])).toEqual([['A1', false, false], ['', true, true], ['x', false, false]])
  })
  it('sends what has changed', () => {
    expect(editsOf(fields, ['A1', '', 'x'])).toEqual([])
    expect(editsOf(fields, ['A1', '999999201503010016', 'y'])).toEqual([{ column: '身份证', value: '999999201503010016' }])
    expect(editsOf(fields, ['', '', 'x'])).toEqual([{ column: '编号', value: '' }])
  })
  it('goes on until nothing is left, and adds up', async () => {
    const portion = (rows: number): Totals => ({ rows, accepted: rows, duplicate: 0, unlinked: 1, refused: 0 })
    const asked: (string | undefined)[] = []
    const told: number[] = []
    const answers = [{ ...portion(50), next: '7' }, { ...portion(50), next: '9' }, { ...portion(3), next: null }]
    const sum = await throughout(async (after) => {
      asked.push(after)
      return answers.shift()!
    }, (t) => told.push(t.rows))
    expect(sum).toEqual({ rows: 103, accepted: 103, duplicate: 0, unlinked: 3, refused: 0 })
    expect([asked, told]).toEqual([[undefined, '7', '9'], [50, 100, 103]])
  })
  it('stops when told, and where nothing moves on', async () => {
    const same = async () => ({ rows: 1, accepted: 0, duplicate: 0, unlinked: 0, refused: 1, next: '5' })
    expect((await throughout(same, () => {})).rows).toBe(2)
    expect((await throughout(same, () => {}, () => true)).rows).toBe(1)
  })
  it('mends alike what one column has in common', () => {
    expect([mendsAlike({ column: 'a', rows: 3 }), mendsAlike({ column: null, rows: 3 }), mendsAlike({ column: 'a', rows: 0 })]).toEqual([true, false, false])
    expect(rowsOf([{ rows: 3 }, { rows: 4 }, {}])).toBe(7)
  })
})

describe('sources', () => {
  it('stand by department', () => {
    const feeds = [{ department: 'town', name: 'b' }, { department: 'justice', name: 'z' }, { department: 'justice', name: 'a' }, { department: 'elsewhere', name: 'q' }]
    expect(byDepartment(feeds, DEPARTMENTS).map((f) => f.name)).toEqual(['a', 'z', 'b', 'q'])
  })
  it('have a yield with its n', () => {
    expect([shareOf({ verified: 0 }), sizeOf({})]).toEqual([undefined, 0])
    expect([shareOf({ verified: 1, false_alarm: 2 }), shareOf({ verified: 2, refused: 1 }), shareOf({ verified: 5 }), shareOf({ verified: 1, false_alarm: 1999 })]).toEqual(['33.3 %', '66.7 %', '100.0 %', '0.1 %'])
    expect(sizeOf({ verified: 1, false_alarm: 2, refused: 4 })).toBe(7)
  })
})
