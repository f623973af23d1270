// A server, a disk and a network for tests of the engine: the server keeps versions and rivals as the real one does
// (src/care/visit.h), repeats its answer for a key it knows, and the network loses requests or answers at will.
import { Engine, type Shelf, type Surroundings, type Wire } from '../core/engine'
import type { AlertFile, Answer, SheetValue, VisitFile, WorkItem, WorkPage } from '../core/kinds'
import { after_step, next_steps } from '../core/steps'

export class Disk implements Shelf {
  rows = new Map<string, string>()
  full = false
  /** Writes that still succeed before the power goes; null: no end. */
  writesLeft: number | null = null
  async get(key: string): Promise<unknown> {
    const text = this.rows.get(key)
    return text === undefined ? undefined : JSON.parse(text)
  }
  private spend(): void {
    if (this.full) throw new Error('full')
    if (this.writesLeft === null) return
    if (this.writesLeft <= 0) throw new Error('killed')
    this.writesLeft--
  }
  async put(key: string, value: unknown): Promise<void> {
    this.spend()
    this.rows.set(key, JSON.stringify(value))
  }
  async remove(key: string): Promise<void> {
    this.spend()
    this.rows.delete(key)
  }
  async list(prefix: string): Promise<[string, unknown][]> {
    return [...this.rows].filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key, JSON.parse(text)])
  }
}

export type Weather = 'fine' | 'no_request' | 'no_answer' | 'busy' | 'signed_out'

export class Server {
  visits = new Map<string, VisitFile>()
  alerts = new Map<string, AlertFile & { owner: string }>()
  log: string[] = []
  answers = new Map<string, { body: string; answer: Answer<unknown> }>()
  private next = 1000
  private tick = 0
  private left: { id: string; at: number }[] = []
  private touched = new Map<string, number>()

  private stamp(): string {
    this.tick++
    return new Date(Date.parse('2026-11-24T00:00:00Z') + this.tick * 1000).toISOString()
  }

  addAlert(id: string, child: string): void {
    this.alerts.set(id, { id, child, state: 'pushed', events: ['accept'], owner: '7', visits: [] })
    this.touched.set(id, this.tick)
    this.stamp()
  }
  addVisit(id: string, child: string, alert: string | null = null): void {
    const visit: VisitFile = { id, child, alert, state: 'planned', owner: '7', planned: '2026-11-25', postponed: 0, values: [], changed: this.stamp() }
    visit.events = next_steps('visit', 'planned')
    this.visits.set(id, visit)
    this.touched.set(id, this.tick)
  }
  handOver(id: string): void {
    const visit = this.visits.get(id)
    const alert = this.alerts.get(id)
    if (visit) visit.owner = '8'
    if (alert) alert.owner = '8'
    this.left.push({ id, at: this.tick })
    this.stamp()
  }

  item(id: string): WorkItem {
    const visit = this.visits.get(id)
    if (visit)
      return { kind: 'visit', id, alert: visit.alert ?? null, child: visit.child, name: '陈**', masked: { name: 'tap' }, state: visit.state ?? '', level: 'high',
        due: '2026-11-26T16:00:00Z', planned: visit.planned ?? null, events: visit.events ?? [], changed: visit.changed ?? null }
    const alert = this.alerts.get(id) as AlertFile
    return { kind: 'alert', id, alert: null, child: alert.child, name: '陈**', masked: { name: 'tap' }, state: alert.state ?? '', level: 'high',
      due: '2026-11-26T16:00:00Z', events: alert.events ?? [], changed: '2026-11-24T00:00:00Z' }
  }

  work(since: string | null): Answer<WorkPage> {
    const from = since === null ? -1 : Number(since)
    const mine = [...this.visits.values()].filter((visit) => visit.owner === '7' && visit.state !== 'recorded' && visit.state !== 'cancelled')
    const alerts = [...this.alerts.values()].filter((alert) => alert.owner === '7')
    const ids = [...mine.map((visit) => visit.id), ...alerts.map((alert) => alert.id)]
    return { ok: true, body: {
      items: ids.filter((id) => (this.touched.get(id) ?? 0) >= from).map((id) => this.item(id)),
      gone: this.left.filter((one) => one.at >= from).map((one) => one.id),
      now: String(this.tick) } }
  }

  private touch(visit: VisitFile): VisitFile {
    visit.changed = this.stamp()
    visit.events = next_steps('visit', visit.state ?? '', visit.postponed ?? 0)
    this.touched.set(visit.id, this.tick)
    return JSON.parse(JSON.stringify(visit)) as VisitFile
  }

  static refuse(status: number, code: string): Answer<never> {
    return { ok: false, status, problem: { status, code, title: code } }
  }

  /** Once a key. */
  once<T>(key: string, body: unknown, act: () => Answer<T>): Answer<T> {
    const known = this.answers.get(key)
    if (known) return known.body === JSON.stringify(body) ? known.answer as Answer<T> : Server.refuse(409, 'HM-1110')
    const answer = act()
    this.answers.set(key, { body: JSON.stringify(body), answer })
    return answer
  }

  visitStep(id: string, body: { event: string; day?: string; outcome?: string }): Answer<VisitFile> {
    const visit = this.visits.get(id)
    if (!visit || visit.owner !== '7') return Server.refuse(403, 'HM-1205')
    this.log.push(`${id} ${body.event}`)
    if (body.event === 'danger') return { ok: true, body: this.touch(visit) }
    const state = after_step('visit', visit.state ?? '', body.event)
    if (state === null) return Server.refuse(409, 'HM-1207')
    visit.state = state
    if (body.outcome) visit.outcome = body.outcome
    if (body.day) { visit.planned = body.day; visit.postponed = (visit.postponed ?? 0) + 1 }
    if (state === 'recorded') this.log.push(`${id} record ok`)
    if (state === 'recorded') this.left.push({ id, at: this.tick })
    return { ok: true, body: this.touch(visit) }
  }

  alertStep(id: string, body: { event: string; day?: string }): Answer<AlertFile> {
    const alert = this.alerts.get(id)
    if (!alert || alert.owner !== '7') return Server.refuse(404, 'HM-1003')
    this.log.push(`${id} ${body.event}`)
    if (alert.state !== 'pushed') return Server.refuse(409, 'HM-1207')
    const visit = String(this.next++)
    alert.state = 'accepted'
    alert.events = []
    this.addVisit(visit, alert.child, id)
    alert.visits = [{ id: visit, state: 'planned', planned: body.day ?? null }]
    this.touched.set(id, this.tick)
    return { ok: true, body: JSON.parse(JSON.stringify(alert)) as AlertFile }
  }

  fill(id: string, fields: { field: string; base: number; value: string; merges?: string[] }[], account = '7'): Answer<VisitFile> {
    const visit = this.visits.get(id)
    if (!visit || (visit.owner !== '7' && account === '7')) return Server.refuse(403, 'HM-1205')
    if (visit.state === 'recorded' && account === '7') return Server.refuse(409, 'HM-1207')
    if (fields.some((field) => field.value === 'BAD')) return Server.refuse(422, 'HM-3101')
    const values = visit.values as SheetValue[]
    for (const { field, base, value, merges } of fields) {
      this.log.push(`${id} ${field}=${value}`)
      const force = values.find((one) => one.field === field && one.standing === 'in_force')
      const fits = base === (force?.version ?? 0)
      if (!fits && force?.value === value) continue
      const version = Math.max(0, ...values.filter((one) => one.field === field).map((one) => one.version ?? 0)) + 1
      const row: SheetValue = { id: String(this.next++), field, version, base, account, at: this.stamp(), value, standing: fits ? 'in_force' : 'rival' }
      if (fits) {
        if (force) force.standing = 'replaced'
        for (const other of values) if (merges?.includes(other.id)) other.standing = 'replaced'
      }
      values.push(row)
    }
    return { ok: true, body: this.touch(visit) }
  }
}

export class Phone {
  weather: () => Weather = () => 'fine'
  now = Date.parse('2026-11-24T02:00:00Z')
  timers: { at: number; then: () => void; off: boolean }[] = []
  private keys = 0
  engine: Engine

  constructor(public server: Server, public disk: Disk, private name = 'k', private random: () => number = () => 0.5) {
    this.engine = this.start()
  }

  private async carry<T>(act: () => Answer<T>): Promise<Answer<T>> {
    await Promise.resolve()
    const weather = this.weather()
    if (weather === 'no_request') return { ok: false, status: 0 }
    if (weather === 'busy') return { ok: false, status: 503, problem: { status: 503, code: 'HM-2102', title: 'busy' } }
    if (weather === 'signed_out') return { ok: false, status: 401, problem: { status: 401, code: 'HM-1201', title: '' } }
    const answer = act()
    await Promise.resolve()
    return weather === 'no_answer' ? { ok: false, status: 0 } : answer
  }

  /** As after a kill: nothing but the disk is left. */
  start(): Engine {
    const wire: Wire = {
      work: (since) => this.carry(() => this.server.work(since)),
      visit: (id) => this.carry(() => {
        const visit = this.server.visits.get(id)
        return visit ? { ok: true, body: JSON.parse(JSON.stringify(visit)) as VisitFile } : Server.refuse(404, 'HM-1003')
      }),
      visitStep: (id, body, key) => this.carry(() => this.server.once(key, body, () => this.server.visitStep(id, body as { event: string }))),
      visitFields: (id, body, key) => this.carry(() => this.server.once(key, body, () =>
        this.server.fill(id, (body as { fields: { field: string; base: number; value: string }[] }).fields))),
      alertStep: (id, body, key) => this.carry(() => this.server.once(key, body, () => this.server.alertStep(id, body as { event: string }))),
      seen: (upTo) => this.carry(() => { this.server.log.push('seen ' + upTo); return { ok: true, body: null } }),
    }
    const here: Surroundings = {
      now: () => this.now,
      random: this.random,
      key: () => `${this.name}${this.keys++}`,
      later: (milliseconds, then) => {
        const timer = { at: this.now + milliseconds, then, off: false }
        this.timers.push(timer)
        return () => { timer.off = true }
      },
      alone: (work) => work(),
    }
    this.timers = []
    this.engine = new Engine(this.disk, wire, here)
    return this.engine
  }

  async open(): Promise<Engine> {
    await this.engine.load('7')
    await this.engine.sync()
    return this.engine
  }

  /** Lets the promises run and the timers that are due fire, until nothing is under way. */
  async settle(milliseconds = 0): Promise<void> {
    const end = this.now + milliseconds
    for (;;) {
      for (let i = 0; i < 200; i++) await Promise.resolve()
      const timer = this.timers.filter((one) => !one.off && one.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!timer) break
      timer.off = true
      this.now = Math.max(this.now, timer.at)
      timer.then()
    }
    this.now = Math.max(this.now, end)
  }

  card(thread: string) {
    const card = this.engine.cards.find((one) => one.thread === thread)
    if (!card) throw new Error('no card ' + thread)
    return card
  }
}
