// A mapping as an object: read from its text, written as text in the order of docs/feeds.md.
import { parseYaml, type Yaml, yamlList, yamlMap, type YamlMap, yamlWord, YamlFault } from './yaml'

export const FORMS = ['text', 'id_number', 'date', 'month', 'term', 'code', 'number', 'division', 'icd', 'moment'] as const
export type Form = (typeof FORMS)[number]

export interface Column {
  name: string
  named: string[]
  form: Form
  optional: boolean
  lastDay: boolean
  unit: string // '' or day, month, year
  codes: [string, string][]
  otherwise: string | null // null: what no code says is refused
}

/** Of a record beside its templates: when it is made, or is withdrawn; a value, or several. */
export type Condition = { word: 'when' | 'unless' | 'withdrawn'; of: [string, string[]][] }

export interface Template {
  kind: string
  cells: [string, string][] // "from": "{admitted}"
  conditions: Condition[]
}

export interface Mapping {
  feed: string
  zh: string
  en: string
  department: string
  interval: string // '': none is expected
  grace: string
  sheet: string
  empty: string[] // what stands where nothing does
  columns: Column[]
  ignore: string[]
  records: Template[]
  exchange: { table: string; cursor: string[] } | null
}

const CELLS = ['record_key', 'id_no', 'name', 'birth_date', 'division', 'from', 'to', 'value', 'note', 'revision'] as const
const CONDITIONS = ['when', 'unless', 'withdrawn'] as const

export const emptyMapping = (): Mapping => ({
  feed: '', zh: '', en: '', department: '', interval: '', grace: '', sheet: '', empty: [], columns: [], ignore: [], records: [], exchange: null,
})

const fault = (): never => {
  throw new YamlFault(0)
}
const word = (value: Yaml | undefined): string => (value === undefined ? '' : typeof value === 'string' ? value : fault())
const words = (value: Yaml | undefined): string[] => (value === undefined ? [] : typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(word) : fault())
const mapOf = (value: Yaml | undefined): YamlMap => (value === undefined || value === '' ? new Map() : value instanceof Map ? value : fault())
const yes = (value: Yaml | undefined): boolean => /^(?:yes|true|on)$/i.test(word(value))

function known(map: YamlMap, keys: readonly string[]): void {
  for (const key of map.keys()) if (!keys.includes(key)) fault()
}

function readColumn(name: string, map: YamlMap): Column {
  known(map, ['named', 'form', 'optional', 'last_day', 'unit', 'codes', 'otherwise'])
  const form = word(map.get('form')) || 'text'
  if (!(FORMS as readonly string[]).includes(form)) fault()
  return {
    name, named: words(map.get('named')), form: form as Form, optional: yes(map.get('optional')), lastDay: yes(map.get('last_day')), unit: word(map.get('unit')),
    codes: [...mapOf(map.get('codes'))].map(([from, to]) => [from, word(to)]), otherwise: map.has('otherwise') ? word(map.get('otherwise')) : null,
  }
}

function readRecord(map: YamlMap): Template {
  known(map, ['kind', ...CELLS, ...CONDITIONS])
  return {
    kind: word(map.get('kind')),
    cells: CELLS.filter((c) => map.has(c)).map((c) => [c, word(map.get(c))]),
    conditions: CONDITIONS.filter((c) => map.has(c)).map((c) => ({ word: c, of: [...mapOf(map.get(c))].map(([column, value]) => [column, words(value)]) })),
  }
}

/** Throws YamlFault for what this page cannot show as a form; the server may well understand it. */
export function readMapping(text: string): Mapping {
  const map = parseYaml(text)
  known(map, ['feed', 'title', 'department', 'interval', 'grace', 'sheet', 'empty', 'columns', 'ignore', 'records', 'exchange'])
  const title = map.get('title')
  const [zh, en] = title instanceof Map ? [word(title.get('zh')), word(title.get('en'))] : [word(title), '']
  const exchange = mapOf(map.get('exchange'))
  const records = map.get('records')
  return {
    feed: word(map.get('feed')), zh, en, department: word(map.get('department')), interval: word(map.get('interval')), grace: word(map.get('grace')),
    sheet: word(map.get('sheet')), empty: words(map.get('empty')),
    columns: [...mapOf(map.get('columns'))].map(([name, c]) => readColumn(name, mapOf(c))), ignore: words(map.get('ignore')),
    records: records === undefined || records === '' ? [] : Array.isArray(records) ? records.map((r) => readRecord(mapOf(r))) : fault(),
    exchange: exchange.size ? { table: word(exchange.get('table')), cursor: words(exchange.get('cursor')) } : null,
  }
}

function columnText(c: Column): string {
  const parts = [`named: ${yamlList(c.named)}`]
  if (c.form !== 'text') parts.push(`form: ${c.form}`)
  if (c.unit) parts.push(`unit: ${c.unit}`)
  if (c.codes.length) parts.push(`codes: ${yamlMap(c.codes)}`)
  if (c.otherwise !== null) parts.push(`otherwise: ${yamlWord(c.otherwise)}`)
  if (c.optional) parts.push('optional: yes')
  if (c.lastDay) parts.push('last_day: yes')
  return `  ${c.name}: {${parts.join(', ')}}`
}

/** A template is always quoted: it begins with a brace. */
const template = (text: string): string => (text.includes('{') ? JSON.stringify(text) : yamlWord(text))
const condition = (values: string[]): string => (values.length === 1 ? yamlWord(values[0]!) : yamlList(values))

function recordText(r: Template): string {
  const lines = [`kind: ${template(r.kind)}`, ...r.cells.map(([cell, text]) => `${cell}: ${template(text)}`)]
  for (const c of r.conditions) lines.push(`${c.word}: {${c.of.map(([column, values]) => `${column}: ${condition(values)}`).join(', ')}}`)
  return `  - ${lines.join('\n    ')}`
}

export function printMapping(m: Mapping): string {
  const lines = [
    `feed: ${yamlWord(m.feed)}`,
    `title: ${yamlMap([...(m.zh ? [['zh', m.zh] as const] : []), ...(m.en ? [['en', m.en] as const] : [])])}`,
    `department: ${yamlWord(m.department)}`,
  ]
  if (m.interval) lines.push(`interval: ${m.interval}`)
  if (m.grace) lines.push(`grace: ${m.grace}`)
  if (m.sheet) lines.push(`sheet: ${yamlWord(m.sheet)}`)
  if (m.empty.length) lines.push(`empty: ${yamlList(m.empty)}`)
  lines.push('columns:', ...m.columns.map(columnText))
  if (m.ignore.length) lines.push(`ignore: ${yamlList(m.ignore)}`)
  lines.push('records:', ...m.records.map(recordText))
  if (m.exchange) lines.push(`exchange: {table: ${yamlWord(m.exchange.table)}, cursor: ${yamlList(m.exchange.cursor)}}`)
  return `${lines.join('\n')}\n`
}

/** Names of columns are compared without width, case, blanks, asterisks and what cannot be seen (src/intake/feed.h). */
export const plainName = (name: string): string => name.normalize('NFKC').replace(/[\s*\u200b-\u200f\ufeff]/g, '').toLowerCase()
