// As much of YAML as mappings are written in (docs/feeds.md): maps and lists by indent or in brackets, plain and quoted
// words, comments. Every word is text. What is written otherwise is refused, and can then only be edited as text.

export type Yaml = string | Yaml[] | YamlMap
export type YamlMap = Map<string, Yaml>

export class YamlFault extends Error {
  constructor(readonly line: number) {
    super(`line ${line}`)
  }
}

interface Line {
  number: number // from 1
  indent: number
  text: string
}

/** Where a comment begins: a `#` behind a blank, outside of quotes. */
function withoutComment(text: string): string {
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote) {
      if (c === '\\' && quote === '"') i++
      else if (c === quote) quote = ''
    } else if ((c === '"' || c === "'") && (i === 0 || ' [{,:'.includes(text[i - 1]!))) quote = c
    else if (c === '#' && (i === 0 || text[i - 1] === ' ')) return text.slice(0, i)
  }
  return text
}

/** Brackets that are open at the end of a text. */
function open(text: string): number {
  let depth = 0
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote) {
      if (c === '\\' && quote === '"') i++
      else if (c === quote) quote = ''
    } else if ((c === '"' || c === "'") && (i === 0 || ' [{,:'.includes(text[i - 1]!))) quote = c
    else if (c === '[' || c === '{') depth++
    else if (c === ']' || c === '}') depth--
  }
  return depth
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let number = 0
  for (const raw of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    number++
    const bare = withoutComment(raw).trimEnd()
    if (bare === '' || (bare === '---' && lines.length === 0)) continue
    if (bare.includes('\t')) throw new YamlFault(number)
    const last = lines[lines.length - 1]
    if (last && open(last.text) > 0) last.text += ` ${bare.trim()}` // a bracket goes on
    else lines.push({ number, indent: bare.length - bare.trimStart().length, text: bare.trimStart() })
  }
  return lines
}

class Flow {
  private at = 0
  constructor(private readonly text: string, private readonly line: number) {}

  whole(): Yaml {
    const value = this.value('')
    this.blanks()
    if (this.at < this.text.length) throw new YamlFault(this.line)
    return value
  }
  private blanks(): void {
    while (this.text[this.at] === ' ') this.at++
  }
  private value(ends: string): Yaml {
    this.blanks()
    const c = this.text[this.at]
    if (c === '[') return this.list()
    if (c === '{') return this.map()
    return this.word(ends)
  }
  private list(): Yaml[] {
    const items: Yaml[] = []
    this.at++
    for (;;) {
      this.blanks()
      if (this.text[this.at] === ']') break
      items.push(this.value(',]'))
      this.blanks()
      if (this.text[this.at] === ',') this.at++
      else if (this.text[this.at] !== ']') throw new YamlFault(this.line)
    }
    this.at++
    return items
  }
  private map(): YamlMap {
    const map: YamlMap = new Map()
    this.at++
    for (;;) {
      this.blanks()
      if (this.text[this.at] === '}') break
      const key = this.word(':,}')
      this.blanks()
      if (this.text[this.at] !== ':') throw new YamlFault(this.line)
      this.at++
      if (map.has(key)) throw new YamlFault(this.line)
      map.set(key, this.value(',}'))
      this.blanks()
      if (this.text[this.at] === ',') this.at++
      else if (this.text[this.at] !== '}') throw new YamlFault(this.line)
    }
    this.at++
    return map
  }
  private word(ends: string): string {
    this.blanks()
    const c = this.text[this.at]
    if (c === '"' || c === "'") return this.quoted(c)
    if (c !== undefined && '|>&*!%@`'.includes(c)) throw new YamlFault(this.line)
    let to = this.at
    while (to < this.text.length && !ends.includes(this.text[to]!)) to++
    if (ends.includes(':')) {
      // A colon ends a key only before a blank, as in `12:30`.
      while (this.text[to] === ':' && this.text[to + 1] !== undefined && !' ,}'.includes(this.text[to + 1]!)) {
        to++
        while (to < this.text.length && !ends.includes(this.text[to]!)) to++
      }
    }
    const word = this.text.slice(this.at, to).trim()
    this.at = to
    return word
  }
  private quoted(quote: string): string {
    let to = this.at + 1
    let word = ''
    for (; to < this.text.length; to++) {
      const c = this.text[to]!
      if (quote === '"' && c === '\\') {
        const escape = /^\\(?:(["\\/])|([ntr])|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(this.text.slice(to))
        if (!escape) throw new YamlFault(this.line)
        word += escape[1] ?? (escape[2] ? { n: '\n', t: '\t', r: '\r' }[escape[2]] : String.fromCharCode(parseInt(escape[3] ?? escape[4]!, 16)))
        to += escape[0].length - 1
      } else if (c === quote && quote === "'" && this.text[to + 1] === "'") {
        word += c
        to++
      } else if (c === quote) break
      else word += c
    }
    if (to >= this.text.length) throw new YamlFault(this.line)
    this.at = to + 1
    return word
  }
}

const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'[\]{},#&*!|>%@`-][^:#]*?|[^\s"'[\]{},#&*!|>%@`](?:[^:#]|:(?=\S))*?)\s*:(?:\s+(.*))?$/

function block(lines: Line[], from: number, indent: number): { value: Yaml; next: number } {
  const first = lines[from]!
  if (first.text.startsWith('- ') || first.text === '-') return list(lines, from, indent)
  return map(lines, from, indent)
}

function map(lines: Line[], from: number, indent: number): { value: Yaml; next: number } {
  const value: YamlMap = new Map()
  let at = from
  while (at < lines.length && lines[at]!.indent === indent) {
    const line = lines[at]!
    const parts = KEY.exec(line.text)
    if (!parts || line.text.startsWith('- ')) throw new YamlFault(line.number)
    const key = new Flow(parts[1]!, line.number).whole() as string
    if (value.has(key)) throw new YamlFault(line.number)
    at++
    const under = lines[at]
    if (parts[2] !== undefined && parts[2] !== '') value.set(key, new Flow(parts[2], line.number).whole())
    else if (under && (under.indent > indent || (under.indent === indent && under.text.startsWith('- ')))) {
      const below = block(lines, at, under.indent)
      value.set(key, below.value)
      at = below.next
    } else value.set(key, '')
  }
  if (at < lines.length && lines[at]!.indent > indent) throw new YamlFault(lines[at]!.number)
  return { value, next: at }
}

function list(lines: Line[], from: number, indent: number): { value: Yaml; next: number } {
  const value: Yaml[] = []
  let at = from
  while (at < lines.length && lines[at]!.indent === indent && lines[at]!.text.startsWith('-')) {
    const line = lines[at]!
    const rest = line.text.slice(1)
    const inner = rest.trimStart()
    if (inner === '') throw new YamlFault(line.number)
    if (KEY.test(inner) && !/^["'[{]/.test(inner)) {
      // "- kind: x": a map whose first key stands behind the dash.
      const deep = indent + 1 + (rest.length - inner.length)
      lines[at] = { ...line, indent: deep, text: inner }
      const below = map(lines, at, deep)
      value.push(below.value)
      at = below.next
    } else {
      value.push(new Flow(inner, line.number).whole())
      at++
    }
  }
  return { value, next: at }
}

export function parseYaml(text: string): YamlMap {
  const lines = linesOf(text)
  if (lines.length === 0) return new Map()
  const { value, next } = block(lines, 0, lines[0]!.indent)
  if (next < lines.length) throw new YamlFault(lines[next]!.number)
  if (!(value instanceof Map)) throw new YamlFault(1)
  return value
}

const PLAIN = /^(?![-. ])(?:[\w.()/ -]|[^\x00-\xa0\u2028\u2029\ufeff])+(?<! )$/
const SAID = /^(?:y|n|yes|no|true|false|on|off|null|~)$/i

/** A word as it is written: plain where nobody could read it otherwise. */
export function yamlWord(text: string): string {
  if (PLAIN.test(text) && !SAID.test(text)) return text
  return JSON.stringify(text).replace(/[\x7f-\xa0\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export const yamlList = (items: readonly string[]): string => `[${items.map(yamlWord).join(', ')}]`
export const yamlMap = (pairs: readonly (readonly [string, string])[]): string => `{${pairs.map(([k, v]) => `${yamlWord(k)}: ${yamlWord(v)}`).join(', ')}}`
