// A file of records as a department hands it in: its header, its rows, and what can be said of them before they go.
import { parseCsv, type CsvFault } from './csv'

export interface PushedRecord {
  record_key: string
  kind: string
  id_no?: string
  name?: string
  birth_date?: string
  division?: string
  from?: string
  to?: string
  value?: string
  note?: string
  revision?: string
}

export interface FileRecord {
  line: number
  record: PushedRecord
}

export type RowFault = 'no_key' | 'no_kind' | 'other_department' | 'too_long' | 'too_many_cells'

export interface FileRefusal {
  line: number
  fault: RowFault
  column?: string
}

export interface RecordFile {
  records: FileRecord[]
  refused: FileRefusal[]
  faults: CsvFault[]
  /** Columns that are needed and are not there: nothing of the file can be sent. */
  missing: string[]
  /** Columns that mean nothing to us and are left out. */
  unknown: string[]
}

const COLUMNS = ['record_key', 'kind', 'id_no', 'name', 'birth_date', 'division', 'from', 'to', 'value', 'note', 'revision'] as const

/** What the columns are called in a Chinese table. */
const CHINESE: Record<string, string> = {
  记录编号: 'record_key', 部门: 'department', 类别: 'kind', 身份证号: 'id_no', 公民身份号码: 'id_no', 姓名: 'name',
  出生日期: 'birth_date', 区划代码: 'division', 起始日期: 'from', 终止日期: 'to', 值: 'value', 备注: 'note', 版本: 'revision',
}

const MOST: Partial<Record<(typeof COLUMNS)[number], number>> = {
  record_key: 100, kind: 40, id_no: 18, name: 100, birth_date: 10, division: 12, from: 10, to: 10, value: 100, note: 1000, revision: 40,
}

export const TEMPLATE = 'record_key,kind,id_no,name,birth_date,division,from,to,value,note\n'

export function readRecords(text: string, department: string): RecordFile {
  const csv = parseCsv(text)
  const file: RecordFile = { records: [], refused: [], faults: csv.faults, missing: [], unknown: [] }
  const header = (csv.rows[0]?.cells ?? []).map((c) => CHINESE[c.trim()] ?? c.trim())
  file.missing = ['record_key', 'kind'].filter((c) => !header.includes(c))
  file.unknown = header.filter((c) => c !== '' && c !== 'department' && !(COLUMNS as readonly string[]).includes(c))
  if (file.missing.length) return file
  for (const row of csv.rows.slice(1)) {
    const cell = (name: string) => (header.includes(name) ? (row.cells[header.indexOf(name)] ?? '').trim() : '')
    const refusal = refusalOf(row.cells, header, cell, department)
    if (refusal) {
      file.refused.push({ line: row.line, ...refusal })
      continue
    }
    const record: PushedRecord = { record_key: cell('record_key'), kind: cell('kind') }
    for (const c of COLUMNS.slice(2)) if (cell(c) !== '') (record as unknown as Record<string, string>)[c] = cell(c)
    file.records.push({ line: row.line, record })
  }
  return file
}

function refusalOf(cells: string[], header: string[], cell: (name: string) => string, department: string): { fault: RowFault; column?: string } | undefined {
  if (cells.length > header.length) return { fault: 'too_many_cells' }
  if (!cell('record_key')) return { fault: 'no_key', column: 'record_key' }
  if (!/^[a-z_]{1,40}$/.test(cell('kind'))) return { fault: 'no_kind', column: 'kind' }
  if (cell('department') && cell('department') !== department) return { fault: 'other_department', column: 'department' }
  const long = COLUMNS.find((c) => [...cell(c)].length > (MOST[c] ?? 100))
  return long ? { fault: 'too_long', column: long } : undefined
}
