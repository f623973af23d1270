// CSV as RFC 4180 has it, read whole: commas, quotes doubled inside quotes, LF or CRLF. Each row keeps the number of
// the line on which it began, so that a refusal can name it.

export interface CsvRow {
  line: number
  cells: string[]
}

export interface CsvFault {
  line: number
  fault: 'quote_open' | 'quote_inside' | 'nul'
}

export interface CsvText {
  rows: CsvRow[]
  faults: CsvFault[]
}

export function parseCsv(text: string): CsvText {
  const rows: CsvRow[] = []
  const faults: CsvFault[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  let row: CsvRow = { line, cells: [] }
  let cell = ''

  const endCell = () => {
    row.cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
  }

  while (at < text.length) {
    const c = text[at]!
    if (c === '"' && cell === '') {
      const end = quoted(text, at + 1)
      if (end < 0) {
        faults.push({ line: row.line, fault: 'quote_open' })
        return { rows, faults }
      }
      const inside = text.slice(at + 1, end)
      line += count(inside, '\n')
      cell = inside.replaceAll('""', '"')
      at = end + 1
      if (at < text.length && !',\r\n'.includes(text[at]!)) {
        faults.push({ line: row.line, fault: 'quote_inside' })
        while (at < text.length && !',\r\n'.includes(text[at]!)) cell += text[at++]
      }
    } else if (c === ',') {
      endCell()
      at++
    } else if (c === '\n' || c === '\r') {
      endRow()
      at += c === '\r' && text[at + 1] === '\n' ? 2 : 1
      row = { line: ++line, cells: [] }
    } else {
      if (c === '\0') faults.push({ line: row.line, fault: 'nul' })
      cell += c
      at++
    }
  }
  if (cell !== '' || row.cells.length > 0) endRow()
  return { rows, faults }
}

/** Where the quoted cell that begins at `from` ends; -1: nowhere. */
function quoted(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function count(text: string, what: string): number {
  let n = 0
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) n++
  return n
}

/** The text of a file: UTF-8 if it is that, else GB 18030, which Chinese spreadsheets write. */
export function decoded(bytes: Uint8Array): { text: string; encoding: 'utf-8' | 'gb18030' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'gb18030' }
  }
}

export function csvLine(cells: string[]): string {
  return cells.map((c) => (/[",\r\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',') + '\n'
}
