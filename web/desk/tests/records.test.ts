import { describe, expect, it } from 'vitest'
import { csvLine, decoded, parseCsv } from '../records/csv'
import { readRecords } from '../records/file'
import { birthOfId, idFault, idFaultSoFar } from '../records/id_number'
import { KINDS, valueFault } from '../records/kinds'
import { BATCH, keyOf, Sender, type Push } from '../records/send'
import { readFileSync } from 'node:fs'

describe('CSV', () => {
  const cells = (text: string) => parseCsv(text).rows.map((r) => r.cells)
  it('reads quotes, commas and both line ends', () => {
    expect(cells('a,b\r\n"1,2","x ""y"""\n')).toEqual([['a', 'b'], ['1,2', 'x "y"']])
    expect(cells('\ufeffa\nb')).toEqual([['a'], ['b']])
    expect(cells('a,\n,\n\n"",')).toEqual([['a', ''], ['', ''], ['', '']])
  })
  it('keeps the number of the line, also behind a cell of several', () => {
    expect(parseCsv('a\n"x\ny\nz"\nb\n').rows.map((r) => r.line)).toEqual([1, 2, 5])
  })
  it('says which line has a quote that never ends', () => {
    expect(parseCsv('a\nb,"c\nd\n')).toEqual({ rows: [{ line: 1, cells: ['a'] }], faults: [{ line: 2, fault: 'quote_open' }] })
    expect(parseCsv('"a"b,c\n').faults).toEqual([{ line: 1, fault: 'quote_inside' }])
  })
  it('writes what it reads', () => {
    const random = ['', 'a', '"', ',', '\n', 'x"y', '陈,某', '\r\n']
    for (let i = 0; i < 64; i++) {
      const row = [random[i % 8]!, random[(i >> 3) % 8]!, 'end']
      expect(parseCsv(csvLine(row)).rows[0]!.cells).toEqual(row)
    }
  })
  it('reads GB 18030 where it is not UTF-8', () => {
    expect(decoded(new Uint8Array([0xb3, 0xc2])).text).toBe('陈')
    expect(decoded(new TextEncoder().encode('陈'))).toEqual({ text: '陈', encoding: 'utf-8' })
  })
})

describe('identity numbers', () => {
  it('takes good ones in any writing', () => {
    for (const id of ['999999201503010016', '999999200802290025', '９９９９９９201212310123', ' 11010519491231002x ']) expect(idFault(id)).toBeUndefined()
    expect(birthOfId('999999200802290025')).toBe('2008-02-29')
  })
  it('says what is wrong', () => {
    expect(idFault('999999201503010017')).toBe('check_digit')
    expect(idFault('999999201502300017')).toBe('birth_date')
    expect(idFault('110105491231002')).toBe('obsolete')
    expect(idFault('9999')).toBe('length')
    expect(idFault('99999920150301X016')).toBe('character')
  })
  it('does not complain of what is not finished', () => {
    expect(idFaultSoFar('99999920')).toBeUndefined()
    expect(idFaultSoFar('9999a')).toBe('character')
    expect(idFaultSoFar('999999201503010017')).toBe('check_digit')
  })
})

describe('kinds', () => {
  it('are those of kinds.def', () => {
    const def = readFileSync(new URL('../../../src/people/kinds.def', import.meta.url), 'utf8')
    const there = [...def.matchAll(/^KIND\(\w+,\s*(\w+),\s*VALUE_(\w+)/gm)].map((m) => [m[1], m[2]!.toLowerCase()])
    expect(Object.entries(KINDS)).toEqual(there)
  })
  it('check their value', () => {
    expect(valueFault('hiv', '')).toBeUndefined()
    expect(valueFault('hiv', 'x')).toBe('not_empty')
    expect(valueFault('imprisoned', 'P3Y')).toBeUndefined()
    expect(valueFault('imprisoned', 'P1Y6M')).toBeUndefined()
    expect(valueFault('imprisoned', '3 years')).toBe('term')
    expect(valueFault('imprisoned', 'P')).toBe('term')
    expect(valueFault('disability', 'mental/3')).toBeUndefined()
    expect(valueFault('disability', 'mental/5')).toBe('choose')
    expect(valueFault('divorced', '')).toBe('party')
    expect(valueFault('divorced', '999999201503010017')).toBe('party_check')
    expect(valueFault('screening_result', 'PHQ-9/moderate')).toBeUndefined()
  })
})

describe('a file of records', () => {
  const head = 'record_key,department,kind,id_no,name,birth_date,division,from,to,value,note\n'
  it('takes its own department and says what it leaves out', () => {
    const f = readRecords(head + 'J-1,justice,imprisoned,999999197503010018,张三,,,2026-01-01,,P3Y,\nE-1,education,bullying,,,,,,,,\n,justice,dead,,,,,,,,\nJ-2,justice,Dead,,,,,,,,\n', 'justice')
    expect(f.records).toEqual([{ line: 2, record: { record_key: 'J-1', kind: 'imprisoned', id_no: '999999197503010018', name: '张三', from: '2026-01-01', value: 'P3Y' } }])
    expect(f.refused.map((r) => [r.line, r.fault])).toEqual([[3, 'other_department'], [4, 'no_key'], [5, 'no_kind']])
  })
  it('reads Chinese headers, and says which are missing', () => {
    expect(readRecords('记录编号,类别,姓名\nA,dead,王五\n', 'court').records[0]!.record.name).toBe('王五')
    expect(readRecords('a,b\n1,2\n', 'court').missing).toEqual(['record_key', 'kind'])
  })
})

describe('sending', () => {
  const records = Array.from({ length: 120 }, (_, i) => ({ line: i + 2, record: { record_key: `K-${i}`, kind: 'dead' } }))
  const good = (n: number) => ({ accepted: n, duplicate: 0, quarantined: 0, unlinked: 0, refusals: [] })

  it('goes fifty at a time and names the line of a refusal', async () => {
    const sizes: number[] = []
    const push: Push = async (batch) => {
      sizes.push(batch.length)
      return { ...good(batch.length - 1), quarantined: 1, refusals: [{ index: 3, column: 'to', message: 'no day', hint: null }] }
    }
    const p = await new Sender(records, push, () => {}).run()
    expect(sizes).toEqual([BATCH, BATCH, 20])
    expect(p.accepted + p.quarantined).toBe(120)
    expect(p.refusals.map((r) => r.line)).toEqual([5, 55, 105])
    expect(p.state).toBe('done')
  })

  it('loses nothing when the network fails, and repeats the batch with its key', async () => {
    const keys: string[] = []
    let fail = true
    const push: Push = async (batch, key) => {
      keys.push(key)
      if (keys.length === 2 && fail) throw new Error('cut')
      return good(batch.length)
    }
    const s = new Sender(records, push, () => {})
    await expect(s.run()).rejects.toThrow('cut')
    expect(s.progress.sent).toBe(50)
    fail = false
    expect((await s.run()).accepted).toBe(120)
    expect(keys.length).toBe(4)
    expect(keys[1]).toBe(keys[2])
    expect(new Set(keys).size).toBe(3)
  })

  it('gives a batch the key that the server takes', async () => {
    expect(await keyOf(records.slice(0, 50))).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
  })

  it('stops when asked and goes on', async () => {
    const s: Sender = new Sender(records, async (b) => (s.pause(), good(b.length)), () => {})
    expect((await s.run()).state).toBe('stopped')
    expect(s.progress.sent).toBe(50)
    await s.run()
    await s.run()
    expect(s.progress.state).toBe('done')
  })
})
