import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { absent, choose, editorOf, lacking, mappingOf, rename, spare, type Suggestion } from '../mapping/editor'
import { printMapping, readMapping } from '../mapping/mapping'
import { parseYaml, yamlMap, yamlWord } from '../mapping/yaml'

const folder = new URL('../../../feeds/', import.meta.url)
const feeds = readdirSync(folder).filter((f) => f.endsWith('.yaml'))

describe('YAML as mappings are written', () => {
  it('reads maps, lists, brackets and quotes', () => {
    const text = 'a: 1 # one\nb:\n  c: {d: "x, y: z", 取保候审: "", e: [f, \'it\'\'s\']}\n  "k: 1": [a,\n    b]\nl:\n  - kind: x\n    from: "{y}"\n  - z\n'
    const map = parseYaml(text)
    expect(map.get('a')).toBe('1')
    const b = map.get('b') as Map<string, unknown>
    expect([...(b.get('c') as Map<string, unknown>)]).toEqual([['d', 'x, y: z'], ['取保候审', ''], ['e', ['f', "it's"]]])
    expect(b.get('k: 1')).toEqual(['a', 'b'])
    expect((map.get('l') as unknown[]).map((x) => (x instanceof Map ? [...x] : x))).toEqual([[['kind', 'x'], ['from', '{y}']], 'z'])
  })
  it('refuses what it does not know', () => {
    for (const text of ['a: |\n  x\n', 'a: &x 1\n', 'a: [1\n', 'a: 1\na: 2\n', 'a\n', '\ta: 1\n', 'a: "x\n', 'a: {b}\n', 'a: 1\n  b: 2\n']) {
      expect(() => parseYaml(text), text).toThrow()
    }
  })
  it('writes words so that they are read again', () => {
    for (const word of ['', 'yes', 'No', '刑期', 'a b', 'x: y', '#x', '- x', '"', "'", 'a,b', '{x}', '[', '1.5', '~', '*', '甲（乙）', 'a (b)/c', '-1', 'a ', '\u2028', '\u0085x', 'a\nb', 'c\\d', ' x ']) {
      expect((parseYaml(`k: ${yamlWord(word)}`)).get('k'), word).toBe(word)
      expect([...(parseYaml(`k: ${yamlMap([[word, word]])}`).get('k') as Map<string, string>)], word).toEqual([[word, word]])
    }
  })
})

describe('mappings', () => {
  it.each(feeds)('%s is read, and written so that it is read alike', (file) => {
    const mapping = readMapping(readFileSync(new URL(file, folder), 'utf8'))
    expect(`${mapping.feed}.yaml`).toBe(file)
    expect(mapping.columns.length).toBeGreaterThan(0)
    expect(mapping.records.length).toBeGreaterThan(0)
    expect(readMapping(printMapping(mapping))).toEqual(mapping)
  })
  it('does not show as a form what it would lose', () => {
    expect(() => readMapping('feed: x\nnew_word: 1\n')).toThrow()
    expect(() => readMapping('feed: x\ncolumns:\n  a: {named: [b], form: unheard_of}\n')).toThrow()
  })
})

const columns = (list: [string, string | null, string?, boolean?][]) =>
  list.map(([header, use, form, sensitive]) => ({ header, use, form: form ?? 'text', sensitive: sensitive ?? false, sureness: 90, reasons: [], values: [] }))

describe('the assistant', () => {
  const unknown: Suggestion = {
    kind: 'imprisoned', mapping: '', rows: [['1', '陈**', '330***'], ['2', '陈**', '']],
    columns: columns([['编号', 'record_key'], ['姓名', 'name'], ['身份证', 'id_no', 'id_number'], ['入监日', 'from', 'date'], ['刑满日', 'to', 'date'], ['联系人', null, 'text', true], ['备注', null]]),
  }
  const filled = () => ({ ...editorOf(unknown, null), feed: 'prison', zh: '监狱', department: 'justice' })
  it('makes a mapping of what is suggested', () => {
    const e = filled()
    expect(lacking(e)).toEqual([{ what: 'undecided', columns: ['联系人'] }])
    expect(e.rows[1]!.samples).toEqual(['陈**'])
    const decided = { ...e, rows: e.rows.map((r) => (r.header === '联系人' ? choose(r, 'ignore', e.mapping) : r.header === '刑满日' ? { ...r, lastDay: true, optional: true } : r)) }
    expect(lacking(decided)).toEqual([])
    expect(printMapping(mappingOf(decided, false))).toBe(`feed: prison
title: {zh: 监狱, en: prison}
department: justice
columns:
  record_key: {named: [编号]}
  name: {named: [姓名]}
  id_no: {named: [身份证], form: id_number}
  from: {named: [入监日], form: date}
  to: {named: [刑满日], form: date, optional: yes, last_day: yes}
ignore: [联系人]
records:
  - kind: imprisoned
    record_key: "{record_key}"
    id_no: "{id_no}"
    name: "{name}"
    from: "{from}"
    to: "{to}"
`)
  })
  it('says what is lacking', () => {
    const e = editorOf({ columns: columns([['a', 'from', 'date'], ['b', 'from', 'date'], ['c', 'value', 'code']]), rows: [] }, null)
    expect(lacking(e).map((l) => l.what)).toEqual(['name', 'title', 'department', 'twice', 'codes', 'kind', 'key', 'person'])
  })
  it('takes the kind from a column', () => {
    const e = filled()
    const rows = e.rows.map((r) => (r.header === '备注' ? { ...choose(r, 'kind', e.mapping), codes: [['死', 'dead'], ['', '']] as [string, string][] } : r.sensitive ? { ...r, use: 'ignore' } : r))
    const m = mappingOf({ ...e, rows, kind: 'kind' }, false)
    expect(lacking({ ...e, rows, kind: 'kind' })).toEqual([])
    expect(m.records[0]!.kind).toBe('{kind_of}')
    expect(m.columns.find((c) => c.name === 'kind_of')).toMatchObject({ named: ['备注'], form: 'code', codes: [['死', 'dead']] })
  })

  const prison = readMapping(readFileSync(new URL('prison-admissions.yaml', folder), 'utf8'))
  const sent = (headers: [string, boolean?][]): Suggestion => ({ rows: [], columns: columns(headers.map(([h, sensitive]) => [h, null, 'text', sensitive])) })
  it('knows the columns of a source that is there', () => {
    const e = editorOf(sent([['罪犯编号'], ['身份证号'], ['姓名'], ['入监日期'], ['刑期'], ['刑期止日'], ['状态'], ['序号']]), prison)
    expect(e.fixed).toBe(false)
    expect(e.rows.map((r) => r.use)).toEqual(['record_key', 'id_no', 'name', 'from', 'value', 'to', 'col:status', 'ignore'])
    expect(lacking(e)).toEqual([])
    expect(mappingOf(e, true)).toEqual(prison) // nothing was changed, so nothing changes
  })
  it('lets a person say what is new in the file of a source that is there', () => {
    const file: Suggestion = { rows: [], columns: columns([['罪犯编号', 'record_key'], ['收押日', 'from', 'date'], ['备注', 'note']]) }
    expect(editorOf(file, prison, true).rows.map((r) => r.use)).toEqual(['record_key', '', ''])
    expect(editorOf(file, null).rows.map((r) => r.use)).toEqual(['record_key', 'from', 'note'])
  })
  it('learns the name of a renamed column, and nothing else', () => {
    const e = editorOf(sent([['罪犯编号'], ['身份证号'], ['姓名'], ['收押日'], ['刑期'], ['联系人', true]]), prison)
    expect(absent(e).map((c) => c.name)).toEqual(['admitted', 'release', 'status'])
    expect(lacking(e, true)).toContainEqual({ what: 'absent', columns: ['入监日期'] })
    expect(lacking(spare(e, 'admitted'), true).map((l) => l.what)).not.toContain('absent')
    expect(mappingOf(spare(e, 'admitted'), true).columns.find((c) => c.name === 'admitted')!.optional).toBe(true)
    const done = rename(e, 'admitted', '收押日')
    expect(lacking(done)).toEqual([{ what: 'undecided', columns: ['联系人'] }])
    const decided = { ...done, rows: done.rows.map((r) => (r.sensitive ? { ...r, use: 'ignore' } : r)) }
    const m = mappingOf(decided, true)
    expect(m).toEqual({
      ...prison, ignore: [...prison.ignore, '联系人'],
      columns: prison.columns.map((c) => (c.name === 'admitted' ? { ...c, named: ['收押日', ...c.named] } : c)),
    })
    expect(readMapping(printMapping(m))).toEqual(m)
  })
  it('changes only names where a row makes several records', () => {
    const marriages = readMapping(readFileSync(new URL('marriages.yaml', folder), 'utf8'))
    const e = editorOf(sent([['结婚证字号'], ['男方证件'], ['女方身份证号'], ['登记日期'], ['电话', true]]), marriages)
    expect(e.fixed).toBe(true)
    expect(e.rows.map((r) => r.use)).toEqual(['col:key', '', 'col:wife_id', 'col:registered', ''])
    const done = rename({ ...e, rows: e.rows.map((r) => (r.sensitive ? { ...r, use: 'ignore' } : r)) }, 'husband_id', '男方证件')
    expect(lacking(done, true)).toEqual([])
    expect(mappingOf(done, true)).toEqual({
      ...marriages, ignore: [...marriages.ignore, '电话'],
      columns: marriages.columns.map((c) => (c.name === 'husband_id' ? { ...c, named: ['男方证件', ...c.named] } : c)),
    })
  })
  it('takes a column out that is not wanted any more', () => {
    const e = editorOf(sent([['罪犯编号'], ['身份证号'], ['姓名'], ['入监日期'], ['刑期'], ['刑期止日']]), prison)
    const rows = e.rows.map((r) => (r.header === '刑期止日' ? choose(r, 'ignore', e.mapping) : r))
    const m = mappingOf({ ...e, rows }, true)
    expect(m.ignore).toContain('刑期止日')
    expect(m.columns.find((c) => c.name === 'release')!.named).toEqual(['刑满日期', 'xqzr'])
    expect(m.records[0]!.cells.find(([cell]) => cell === 'to')).toEqual(['to', '{release}'])
  })
  it('reads what was suggested as text', () => {
    const text = printMapping({ ...prison, feed: 'new-feed' })
    const e = editorOf({ ...sent([['罪犯编号'], ['身份证号'], ['姓名'], ['入监日期'], ['刑期']]), mapping: text }, readMapping(text))
    expect(mappingOf(e, false).columns.map((c) => c.name)).toEqual(['key', 'id_no', 'name', 'admitted', 'sentence'])
    expect(mappingOf(e, false).records[0]!.cells.map(([c]) => c)).toEqual(['record_key', 'id_no', 'name', 'from', 'value', 'revision'])
    expect(mappingOf(e, false).records[0]!.conditions).toEqual([])
  })
})
