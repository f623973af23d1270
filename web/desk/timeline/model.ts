// What the server says of one child over time, turned into what can be drawn and read out.
import { dayOf, dayOfInstant, type Day } from './days'
import { byPerson } from './people'

export interface FactSaid {
  id?: string | null
  about?: string | null
  kind?: string | null
  value?: string | null
  from?: string | null
  to?: string | null
  department?: string | null
  known?: string | null
}

export interface StretchSaid {
  category?: string | null
  label?: string | null
  status?: string | null
  from?: string | null
  to?: string | null
}

export interface TimelineSaid {
  today: string
  begin?: string | null
  facts: FactSaid[]
  categories: StretchSaid[]
}

/** [from, to); either may be open. An event has no length. */
export interface Fact {
  key: string
  about: string
  kind: string
  value: string
  from?: Day
  to?: Day
  event: boolean
  department: string
  known?: Day
}

export interface Stretch {
  key: string
  category: string
  label: string
  status: 'holds' | 'review'
  from?: Day
  to?: Day
}

export interface Model {
  today: Day
  birth?: Day
  facts: Fact[]
  stretches: Stretch[]
  /** The whole of it: birth to the last day that is already known. */
  begin: Day
  end: Day
}

/** Kinds that happen on a day and then are over (contracts.md: `to` empty). */
const EVENTS = new Set([
  'self_harm_visit', 'sleep_disorder_visit', 'psychiatric_diagnosis', 'abnormal_injury_visit', 'domestic_violence_call',
  'abuse_report', 'bullying', 'runaway', 'vagrant', 'screening_result', 'divorced', 'married',
])

function factOf(said: FactSaid, at: number): Fact {
  const kind = said.kind ?? ''
  const [from, to] = [dayOf(said.from), dayOf(said.to)]
  return {
    key: said.id ?? `f${at}`,
    about: said.about ?? 'self',
    kind,
    value: said.value ?? '',
    from,
    to,
    event: EVENTS.has(kind) && from !== undefined && to === undefined,
    department: said.department ?? '',
    known: said.known ? dayOfInstant(said.known) : undefined,
  }
}

const early = (a?: Day, b?: Day) => (a ?? -Infinity) - (b ?? -Infinity) || 0

export function modelOf(said: TimelineSaid): Model {
  const today = dayOf(said.today) ?? 0
  const birth = dayOf(said.begin)
  const facts = said.facts.map(factOf)
  facts.sort((a, b) => byPerson(a.about, b.about) || early(a.from, b.from) || (a.kind < b.kind ? -1 : 1))
  const stretches = said.categories
    .filter((s) => s.category && (s.status === 'holds' || s.status === 'review'))
    .map((s, at): Stretch => ({
      key: `c${at}`,
      category: s.category!,
      label: s.label || s.category!,
      status: s.status as 'holds' | 'review',
      from: dayOf(s.from),
      to: dayOf(s.to),
    }))
  return { today, birth, facts, stretches, ...spanOf(today, birth, [...facts, ...stretches]) }
}

/** From birth, or from the first day that is told where birth is not ours to know; with a little room around. */
function spanOf(today: Day, birth: Day | undefined, parts: { from?: Day; to?: Day }[]): { begin: Day; end: Day } {
  const told = parts.flatMap((p) => [p.from, p.to]).filter((d): d is Day => d !== undefined)
  const first = birth ?? Math.min(today - 365, ...told)
  const last = Math.max(today + 90, ...told)
  const room = Math.max(30, Math.round((last - first) * 0.02))
  return { begin: first - (birth === undefined ? room : Math.round(room / 2)), end: last + room }
}

export function holdsOn(p: { from?: Day; to?: Day; event?: boolean }, day: Day): boolean {
  if (p.event) return p.from === day
  return (p.from === undefined || p.from <= day) && (p.to === undefined || day < p.to)
}

/** What is so on that day: for the panel beside the drawing, and for those who hear it. */
export function asOf(m: Model, day: Day): { facts: Fact[]; holds: Stretch[]; review: Stretch[] } {
  const now = m.stretches.filter((s) => holdsOn(s, day))
  return {
    facts: m.facts.filter((f) => holdsOn(f, day)),
    holds: now.filter((s) => s.status === 'holds'),
    review: now.filter((s) => s.status === 'review'),
  }
}
