// Rows of one kind: in memory, and sealed on the phone's disk. Memory changes at once; the disk follows, one write
// after the other, in the order of the changes.

/** The sealed store of the phone. A promise that is kept means: it is on disk. */
export interface Shelf {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  remove(key: string): Promise<void>
  /** All whose key begins so. */
  list(prefix: string): Promise<[string, unknown][]>
}

// One queue a shelf, so that rows of several kinds keep their order too.
const queues = new WeakMap<Shelf, { last: Promise<unknown>; waiting: number }>()

export class Rows<T> {
  readonly map = new Map<string, T>()
  private readonly queue: { last: Promise<unknown>; waiting: number }

  constructor(private readonly shelf: Shelf, private readonly prefix: string) {
    this.queue = queues.get(shelf) ?? { last: Promise.resolve(), waiting: 0 }
    queues.set(shelf, this.queue)
  }

  get(id: string): T | undefined {
    return this.map.get(id)
  }

  values(): IterableIterator<T> {
    return this.map.values()
  }

  put(id: string, value: T): Promise<void> {
    this.map.set(id, value)
    return this.later(() => this.shelf.put(this.prefix + id, value))
  }

  remove(id: string): Promise<void> {
    if (!this.map.delete(id)) return Promise.resolve()
    return this.later(() => this.shelf.remove(this.prefix + id))
  }

  /** After all writes so far. A failed one (a full disk) is its caller's to tell, and does not stop the following. */
  later(write: () => Promise<void>): Promise<void> {
    this.queue.waiting++
    const done = this.queue.last.then(write, write).finally(() => { this.queue.waiting-- })
    this.queue.last = done.catch(() => undefined)
    return done
  }

  /** Takes what is on disk, when all writes so far are there too. */
  async read(): Promise<void> {
    for (;;) {
      const last = this.queue.last
      await last
      if (last !== this.queue.last) continue
      const rows = await this.shelf.list(this.prefix)
      if (last !== this.queue.last) continue // something was written meanwhile
      this.map.clear()
      for (const [key, value] of rows) this.map.set(key.slice(this.prefix.length), value as T)
      return
    }
  }
}
