// Changes that wait to be sent. Each is a write to the API with its idempotency key, so that one whose answer was lost
// is sent again and done once.
//
// Newest first: the child visited last is the one that somebody waits to hear of. Writes about the same thing go in the
// order in which they were made (a visit is started before it is recorded), so the newest thing first, each in order.
import { reactive } from 'vue'
import { api, ask, idempotencyKey, isAbort, Offline, Problem } from '../api'
import { OUTBOX, type LocalStore } from './store'

export interface Operation {
  method: 'post' | 'put' | 'delete'
  path: string // of the API, with {id}
  params?: Record<string, string> // of the path
  body?: unknown
  about: string // id of the thing that it changes: these stay in order
  made: string // the phone's clock, RFC 3339
}
interface Kept extends Operation {
  number: number // order within this device
  refused?: { status: number; code: string; title: string; detail?: string; hint?: string }
}
export interface Waiting extends Kept {
  key: string
}
export type Sender = (operation: Waiting) => Promise<unknown>

const untyped = api as unknown as {
  request(method: string, path: string, init: unknown): Promise<{ data?: unknown; error?: unknown; response: Response }>
}

const sendByApi: Sender = (o) =>
  ask(untyped.request(o.method, o.path, {
    params: { path: o.params ?? {} },
    headers: { 'Idempotency-Key': o.key },
    ...(o.body === undefined ? {} : { body: o.body }),
  }))

export class Outbox {
  /** For pages: how many wait, how many were refused, whether they are being sent. */
  readonly state = reactive({ unsent: 0, refused: 0, sending: false })
  private last = 0
  private retry: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly store: LocalStore, private readonly send: Sender = sendByApi) {
    store.watch(() => void this.count())
  }

  private async count(): Promise<void> {
    try {
      this.state.unsent = await this.store.unsent()
      if (this.store.state !== 'open') return
      this.state.refused = (await this.store.list<Kept>(OUTBOX)).filter((o) => o.value.refused).length
    } catch {
      // it was locked or wiped meanwhile
    }
  }

  /** It is on disk when this resolves. The key is also its id. */
  async add(operation: Operation): Promise<string> {
    const key = idempotencyKey()
    this.last = Math.max(this.last + 1, Date.now() * 1000)
    await this.store.put(OUTBOX, key, { ...operation, number: this.last } satisfies Kept)
    await this.count()
    return key
  }

  /** In the order in which they will be sent. */
  async list(): Promise<Waiting[]> {
    const rows = await this.store.list<Kept>(OUTBOX)
    const all = rows.map((row): Waiting => ({ ...row.value, key: row.id }))
    const newest = new Map<string, number>()
    for (const o of all) newest.set(o.about, Math.max(newest.get(o.about) ?? 0, o.number))
    return all.sort((a, b) => newest.get(b.about)! - newest.get(a.about)! || a.number - b.number)
  }

  /** Somebody has decided that it shall not be sent. */
  async drop(key: string): Promise<void> {
    await this.store.delete(OUTBOX, key)
    await this.count()
  }

  /** Somebody wants a refused one tried again, perhaps with another body. */
  async mend(key: string, body?: unknown): Promise<void> {
    const kept = await this.store.get<Kept>(OUTBOX, key)
    if (!kept) return
    delete kept.refused
    await this.store.put(OUTBOX, key, body === undefined ? kept : { ...kept, body })
    await this.count()
  }

  /**
   * Sends what can be sent; `onSent` hears of each with the server's answer. Stops where nobody answers. What the server
   * refuses stays, with the reason, and so does what is about the same thing after it: a person decides. One tab sends.
   */
  async flush(onSent?: (operation: Waiting, answer: unknown) => void | Promise<void>): Promise<void> {
    if (typeof navigator !== 'undefined' && navigator.locks) {
      await navigator.locks.request('humiao.outbox', { ifAvailable: true }, (lock) => (lock ? this.run(onSent) : undefined))
    } else if (!this.state.sending) {
      await this.run(onSent)
    }
  }

  private async run(onSent?: (operation: Waiting, answer: unknown) => void | Promise<void>): Promise<void> {
    if (this.store.state !== 'open') return
    this.state.sending = true
    const stuck = new Set<string>()
    try {
      for (let next = await this.pick(stuck); next; next = await this.pick(stuck)) {
        try {
          const answer = await this.send(next)
          await this.drop(next.key)
          await onSent?.(next, answer)
        } catch (error) {
          if (!(error instanceof Problem)) {
            if (error instanceof Offline || isAbort(error)) return
            throw error
          }
          if (error.status === 401 || error.code === 'HM-1204') return // to sign in again
          if (error.status === 429 || error.status >= 500) return this.later(error, onSent)
          await this.refuse(next, error)
          stuck.add(next.about)
        }
      }
    } finally {
      this.state.sending = false
      await this.count()
    }
  }

  /** Asked anew each time: what was added meanwhile is newer. */
  private async pick(stuck: Set<string>): Promise<Waiting | undefined> {
    const all = await this.list()
    for (const o of all) if (o.refused) stuck.add(o.about)
    return all.find((o) => !stuck.has(o.about))
  }

  private async refuse(o: Waiting, error: Problem): Promise<void> {
    const { key, ...kept } = o
    const { status, code, title, detail, hint } = error
    await this.store.put(OUTBOX, key, { ...kept, refused: { status, code, title, ...(detail ? { detail } : {}), ...(hint ? { hint } : {}) } })
  }

  private later(error: Problem, onSent?: (operation: Waiting, answer: unknown) => void | Promise<void>): void {
    if (this.retry) return
    const seconds = Math.min(Math.max(error.retryAfter, 5), 300)
    this.retry = setTimeout(() => {
      this.retry = null
      void this.flush(onSent)
    }, seconds * 1000)
  }
}
