// Where each bar of a timeline goes. Pure: days and widths in, rectangles out. Two forms of the same thing:
// `wide` puts people into rows with a name beside them and packs bars into lanes; `list`, for a narrow screen, gives
// every bar a line of its own with its words above it, to be read by scrolling.
import type { Day } from './days'
import type { Fact, Model, Stretch } from './model'
import { ticksOf, xOf, type Scale, type Tick } from './scale'

export interface Words {
  person(about: string): string
  fact(f: Fact): string
  dates(from: Day | undefined, to: Day | undefined, event: boolean): string
}

export interface Bar {
  key: string
  what: 'fact' | 'category'
  status?: 'holds' | 'review'
  event: boolean
  x: number
  y: number
  width: number
  height: number
  /** Of the bar, how many pixels lie in days that have come; the rest is only foreseen. */
  past: number
  /** It goes on beyond what is drawn, to that side. */
  openLeft: boolean
  openRight: boolean
  label: string
  /** In a list, a second line where the first would be too long. */
  more: string
  labelX: number
  labelY: number
  labelAt: 'inside' | 'beside' | 'above'
  anchor: 'start' | 'end'
  fact?: Fact
  stretch?: Stretch
}

export interface Row {
  key: string
  label: string
  y: number
  height: number
  bars: Bar[]
  what: 'fact' | 'category'
}

export interface Layout {
  form: 'wide' | 'list'
  width: number
  height: number
  scale: Scale
  ticks: Tick[]
  rows: Row[]
  /** Where facts end and categories begin. */
  split: number
  gutter: number
  today: number
}

export interface Frame {
  width: number
  form: 'wide' | 'list'
  /** The days drawn; the whole of the model unless one looks closer. */
  from?: Day
  to?: Day
}

const FONT = 13
const LANE = 24
const BAR = 18
const LINE = 44
const SECOND = 17
const LEAST = 4

/** About how wide a text is: a Chinese character is as wide as the type is high. */
export function textWidth(text: string, font = FONT): number {
  let em = 0
  for (const c of text) em += c.codePointAt(0)! > 0x2e7f ? 1 : c === ' ' ? 0.3 : /[A-Z0-9M-]/.test(c) ? 0.64 : 0.54
  return em * font
}

/** Shortened to fit, with an ellipsis. */
export function fitText(text: string, room: number, font = FONT): string {
  if (textWidth(text, font) <= room) return text
  const chars = [...text]
  while (chars.length > 1 && textWidth(chars.join('') + '…', font) > room) chars.pop()
  return chars.join('').trimEnd() + '…'
}

interface Piece {
  key: string
  what: 'fact' | 'category'
  from?: Day
  to?: Day
  event: boolean
  label: string
  dates: string
  fact?: Fact
  stretch?: Stretch
}

export function layoutOf(m: Model, frame: Frame, words: Words): Layout {
  const list = frame.form === 'list'
  const gutter = list ? 0 : gutterOf(m, words, frame.width)
  const pad = list ? 2 : 10
  const scale: Scale = {
    begin: frame.from ?? m.begin,
    end: frame.to ?? m.end,
    left: gutter + pad,
    right: frame.width - pad,
  }
  const rows: Row[] = []
  let y = 0
  const facts = group(m.facts, (f) => f.about)
  for (const [about, own] of facts) {
    const pieces = own.map((f): Piece => ({
      key: f.key, what: 'fact', from: f.from, to: f.to, event: f.event, fact: f, label: words.fact(f), dates: words.dates(f.from, f.to, f.event),
    }))
    y = addRow(rows, `p-${about}`, words.person(about), 'fact', pieces, scale, m.today, y, frame)
  }
  const split = y
  y += list ? 14 : 12
  for (const [category, own] of group(m.stretches, (s) => s.category)) {
    const pieces = own.map((s): Piece => ({
      key: s.key, what: 'category', from: s.from, to: s.to, event: false, stretch: s, label: words.dates(s.from, s.to, false), dates: '',
    }))
    y = addRow(rows, `c-${category}`, own[0]!.label, 'category', pieces, scale, m.today, y, frame)
  }
  return {
    form: frame.form,
    width: frame.width,
    height: Math.ceil(y + 8),
    scale,
    ticks: ticksOf(scale, list ? 52 : 64),
    rows,
    split,
    gutter,
    today: xOf(scale, m.today),
  }
}

function gutterOf(m: Model, words: Words, width: number): number {
  const labels = [...new Set(m.facts.map((f) => words.person(f.about))), ...new Set(m.stretches.map((s) => s.label))]
  const widest = Math.max(64, ...labels.map((l) => textWidth(l)))
  return Math.round(Math.min(widest + 20, width * 0.26))
}

function group<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const k = key(item)
    const own = groups.get(k)
    if (own) own.push(item)
    else groups.set(k, [item])
  }
  return groups
}

/** Appends a row; gives where the next one begins. A row none of whose bars lies in the window keeps its place. */
function addRow(rows: Row[], key: string, label: string, what: 'fact' | 'category', pieces: Piece[], s: Scale, today: Day, y: number, frame: Frame): number {
  const list = frame.form === 'list'
  const top = list ? y + 26 : y + 4
  const bars: Bar[] = []
  const lanes: number[] = []
  let next = top // of a list, where the next bar's words begin
  const gap = what === 'category' ? 0 : 6 // one stretch of a category begins where another ends
  for (const p of pieces) {
    const bar = barOf(p, s, today)
    if (!bar) continue
    if (list) {
      next += listed(bar, p, next, frame.width - 4)
    } else {
      const taken = labelled(bar, s, what === 'category')
      // A lane is free where the last bar and its words have ended.
      let lane = lanes.findIndex((end) => end + gap <= taken.left + 0.01)
      if (lane < 0) lane = lanes.push(0) - 1
      lanes[lane] = taken.right
      bar.y = top + lane * LANE
      bar.labelY = bar.y + bar.height / 2
    }
    bars.push(bar)
  }
  const height = list ? next - y : Math.max(1, lanes.length) * LANE + 8
  if (list && bars.length === 0) return y
  rows.push({ key, label, y, height, bars, what })
  return y + height
}

/** Words above the bar, with its dates; on a second line if one is too short. Gives the height of it all. */
function listed(bar: Bar, p: Piece, y: number, room: number): number {
  const whole = p.dates ? `${p.label} · ${p.dates}` : p.label
  const two = textWidth(whole) > room && p.dates !== ''
  bar.label = fitText(two ? p.label : whole, room)
  bar.more = two ? fitText(p.dates, room) : ''
  bar.y = y + 20 + (two ? SECOND : 0)
  bar.height = 12
  Object.assign(bar, { labelAt: 'above', labelX: 0, labelY: y + 14, anchor: 'start' })
  return LINE + (two ? SECOND : 0)
}

function barOf(p: Piece, s: Scale, today: Day): Bar | undefined {
  const from = p.from ?? -Infinity
  const to = p.event ? (p.from ?? s.begin) : (p.to ?? Infinity)
  if (p.event ? from < s.begin || from > s.end : to <= s.begin || from >= s.end) return undefined
  const x = xOf(s, Math.max(from, s.begin))
  const right = xOf(s, Math.min(to, s.end))
  const width = p.event ? 12 : Math.max(LEAST, right - x)
  return {
    key: p.key,
    what: p.what,
    status: p.stretch?.status,
    event: p.event,
    x: p.event ? x - 6 : x,
    y: 0,
    width,
    height: BAR,
    past: Math.min(width, Math.max(0, xOf(s, Math.min(s.end, Math.max(s.begin, today))) - x)),
    openLeft: !p.event && from < s.begin,
    openRight: !p.event && to > s.end,
    label: p.label,
    more: '',
    labelX: 0,
    labelY: 0,
    labelAt: 'inside',
    anchor: 'start',
    fact: p.fact,
    stretch: p.stretch,
  }
}

/** Puts the words inside the bar, or beside it where there is room; gives the pixels that both take. A category has
 * its name beside the row already, so its dates are only written where they fit. */
function labelled(bar: Bar, s: Scale, optional: boolean): { left: number; right: number } {
  const inside = bar.width - 14
  const wide = textWidth(bar.label)
  const end = bar.x + bar.width
  if (!bar.event && wide <= inside) {
    Object.assign(bar, { labelAt: 'inside', labelX: bar.x + 7, anchor: 'start' })
    return { left: bar.x, right: end }
  }
  if (optional) {
    bar.label = ''
    return { left: bar.x, right: end }
  }
  const after = s.right - end - 6
  const before = bar.x - s.left - 6
  bar.labelAt = 'beside'
  if (wide <= after || after >= before) {
    bar.label = fitText(bar.label, after)
    Object.assign(bar, { labelX: end + 5, anchor: 'start' })
    return { left: bar.x, right: end + 5 + textWidth(bar.label) }
  }
  bar.label = fitText(bar.label, before)
  Object.assign(bar, { labelX: bar.x - 5, anchor: 'end' })
  return { left: bar.x - 5 - textWidth(bar.label), right: end }
}
