// The order in which operations leave the phone, and how one is joined with another before it has left. Pure.
import type { FieldDraft, FieldsOperation, Operation, Target, VisitFile } from './kinds'

/** Whether an operation may go, seen the earlier ones of its thread that are still here. */
export function is_ready(operation: Operation, earlier: readonly Operation[]): boolean {
  if (operation.stopped) return false
  // The visit of an alert that is being accepted has no id yet.
  if (operation.target.kind === 'visit_of') return false
  for (const before of earlier) {
    // A record closes the sheet: everything written before it goes first. Steps keep their order; what was
    // seen at the home does not wait for a step that the server has refused.
    if (operation.kind === 'step' && (operation.event === 'record' || before.kind === 'step')) return false
    if (operation.kind === 'fields' && before.kind === 'fields' && !before.stopped) return false
    if (operation.kind === 'fields' && before.kind === 'fields' && follows(operation, before)) return false
  }
  return true
}

const follows = (operation: FieldsOperation, before: FieldsOperation): boolean =>
  Object.values(operation.fields).some((draft) => draft.follows === before.key)

const tells_danger = (operation: Operation): boolean =>
  (operation.kind === 'fields' && operation.fields.safety?.value === 'danger') ||
  (operation.kind === 'step' && operation.event === 'danger')

/**
 * The next operation to send: a visit that tells of danger before all others, then the visit last worked on
 * first, and within one visit in the order of the taps. `held` are threads that wait after a failure.
 */
export function next_operation(operations: readonly Operation[], account: string, held: ReadonlySet<string>): Operation | null {
  const threads = new Map<string, Operation[]>()
  for (const operation of [...operations].sort((a, b) => a.seq - b.seq)) {
    if (operation.account !== account || held.has(operation.thread)) continue
    const thread = threads.get(operation.thread)
    if (thread) thread.push(operation)
    else threads.set(operation.thread, [operation])
  }
  const rank = (thread: Operation[]): number => thread.some((operation) => !operation.stopped && tells_danger(operation)) ? 1 : 0
  const newest = [...threads.values()].sort((a, b) =>
    rank(b) - rank(a) || (b[b.length - 1]?.seq ?? 0) - (a[a.length - 1]?.seq ?? 0))
  for (const thread of newest)
    for (const [index, operation] of thread.entries())
      if (is_ready(operation, thread.slice(0, index))) return operation
  return null
}

/** The version that a new edit of the field stands upon: the last unanswered edit of it, else the copy's. */
export function base_of(field: string, thread: readonly Operation[], copy: VisitFile | null): { base: number; follows: string | null } {
  const mine = thread.filter((operation): operation is FieldsOperation => operation.kind === 'fields' && field in operation.fields)
  const last = mine[mine.length - 1]
  if (last) return { base: last.fields[field]?.base ?? 0, follows: last.key }
  const value = copy?.values?.find((one) => one.field === field && one.standing === 'in_force')
  return { base: value?.version ?? 0, follows: null }
}

/**
 * Puts an edit into the last operation of the thread if that has never left the phone, for then nobody else has
 * seen it: one request carries many fields, and a field typed letter by letter is one edit. Null: it needs an
 * operation of its own.
 */
export function join_edit(thread: readonly Operation[], field: string, draft: FieldDraft): FieldsOperation | null {
  const last = thread[thread.length - 1]
  if (!last || last.kind !== 'fields' || last.tries > 0 || last.stopped) return null
  if (!(field in last.fields) && Object.keys(last.fields).length >= 24) return null
  const before = last.fields[field]
  const merged: FieldDraft = before
    ? { ...draft, base: draft.merges ? draft.base : before.base, follows: draft.merges ? null : before.follows }
    : draft
  if (before?.merges && !draft.merges) merged.merges = before.merges
  return { ...last, fields: { ...last.fields, [field]: merged } }
}

/**
 * What follows an answered edit stands upon it: if the value came into force, upon its version; if it became a
 * rival, still upon the version that was in view, so that nothing of the other writer is replaced unseen.
 */
export function rebase(operation: Operation, done: FieldsOperation, answer: VisitFile): Operation {
  if (operation.kind !== 'fields' || !follows(operation, done)) return operation
  const fields = { ...operation.fields }
  for (const [name, draft] of Object.entries(fields)) {
    if (draft.follows !== done.key) continue
    const sent = done.fields[name]
    const value = answer.values?.find((one) => one.field === name && one.standing === 'in_force')
    const stands = sent !== undefined && value !== undefined && value.value === sent.value
    fields[name] = { ...draft, follows: null, base: stands ? value.version ?? draft.base : sent?.base ?? draft.base }
  }
  return { ...operation, fields }
}

/** The same for what follows an edit that was given up. */
export function unchain(operation: Operation, dropped: Operation): Operation {
  if (operation.kind !== 'fields' || dropped.kind !== 'fields' || !follows(operation, dropped)) return operation
  const fields = { ...operation.fields }
  for (const [name, draft] of Object.entries(fields)) {
    const before = dropped.fields[name]
    if (draft.follows === dropped.key) fields[name] = { ...draft, follows: before?.follows ?? null, base: before?.base ?? draft.base }
  }
  return { ...operation, fields }
}

/** One operation a field, for the server saves all of a request or none: only what it refuses stays behind. */
export function split(operation: FieldsOperation, key: () => string): FieldsOperation[] {
  return Object.entries(operation.fields).map(([name, draft], index) => ({
    ...operation, key: key(), seq: operation.seq + index / 100, tries: 0, stopped: null, fields: { [name]: draft },
  }))
}

/** What followed an operation that now has another key, or one for each field. */
export function repoint(operation: Operation, from: string, to: (field: string) => string): Operation {
  if (operation.kind !== 'fields' || !Object.values(operation.fields).some((draft) => draft.follows === from)) return operation
  const fields = Object.fromEntries(Object.entries(operation.fields).map(([name, draft]) =>
    [name, draft.follows === from ? { ...draft, follows: to(name) } : draft]))
  return { ...operation, fields }
}

/** Names the visit that came of accepting an alert. */
export function name_visit(operation: Operation, alert: string, visit: string): Operation {
  if (operation.target.kind !== 'visit_of' || operation.target.alert !== alert) return operation
  const target: Target = { kind: 'visit', id: visit }
  return { ...operation, target }
}

/** Pause before the next try, growing, never the same for all phones that lost the same mast. Milliseconds. */
export function pause(tries: number, random: number): number {
  const whole = Math.min(300_000, 2_000 * 2 ** Math.min(Math.max(0, tries - 1), 10))
  return Math.round(whole * (0.75 + random / 2))
}
