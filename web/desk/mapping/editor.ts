// The mapping assistant's state: for each column of the file what it is, from what was suggested or from the mapping that
// its source has; and the mapping that follows from what was chosen.
import type { Schemas } from '@ui/api'
import { type Column, emptyMapping, type Form, type Mapping, plainName, type Template } from './mapping'

export type Suggestion = Schemas['suggestion']

export const USES = ['record_key', 'id_no', 'name', 'birth_date', 'division', 'from', 'to', 'value', 'other_party', 'note', 'revision', 'kind', 'state'] as const
export type Use = (typeof USES)[number]

/** How the text of a column of this use is read unless somebody says otherwise. */
const FORM_OF: Partial<Record<Use, Form>> = { id_no: 'id_number', birth_date: 'date', division: 'division', from: 'date', to: 'date', other_party: 'id_number', kind: 'code', state: 'code' }

/** What a code of a column of states becomes where the row is withdrawn; anything else stands. */
export const VOID = 'void'
export const VALID = 'valid'

export interface Row {
  header: string
  /** '' not decided; 'ignore'; a use; or `col:NAME`, a column of the mapping that stands in several places of it. */
  use: string
  form: Form
  lastDay: boolean
  optional: boolean
  unit: string
  codes: [string, string][]
  otherwise: string | null
  sensitive: boolean
  samples: string[]
}

export interface Editor {
  mapping: Mapping // as it was; rows and the fields below stand before it
  fixed: boolean // its records are more than one can choose by uses: only names of columns change
  feed: string
  zh: string
  en: string
  department: string
  interval: string
  grace: string
  kind: string // 'kind': a column says it
  rows: Row[]
}

const whole = (name: string) => `{${name}}`

/** The use of a column in a mapping of one record; undefined: it stands in several places, or in a condition. */
function useOf(mapping: Mapping, name: string): Use | undefined {
  const [record] = mapping.records
  if (!record) return undefined
  if (record.conditions.some((c) => c.of.some(([column]) => column === name))) return undefined
  if (record.kind === whole(name)) return 'kind'
  const cells = record.cells.filter(([, text]) => text.includes(whole(name)))
  if (cells.length !== 1 || cells[0]![1] !== whole(name)) return undefined
  return cells[0]![0] as Use
}

/** One record, whose cells are columns as they are, or fixed words. */
export function isSimple(mapping: Mapping): boolean {
  if (mapping.records.length > 1) return false
  return mapping.records.every((r) => [r.kind, ...r.cells.map(([, text]) => text)].every((text) => /^(?:\{[^{}]*\}|[^{}]*)$/.test(text)))
}

const columnNamed = (mapping: Mapping, header: string): Column | undefined =>
  mapping.columns.find((c) => c.named.some((name) => plainName(name) === plainName(header)))

function rowOf(mapping: Mapping, how: { fixed: boolean; known: boolean }, s: Schemas['suggestion_column'], samples: string[]): Row {
  const header = s.header ?? ''
  const column = columnNamed(mapping, header)
  const ignored = mapping.ignore.some((name) => plainName(name) === plainName(header))
  const suggested = s.use === 'other_name' ? 'ignore' : (s.use ?? '') // no record has a place for it
  const use = column
    ? ((!how.fixed && useOf(mapping, column.name)) || `col:${column.name}`)
    : ignored ? 'ignore' : how.fixed || how.known || (suggested === 'ignore' && s.sensitive) ? '' : suggested
  const values = (s.values ?? []).map((v): [string, string] => [v.from ?? '', v.to ?? ''])
  return {
    header, use, samples, sensitive: (s.sensitive ?? false) && !column && !ignored,
    form: column?.form ?? ((s.form ?? 'text') as Form), lastDay: column?.lastDay ?? false, optional: column?.optional ?? false, unit: column?.unit ?? '',
    codes: column?.codes.map(([a, b]) => [a, b]) ?? values, otherwise: column?.otherwise ?? null,
  }
}

/** `base`: the mapping that the delivery's source has (`known`: what is new in the file is for a person to say), or what
 *  was suggested; null: neither can be shown as a form. */
export function editorOf(s: Suggestion, base: Mapping | null, known = false): Editor {
  const mapping = base ?? emptyMapping()
  const fixed = !isSimple(mapping)
  const kind = mapping.records[0]?.kind ?? s.kind ?? ''
  return {
    mapping, fixed, feed: mapping.feed, zh: mapping.zh, en: mapping.en, department: mapping.department, interval: mapping.interval, grace: mapping.grace,
    kind: kind.startsWith('{') ? 'kind' : kind,
    rows: (s.columns ?? []).map((c, n) => rowOf(mapping, { fixed, known }, c, [...new Set((s.rows ?? []).map((r) => r[n] ?? '').filter((x) => x !== ''))].slice(0, 4))),
  }
}

/** Columns of the mapping of which the file has none: of a source that is there already they stay. */
export function absent(e: Editor): Column[] {
  return e.mapping.columns.filter((c) => !e.rows.some((r) => nameOf(e, r) === c.name))
}

/** What a column is called in the mapping; undefined: it is not taken. */
function nameOf(e: Editor, r: Row): string | undefined {
  if (r.use === '' || r.use === 'ignore') return undefined
  if (r.use.startsWith('col:')) return r.use.slice(4)
  return e.mapping.columns.find((c) => !e.fixed && useOf(e.mapping, c.name) === r.use)?.name ?? ({ kind: 'kind_of', state: 'status' }[r.use] ?? r.use)
}

/** A use was chosen: how its text is read follows, unless somebody has said already. */
export function choose(r: Row, use: string, mapping: Mapping): Row {
  if (use.startsWith('col:')) {
    const column = mapping.columns.find((c) => c.name === use.slice(4))
    if (column) return { ...r, use, form: column.form, lastDay: column.lastDay, optional: column.optional, unit: column.unit, codes: column.codes.map(([a, b]) => [a, b]), otherwise: column.otherwise }
  }
  const form = FORM_OF[use as Use]
  return { ...r, use, ...(form ? { form } : {}), ...(use === 'state' ? { otherwise: r.otherwise ?? VALID } : {}), lastDay: use === 'to' ? r.lastDay : false }
}

function columnOf(e: Editor, r: Row, name: string): Column {
  const before = e.mapping.columns.find((c) => c.name === name)
  const named = before?.named.some((n) => plainName(n) === plainName(r.header)) ? before.named : [r.header, ...(before?.named ?? [])]
  return {
    name, named, form: r.form, optional: r.optional, lastDay: r.form === 'date' && r.lastDay, unit: r.form === 'term' ? r.unit : '',
    codes: r.form === 'code' ? r.codes.filter(([from]) => from !== '') : [], otherwise: r.form === 'code' ? r.otherwise : null,
  }
}

/** The record that the uses make; conditions and fixed words of the mapping stay. */
function recordOf(e: Editor, columns: readonly Column[]): Template {
  const before = e.mapping.records[0]
  const there = (text: string) => !text.startsWith('{') || columns.some((c) => text === whole(c.name))
  const chosen = new Map<string, string>()
  for (const r of e.rows) {
    const name = nameOf(e, r)
    if (!name || r.use.startsWith('col:') || r.use === 'kind' || r.use === 'state') continue
    chosen.set(r.use === 'other_party' ? 'value' : r.use, whole(name))
  }
  // What has another use now, or none, no longer fills the cell it filled.
  const kept = (before?.cells ?? []).filter(([cell, text]) => {
    if (!there(text) || chosen.has(cell)) return false
    const row = e.rows.find((r) => whole(nameOf(e, r) ?? '') === text)
    return !row || row.use.startsWith('col:')
  })
  const order = ['record_key', 'id_no', 'name', 'birth_date', 'division', 'from', 'to', 'value', 'note', 'revision']
  const kindRow = e.rows.find((r) => r.use === 'kind')
  const state = e.rows.find((r) => r.use === 'state')
  const conditions = (before?.conditions ?? []).filter((c) => c.of.every(([column]) => columns.some((x) => x.name === column)))
  return {
    kind: e.kind === 'kind' && kindRow ? whole(nameOf(e, kindRow)!) : e.kind,
    cells: [...kept, ...chosen].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])) as [string, string][],
    conditions: state ? [...conditions.filter((c) => c.word !== 'withdrawn'), { word: 'withdrawn', of: [[nameOf(e, state)!, [VOID]]] }] : conditions,
  }
}

/** The mapping that follows. `known`: its source is there already, and what the file lacks stays in it. */
export function mappingOf(e: Editor, known: boolean): Mapping {
  const columns: Column[] = []
  for (const r of e.rows) {
    const name = nameOf(e, r)
    if (name && !columns.some((c) => c.name === name)) columns.push(columnOf(e, r, name))
  }
  const order = (c: Column) => {
    const n = e.mapping.columns.findIndex((x) => x.name === c.name)
    return n < 0 ? e.mapping.columns.length : n
  }
  const all = [...columns, ...(known || e.fixed ? absent(e) : [])].sort((a, b) => order(a) - order(b))
  const taken = e.rows.filter((r) => nameOf(e, r)).map((r) => plainName(r.header))
  const ignore = [...e.mapping.ignore.filter((name) => !taken.includes(plainName(name)))]
  for (const r of e.rows) if (r.use === 'ignore' && r.header && !ignore.some((n) => plainName(n) === plainName(r.header))) ignore.push(r.header)
  // A column that is not taken any more is not known by that name either.
  const dropped = e.rows.filter((r) => r.use === 'ignore' || r.use === '').map((r) => plainName(r.header))
  const named = all.map((c) => ({ ...c, named: c.named.filter((n) => !dropped.includes(plainName(n))) })).filter((c) => c.named.length > 0)
  return {
    ...e.mapping, feed: e.feed, zh: e.zh, en: e.en.trim() || e.feed, department: e.department, interval: e.interval, grace: e.interval ? e.grace : '',
    columns: named, ignore, records: e.fixed ? e.mapping.records : [recordOf(e, named)],
  }
}

export type Lack =
  | { what: 'name' | 'title' | 'department' | 'kind' | 'key' | 'person' }
  | { what: 'twice'; use: string; columns: string[] }
  | { what: 'undecided' | 'absent'; columns: string[] }
  | { what: 'codes'; column: string }

/** What has to be said before one may go on. Of a source that is there already (`known`) a column that the file lacks was
 *  renamed, or may be missing from now on: as it stands the delivery would be held again. */
export function lacking(e: Editor, known = false): Lack[] {
  const lacks: Lack[] = []
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(e.feed)) lacks.push({ what: 'name' })
  if (e.zh.trim() === '') lacks.push({ what: 'title' })
  if (e.department === '') lacks.push({ what: 'department' })
  const undecided = e.rows.filter((r) => r.sensitive && r.use === '').map((r) => r.header)
  if (undecided.length) lacks.push({ what: 'undecided', columns: undecided })
  const gone = known || e.fixed ? absent(e).filter((c) => !c.optional).map((c) => c.named[0] ?? c.name) : []
  if (gone.length) lacks.push({ what: 'absent', columns: gone })
  for (const use of new Set(e.rows.map((r) => r.use))) {
    const columns = e.rows.filter((r) => r.use === use).map((r) => r.header)
    if (use !== '' && use !== 'ignore' && columns.length > 1) lacks.push({ what: 'twice', use, columns })
  }
  for (const r of e.rows) if (r.use !== '' && r.use !== 'ignore' && r.form === 'code' && !r.codes.some(([from]) => from !== '')) lacks.push({ what: 'codes', column: r.header })
  if (e.fixed) return lacks
  const { records } = mappingOf(e, true)
  const has = (cell: string) => records[0]!.cells.some(([c]) => c === cell)
  if (e.kind === '' || (e.kind === 'kind' && !e.rows.some((r) => r.use === 'kind'))) lacks.push({ what: 'kind' })
  if (!has('record_key')) lacks.push({ what: 'key' })
  if (!has('id_no') && !has('name')) lacks.push({ what: 'person' })
  return lacks
}

/** A column that may be missing from now on. */
export function spare(e: Editor, column: string): Editor {
  return { ...e, mapping: { ...e.mapping, columns: e.mapping.columns.map((c) => (c.name === column ? { ...c, optional: true } : c)) } }
}

/** A column that was renamed: the header takes its place; none: it stays absent. */
export function rename(e: Editor, column: string, header: string): Editor {
  const use = (!e.fixed && useOf(e.mapping, column)) || `col:${column}`
  return { ...e, rows: e.rows.map((r) => (r.header === header ? choose({ ...r, sensitive: false }, `col:${column}`, e.mapping) : r.use === use || r.use === `col:${column}` ? { ...r, use: '' } : r))
    .map((r) => (r.header === header ? { ...r, use } : r)) }
}
