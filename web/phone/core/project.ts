// What the screen shows: the server's copy, and on top of it what was done on this phone and has not left it. Pure.
import { after_step, next_steps } from './steps'
import type { DoneVisit, FieldsOperation, Operation, StepOperation, VisitFile, WorkItem } from './kinds'
import { thread_of } from './kinds'
import { rivalries } from './merge'

export type Tab = 'todo' | 'under_way' | 'done'

/** One card: a child to be visited. Whether an alert stands behind it shows nowhere. */
export interface Card {
  thread: string
  child: string
  alert: string | null
  visit: string | null
  name: string | null
  birth_date: string | null
  division: string | null
  level: string | null
  escort: string | null
  due: string | null
  planned: string | null
  standsIn: boolean
  /** To be accepted first; afterwards the visit's state. */
  kind: 'alert' | 'visit'
  state: string
  tab: Tab
  /** What may be done now. */
  steps: string[]
  started: string | null
  outcome: string | null
  unsent: number
  stopped: number
  rivals: number
  /** Somebody else's now, or closed; kept because something of it has not been sent. */
  gone: boolean
}

export interface Kept { item: WorkItem; gone: boolean }

export const operations_of = (thread: string, operations: readonly Operation[]): Operation[] =>
  operations.filter((operation) => operation.thread === thread).sort((a, b) => a.seq - b.seq)

const is_step = (operation: Operation): operation is StepOperation => operation.kind === 'step'

/** A stopped step has not happened: the server has said so. */
const happened = (thread: readonly Operation[]): StepOperation[] => thread.filter(is_step).filter((step) => !step.stopped)

const ended = new Set(['recorded', 'cancelled'])
const with_others = new Set(['verified', 'false_alarm', 'refused', 'assessed', 'closed', 'recalled'])

function tab_of(kind: 'alert' | 'visit', state: string, steps: readonly string[]): Tab {
  if (kind === 'visit') return state === 'under_way' || state === 'back' ? 'under_way' : ended.has(state) ? 'done' : 'todo'
  // What waits for a supervisor is done for the director, and to do for the supervisor.
  return with_others.has(state) && !steps.some((step) => step !== 'hand_over') ? 'done' : 'todo'
}

/** One card a thread: the visit where there is one, else the alert that is to be accepted. */
export function card_of(kept: readonly Kept[], thread: string, operations: readonly Operation[],
  files: ReadonlyMap<string, VisitFile>, account: string): Card | null {
  const alert = kept.find((one) => one.item.kind === 'alert')
  const visit = kept.filter((one) => one.item.kind === 'visit')
    .sort((a, b) => (b.item.planned ?? '').localeCompare(a.item.planned ?? ''))[0]
  const lead = visit ?? alert
  if (!lead) return null
  const mine = operations_of(thread, operations)
  const item = lead.item
  const copy = visit ? files.get(visit.item.id) ?? null : null
  // The line of the inbox and the copy of the visit were asked for at different times: the later one counts.
  const file = copy && (copy.changed ?? '') >= (visit?.item.changed ?? '') ? copy : null
  let kind: 'alert' | 'visit' = item.kind
  let state = file?.state ?? item.state ?? ''
  let planned = file?.planned ?? item.planned ?? null
  let started = copy?.started ?? null
  let outcome = copy?.outcome ?? null
  let moved = false
  for (const step of happened(mine)) {
    const on_alert = step.target.kind === 'alert'
    if (on_alert && kind === 'visit') continue // accepted, and the visit is here already
    const next = after_step(on_alert ? 'alert' : 'visit', state, step.event)
    if (next === null) continue
    moved = true
    state = next
    if (step.event === 'accept') {
      kind = 'visit'
      state = 'planned'
    }
    if (step.day) planned = step.day
    if (step.event === 'start') started = step.at
    if (step.event === 'turn_back') started = null
    if (step.outcome) outcome = step.outcome
  }
  const postponed = (copy?.postponed ?? 0) + happened(mine).filter((step) => step.event === 'postpone').length
  // Asked last, the server said what may be done; once something has been done since, the small table says it.
  const told = file?.events ?? item.events
  const gone = kept.every((one) => one.gone)
  const steps = gone ? [] : moved || !told ? next_steps(kind, state, postponed) : told
  return {
    thread, kind, state, planned, started, outcome, gone,
    child: item.child,
    alert: alert?.item.id ?? visit?.item.alert ?? null,
    visit: visit?.item.id ?? null,
    name: item.name ?? null,
    birth_date: item.birth_date ?? null,
    division: item.division ?? null,
    level: item.level ?? null,
    escort: item.escort ?? null,
    // The deadline of what was begun here is the server's to say: the old one is that of beginning.
    due: moved && (state === 'under_way' || state === 'back') ? null : item.due ?? null,
    standsIn: item.stands_in === true,
    tab: tab_of(kind, state, steps),
    steps,
    unsent: mine.length,
    stopped: mine.filter((operation) => operation.stopped).length,
    rivals: rivalries(copy, mine, account).filter((one) => !one.settled).length,
  }
}

const urgency: Record<string, number> = { extreme: 0, high: 1, medium: 2, low: 3 }

/** All cards: what is late or soon first, then the more urgent level. */
export function cards_of(kept: Iterable<Kept>, operations: readonly Operation[],
  files: ReadonlyMap<string, VisitFile>, account: string): Card[] {
  const threads = new Map<string, Kept[]>()
  for (const one of kept) {
    const thread = thread_of(one.item)
    const others = threads.get(thread)
    if (others) others.push(one)
    else threads.set(thread, [one])
  }
  const cards: Card[] = []
  for (const [thread, members] of threads) {
    const card = card_of(members, thread, operations, files, account)
    if (card) cards.push(card)
  }
  const at = (card: Card): string => card.due ?? '9999'
  return cards.sort((a, b) =>
    Date.parse(at(a)) - Date.parse(at(b)) || (urgency[a.level ?? ''] ?? 9) - (urgency[b.level ?? ''] ?? 9) ||
    a.thread.localeCompare(b.thread))
}

export type Mark = 'none' | 'phone' | 'sent' | 'stopped'
export interface Shown { value: string; mark: Mark; at: string | null; account: string | null }

/** The sheet as it stands on this phone. `none`: nothing written yet. */
export function sheet_of(file: VisitFile | null, thread: readonly Operation[]): Record<string, Shown> {
  const sheet: Record<string, Shown> = {}
  for (const value of file?.values ?? [])
    if (value.field && value.standing === 'in_force')
      sheet[value.field] = { value: value.value ?? '', mark: 'sent', at: value.at ?? null, account: value.account ?? null }
  for (const operation of thread.filter((one): one is FieldsOperation => one.kind === 'fields'))
    for (const [name, draft] of Object.entries(operation.fields))
      sheet[name] = { value: draft.value, mark: operation.stopped ? 'stopped' : 'phone', at: draft.at, account: operation.account }
  return sheet
}

/** Visits that are recorded, newest first, none twice. */
export const done_list = (done: Iterable<DoneVisit>): DoneVisit[] =>
  [...done].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
