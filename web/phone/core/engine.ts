// The phone's copy of one's work, and what was done on it and has not reached the server. Everything is on the
// phone's disk, sealed, before a person is told that it is saved; it leaves the disk when the server has said that it
// is on its own. Nothing is dropped but by the server's "done" or by a person's word.
//
// Memory changes at once and whole, and the disk follows in order: so a touch that falls between a request and its
// answer meets either the state before or the state after it, never half of it.
import { clock_error, instant_text } from './clock'
import type {
  AlertFile, Answer, DoneVisit, FieldDraft, FieldsOperation, Operation, Problem, StepOperation, Target, VisitFile, WorkItem, WorkPage,
} from './kinds'
import { thread_of } from './kinds'
import { settle, type Rivalry } from './merge'
import { cards_of, operations_of, type Card, type Kept } from './project'
import { base_of, join_edit, name_visit, next_operation, pause, rebase, repoint, split, unchain } from './queue'
import { Rows, type Shelf } from './rows'
import { next_steps } from './steps'
import { masked_name, to_forget, type Taken } from './taken'

export type { Shelf }

/** The server, one method a route. Never throws: without network the status is 0. */
export interface Wire {
  work(since: string | null): Promise<Answer<WorkPage>>
  visit(id: string): Promise<Answer<VisitFile>>
  visitStep(id: string, body: object, key: string): Promise<Answer<VisitFile>>
  visitFields(id: string, body: object, key: string): Promise<Answer<VisitFile>>
  alertStep(id: string, body: object, key: string): Promise<Answer<AlertFile>>
  seen(upTo: string, key: string): Promise<Answer<unknown>>
}

export interface Surroundings {
  now(): number
  random(): number
  key(): string
  /** Calls back later; gives what calls it off. */
  later(milliseconds: number, then: () => void): () => void
  /** One at a time, over all windows of this phone. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export type Link = 'idle' | 'sending' | 'offline' | 'signed_out'

const done_kept = 40
const fresh_for = 20_000

export class Engine {
  readonly items: Rows<Kept>
  readonly visits: Rows<VisitFile>
  readonly taken: Rows<Taken>
  readonly done: Rows<DoneVisit>
  private readonly kept: Rows<Operation>
  link: Link = 'idle'
  /** The server's clock of the last answer; null: never asked. */
  asked: string | null = null
  /** When it was asked, by the phone's clock. */
  askedAt = 0
  clockError = 0
  loaded = false
  /** The phone's disk takes no writes. */
  broken = false
  account = ''

  private readonly listeners = new Set<() => void>()
  private running: Promise<void> | null = null
  private again = false
  private wanted = true
  private wholeNext = true
  private failures = 0
  private readonly held = new Map<string, { until: number; tries: number }>()
  private callOff: (() => void) | null = null
  private lastSeq = 0
  private seenUpTo: string | null = null
  /** By how much the phone's clock is before the server's; milliseconds. */
  private ahead = 0

  constructor(private readonly shelf: Shelf, private readonly wire: Wire, private readonly here: Surroundings) {
    this.items = new Rows(shelf, 'item/')
    this.visits = new Rows(shelf, 'visit/')
    this.taken = new Rows(shelf, 'taken/')
    this.done = new Rows(shelf, 'done/')
    this.kept = new Rows(shelf, 'operation/')
  }

  /** Calls back after each change. */
  listen(then: () => void): () => void {
    this.listeners.add(then)
    return () => this.listeners.delete(then)
  }

  private changed(): void {
    for (const then of this.listeners) then()
  }

  // ---- reading

  /** Reads the phone's own copy; the network is not asked. */
  async load(account: string): Promise<void> {
    this.account = account
    await this.reload()
    const asked = await this.shelf.get('asked') as { now: string; at: number } | undefined
    this.asked = asked?.now ?? null
    this.askedAt = asked?.at ?? 0
    this.loaded = true
    await this.forget()
    this.changed()
  }

  /** Also when another window of this phone has written. */
  async reload(): Promise<void> {
    for (const rows of [this.items, this.visits, this.taken, this.done, this.kept]) await rows.read()
    this.lastSeq = this.operations.reduce((seq, operation) => Math.max(seq, operation.seq), this.lastSeq)
    if (this.loaded) this.changed()
  }

  get operations(): Operation[] {
    return [...this.kept.values()].sort((a, b) => a.seq - b.seq)
  }

  get cards(): Card[] {
    return cards_of(this.items.values(), this.operations, this.visits.map, this.account)
  }

  thread(thread: string): Operation[] {
    return operations_of(thread, this.operations)
  }

  /** What a person did here that has not reached the server. */
  get unsent(): number {
    return this.kept.map.size
  }

  // ---- doing

  private head(thread: string, child: string) {
    this.lastSeq = Math.max(Math.floor(this.lastSeq) + 1, this.here.now())
    return {
      key: this.here.key(), seq: this.lastSeq, account: this.account, thread, child,
      at: instant_text(this.here.now()), tries: 0, stopped: null,
    }
  }

  private target(card: Card): Target {
    if (card.visit) return { kind: 'visit', id: card.visit }
    if (card.alert) return { kind: 'visit_of', alert: card.alert }
    throw new Error('a card is of an alert or of a visit')
  }

  /** A step: accept, start, check_in, turn_back, record, postpone, danger … On disk when the promise is kept. */
  async step(card: Card, event: string, more: { outcome?: string; reason?: string; day?: string } = {}): Promise<void> {
    const target: Target = card.kind === 'alert' && card.alert ? { kind: 'alert', id: card.alert } : this.target(card)
    const operation: StepOperation = { ...this.head(card.thread, card.child), kind: 'step', target, event, ...more }
    const writes = [this.keep(operation)]
    if (event === 'record')
      writes.push(this.done.put(place(operation), {
        visit: card.visit ?? '', child: card.child, name: card.name, division: card.division, level: card.level,
        outcome: more.outcome ?? '', at: operation.at, sent: false,
      }))
    await this.written(writes)
    await this.forget()
    void this.sync(false)
  }

  /** One field of the sheet, as it stands after a touch or a word. On disk when the promise is kept. */
  edit(card: Card, field: string, value: string): Promise<void> {
    const copy = card.visit ? this.visits.get(card.visit) ?? null : null
    const { base, follows } = base_of(field, this.thread(card.thread), copy)
    return this.draft(card, field, { value, base, follows, at: instant_text(this.here.now()) })
  }

  /** Settles what two people wrote. */
  merge(card: Card, rivalry: Rivalry, value: string): Promise<void> {
    return this.draft(card, rivalry.field, settle(rivalry, value, instant_text(this.here.now())))
  }

  private async draft(card: Card, field: string, draft: FieldDraft): Promise<void> {
    const operation: FieldsOperation = join_edit(this.thread(card.thread), field, draft) ?? {
      ...this.head(card.thread, card.child), kind: 'fields', target: this.target(card), fields: { [field]: draft },
    }
    await this.written([this.keep(operation)])
    void this.sync(false)
  }

  /** Notices up to this one have been read. Not kept on disk: whoever reads them again says it again. */
  seen(upTo: string): void {
    this.seenUpTo = upTo
    void this.sync(false)
  }

  // ---- what the server has refused: a person decides

  /** Tries again, as a new request. */
  async retry(operation: Operation): Promise<void> {
    const key = this.here.key()
    await this.written([
      this.keep({ ...operation, stopped: null, tries: 0, key }), ...this.revise((one) => repoint(one, operation.key, () => key))])
    await this.wake()
  }

  /** Gives it up: a person has seen what it was and what the server holds. */
  async giveUp(operation: Operation): Promise<void> {
    const writes = [...this.revise((one) => unchain(one, operation)), this.kept.remove(place(operation)), this.done.remove(place(operation))]
    // Without the acceptance there is no visit to which the rest could be sent: it, too, is for a person to see.
    if (operation.kind === 'step' && operation.event === 'accept')
      writes.push(...this.revise((one) =>
        one.thread === operation.thread && one.target.kind === 'visit_of' ? { ...one, stopped: operation.stopped } : one))
    await this.written([...writes, ...this.leave(operation.thread)])
    await this.forget()
    void this.sync()
  }

  // ---- taking along

  take(taken: Taken): Promise<void> {
    return this.written([this.taken.put(taken.thread, taken)])
  }

  async drop_taken(thread: string): Promise<void> {
    await this.written([this.taken.remove(thread)])
  }

  /** Puts away what may no longer be kept. */
  async forget(): Promise<void> {
    const going_on = new Set(this.cards.filter((card) => card.tab !== 'done' && !card.gone).map((card) => card.thread))
    const over = to_forget([...this.taken.values()], going_on, this.here.now())
    if (over.length) await this.written(over.map((taken) => this.taken.remove(taken.thread)))
  }

  // ---- the phone's disk

  private keep(operation: Operation): Promise<void> {
    return this.kept.put(place(operation), operation)
  }

  /** Changes all operations that the function changes. */
  private revise(how: (operation: Operation) => Operation): Promise<void>[] {
    return this.operations.flatMap((operation) => {
      const revised = how(operation)
      return revised === operation ? [] : [this.keep(revised)]
    })
  }

  private async written(writes: Promise<void>[]): Promise<void> {
    this.changed()
    await Promise.all(writes)
  }

  // ---- sending and asking

  /** Sends what waits and asks for what is new; `ask` false: asks only if that was not just done. */
  sync(ask = true): Promise<void> {
    if (ask) this.wanted = true
    if (!this.loaded || this.link === 'signed_out') return Promise.resolve()
    if (this.running) {
      this.again = true
      return this.running
    }
    // A pause after a failed try is kept, unless somebody wakes us.
    if (!ask && this.callOff && this.link === 'offline') return Promise.resolve()
    this.callOff?.()
    this.callOff = null
    this.running = this.here.alone(() => this.run()).then(() => this.set_broken(false), () => {
      // The phone's disk did not take a write. What is in memory goes on being sent, and a person is told.
      this.set_broken(true)
      this.schedule(pause(5, this.here.random()))
    }).finally(() => {
      this.running = null
      const again = this.again && this.link === 'idle' && !this.callOff
      this.again = false
      if (again) void this.sync(false)
    })
    return this.running
  }

  /** The network is back, or a person says so: at once, whatever pause was on. */
  wake(): Promise<void> {
    this.failures = 0
    this.held.clear()
    return this.sync()
  }

  /** Somebody has signed in again. */
  async resume(account: string): Promise<void> {
    this.account = account
    this.link = 'idle'
    this.wholeNext = true
    await this.wake()
  }

  private async run(): Promise<void> {
    await this.reload() // another window of this phone may have sent some of it
    do {
      this.again = false
      for (let next = this.next(); next; next = this.next()) {
        if (this.link === 'idle') this.set_link('sending')
        if (!(await this.send(next))) return
      }
      if (this.seenUpTo !== null) {
        const upTo = this.seenUpTo
        const answer = await this.wire.seen(upTo, this.here.key())
        if (!answer.ok && this.line_failed(answer)) return
        if (this.seenUpTo === upTo) this.seenUpTo = null
      }
      if ((this.wanted || this.here.now() - this.askedAt > fresh_for) && !(await this.ask())) return
    } while (this.again || this.next())
    this.failures = 0
    this.set_link('idle')
    const waits = [...this.held.values()].map((one) => one.until - this.here.now())
    if (waits.length) this.schedule(Math.max(1_000, Math.min(...waits)))
    await this.forget()
  }

  private next(): Operation | null {
    const now = this.here.now()
    const held = new Set([...this.held].filter(([, hold]) => hold.until > now).map(([thread]) => thread))
    return next_operation(this.operations, this.account, held)
  }

  private set_link(link: Link): void {
    if (this.link === link) return
    this.link = link
    this.changed()
  }

  private set_broken(broken: boolean): void {
    if (this.broken === broken) return
    this.broken = broken
    this.changed()
  }

  private schedule(milliseconds: number): void {
    this.callOff?.()
    this.callOff = this.here.later(milliseconds, () => {
      this.callOff = null
      void this.sync()
    })
  }

  /** What went wrong with the line, not with the request. True: handled, stop for now. */
  private line_failed(answer: { status: number; problem?: Problem; retryAfter?: number }): boolean {
    const { status, problem } = answer
    // A session that has ended, wants its second factor, or whose token is lost.
    if (status === 401 || (status === 403 && (problem?.code === 'HM-1203' || problem?.code === 'HM-1204'))) {
      this.set_link('signed_out')
      return true
    }
    if (status === 0 || status === 408 || status === 429) {
      this.failures++
      this.set_link(status === 429 ? 'idle' : 'offline')
      this.schedule(Math.max((answer.retryAfter ?? 0) * 1000, pause(this.failures, this.here.random())))
      return true
    }
    return false
  }

  /** Sends one. False: no use to go on now. */
  private async send(operation: Operation): Promise<boolean> {
    // Written before it leaves: an edit after this is an operation of its own, so that no key ever names two bodies.
    const sent = { ...operation, tries: operation.tries + 1 }
    await this.keep(sent)
    const answer = await this.carry(sent)
    if (answer.ok) {
      await this.arrived(sent, answer.body)
      this.held.delete(sent.thread)
      this.failures = 0
      return true
    }
    if (this.line_failed(answer)) return false
    if (answer.status >= 500) {
      const tries = (this.held.get(sent.thread)?.tries ?? 0) + 1
      this.held.set(sent.thread, { tries, until: this.here.now() + pause(tries, this.here.random()) })
      return true
    }
    await this.refused(sent, answer)
    return true
  }

  private carry(operation: Operation): Promise<Answer<unknown>> {
    const { target, key } = operation
    if (target.kind === 'visit_of') throw new Error('a visit without an id is not sent')
    if (operation.kind === 'fields') {
      const fields = Object.entries(operation.fields).map(([field, { value, base, at, merges }]) =>
        ({ field, base, value, at, ...(merges?.length ? { merges } : {}) }))
      return this.wire.visitFields(target.id, { fields }, key)
    }
    const { event, outcome, reason, day, at } = operation
    const body = { event, at, ...(outcome ? { outcome } : {}), ...(reason ? { reason } : {}), ...(day ? { day } : {}) }
    return target.kind === 'alert' ? this.wire.alertStep(target.id, body, key) : this.wire.visitStep(target.id, body, key)
  }

  /** The server has it. Its answer is written before the operation goes, so that a kill between the two sends it once more. */
  private arrived(operation: Operation, body: unknown): Promise<void> {
    const writes: Promise<void>[] = []
    if (operation.target.kind === 'alert' && operation.kind === 'step') {
      const file = body as AlertFile
      writes.push(...this.patch_item('alert-' + file.id, { state: file.state, due: file.due, events: file.events }))
      const open = file.visits?.filter((visit) => visit.state !== 'recorded' && visit.state !== 'cancelled') ?? []
      const visit = open[open.length - 1]
      if (visit) writes.push(...this.planned(file.id, visit.id, visit.planned ?? operation.day ?? null))
      this.wanted = true // the visit that was planned
    } else {
      const file = body as VisitFile
      writes.push(this.keep_visit(file))
      if (operation.kind === 'fields') writes.push(...this.revise((one) => rebase(one, operation, file)))
      const { state, due, planned, events, changed } = file
      writes.push(...this.patch_item('visit-' + file.id, { state, due, planned, events, ...(changed ? { changed } : {}) }))
      if (operation.kind === 'step' && operation.event === 'record') writes.push(...this.recorded(operation, file))
      if (operation.kind === 'step') this.wanted = true
    }
    writes.push(this.kept.remove(place(operation)))
    return this.written([...writes, ...this.leave(operation.thread)])
  }

  /** The visit that came of accepting is in the inbox at once, though the inbox is asked for later, or never today. */
  private planned(alert: string, visit: string, day: string | null): Promise<void>[] {
    const writes = this.revise((one) => name_visit(one, alert, visit))
    const from = this.items.get('alert-' + alert)
    if (!from || this.items.get('visit-' + visit)) return writes
    const item: WorkItem = {
      ...from.item, kind: 'visit', id: visit, alert, state: 'planned', planned: day, events: next_steps('visit', 'planned'), changed: null,
    }
    return [...writes, this.items.put('visit-' + visit, { item, gone: false })]
  }

  private patch_item(id: string, news: Partial<WorkItem>): Promise<void>[] {
    const kept = this.items.get(id)
    return kept ? [this.items.put(id, { ...kept, item: { ...kept.item, ...news } })] : []
  }

  private recorded(operation: StepOperation, file: VisitFile): Promise<void>[] {
    const done = this.done.get(place(operation))
    const writes = done ? [this.done.put(place(operation), { ...done, visit: file.id, sent: true })] : []
    const old = [...this.done.map].filter(([, one]) => one.sent).sort(([, a], [, b]) => Date.parse(b.at) - Date.parse(a.at))
    return [...writes, ...old.slice(done_kept).map(([id]) => this.done.remove(id))]
  }

  private async refused(operation: Operation, answer: { status: number; problem?: Problem }): Promise<void> {
    const problem = answer.problem ?? { status: answer.status, code: '', title: '' }
    // Another window of this phone had put something into it when it had left already.
    if (problem.code === 'HM-1110' && operation.tries < 3) return this.written(this.rename(operation))
    if (operation.kind === 'fields' && Object.keys(operation.fields).length > 1 && answer.status === 422) {
      const parts = split(operation, this.here.key)
      const part_of = (field: string) => parts.find((part) => field in part.fields)?.key ?? operation.key
      // The first takes the place of the whole, so it is written last.
      return this.written([...parts.reverse().map((part) => this.keep(part)), ...this.revise((one) => repoint(one, operation.key, part_of))])
    }
    await this.written([this.keep({ ...operation, stopped: { at: instant_text(this.here.now()), problem } })])
    if (operation.target.kind === 'visit') await this.fetch(operation.target.id) // the server's state goes beside it
  }

  private rename(operation: Operation): Promise<void>[] {
    const key = this.here.key()
    return [this.keep({ ...operation, key }), ...this.revise((one) => repoint(one, operation.key, () => key))]
  }

  /** Brings the copy of one visit up to date. False: it could not be asked. */
  async fetch(id: string): Promise<boolean> {
    const answer = await this.wire.visit(id)
    if (answer.ok) await this.written([this.keep_visit(answer.body)])
    return answer.ok
  }

  /** Without the name, which the inbox has under its mask. */
  private keep_visit(file: VisitFile): Promise<void> {
    return this.visits.put(file.id, { ...file, name: null, read: this.here.now() - this.ahead })
  }

  /** Asks for one's work: what has changed, or all of it once after each start. */
  private async ask(): Promise<boolean> {
    this.wanted = false
    const all = this.wholeNext || this.asked === null
    const answer = await this.wire.work(all ? null : this.asked)
    if (!answer.ok) {
      this.wanted = true
      if (this.line_failed(answer)) return false
      this.failures++
      this.set_link('idle')
      this.schedule(pause(this.failures, this.here.random()))
      return false
    }
    const page = answer.body
    const whole = page.whole ?? all
    const stale = page.items.filter((item) => this.is_stale(item))
    const named = new Set(page.items.map((item) => `${item.kind}-${item.id}`))
    const writes = page.items.flatMap((item) => this.arrived_item(item))
    const gone = whole ? [...this.items.map.keys()].filter((id) => !named.has(id))
      : page.gone.flatMap((id) => [`alert-${id}`, `visit-${id}`]).filter((id) => !named.has(id))
    for (const id of gone) {
      const kept = this.items.get(id)
      if (kept && !kept.gone) writes.push(this.items.put(id, { ...kept, gone: true }))
    }
    for (const thread of new Set([...this.items.values()].map((kept) => thread_of(kept.item)))) writes.push(...this.leave(thread))
    this.asked = page.now
    this.askedAt = this.here.now()
    this.clockError = clock_error(page.now, this.askedAt)
    this.ahead = this.askedAt - (Date.parse(page.now) || this.askedAt)
    this.wholeNext = false
    // Last, so that a kill before it asks for the same once more.
    writes.push(this.items.later(() => this.shelf.put('asked', { now: page.now, at: this.askedAt })))
    await this.written(writes)
    for (const item of stale) await this.fetch(item.id)
    return true
  }

  /**
   * A copy that somebody else has changed since, or none of a visit that has been begun: what others wrote on its sheet
   * is what edits stand upon. What was never begun or looked at is not asked for: reading is audited.
   */
  private is_stale(item: WorkItem): boolean {
    if (item.kind !== 'visit') return false
    const file = this.visits.get(item.id)
    if (!file) return item.state === 'under_way' || item.state === 'back'
    // The server tells whole seconds: what changed in the second in which the copy was read may have come after it.
    const changed = Date.parse(item.changed ?? '')
    return (item.changed ?? '') > (file.changed ?? '') || (file.read !== undefined && changed >= file.read - 1_500)
  }

  private arrived_item(item: WorkItem): Promise<void>[] {
    const place = `${item.kind}-${item.id}`
    const before = this.items.get(place)?.item ?? (item.alert ? this.items.get('alert-' + item.alert)?.item : undefined)
    const writes = [this.items.put(place, { item: { ...item, name: masked_name(item, before?.name) }, gone: false })]
    const { alert, id } = item
    if (item.kind === 'visit' && alert) writes.push(...this.revise((one) => name_visit(one, alert, id)))
    return writes
  }

  /** What is gone leaves the phone, unless something of it has not been sent. */
  private leave(thread: string): Promise<void>[] {
    if (this.thread(thread).length) return []
    return [...this.items.map].filter(([, kept]) => kept.gone && thread_of(kept.item) === thread).flatMap(([id, kept]) =>
      [this.items.remove(id), ...(kept.item.kind === 'visit' && this.visits.get(kept.item.id) ? [this.visits.remove(kept.item.id)] : [])])
  }
}

/** An operation keeps its place on disk for as long as it is there, whatever its key. */
const place = (operation: Operation): string => operation.seq.toFixed(2).padStart(20, '0')
