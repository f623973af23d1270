// IndexedDB with promises: three tables, and nothing of what they mean.

const NAME = 'humiao'
const VERSION = 1

export type Table = 'vault' | 'keys' | 'rows'

export interface Row {
  kind: string
  id: string
  at: number // ms; when it was put
  iv: Uint8Array
  sealed: ArrayBuffer
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

export class Database {
  private constructor(private readonly db: IDBDatabase) {}

  static open(factory: IDBFactory): Promise<Database> {
    return new Promise((resolve, reject) => {
      const request = factory.open(NAME, VERSION)
      request.onupgradeneeded = () => {
        request.result.createObjectStore('vault')
        request.result.createObjectStore('keys')
        request.result.createObjectStore('rows', { keyPath: ['kind', 'id'] }).createIndex('kind', 'kind')
      }
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close()
        resolve(new Database(request.result))
      }
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      request.onblocked = () => reject(new Error('IndexedDB is blocked by another tab'))
    })
  }

  /** One transaction. It has committed, to disk as far as the browser does that, when the promise resolves. */
  async run<T>(tables: Table[], mode: IDBTransactionMode, work: (get: (table: Table) => IDBObjectStore) => Promise<T> | T): Promise<T> {
    const transaction = this.db.transaction(tables, mode, { durability: 'strict' })
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'))
    })
    try {
      const result = await work((table) => transaction.objectStore(table))
      await ended
      return result
    } catch (error) {
      ended.catch(() => {})
      try {
        transaction.abort()
      } catch {
        // it has ended already
      }
      throw error
    }
  }

  get<T>(table: Table, key: IDBValidKey): Promise<T | undefined> {
    return this.run([table], 'readonly', (at) => done(at(table).get(key) as IDBRequest<T | undefined>))
  }

  set(table: Table, key: IDBValidKey, value: unknown): Promise<unknown> {
    return this.run([table], 'readwrite', (at) => done(at(table).put(value, key)))
  }

  remove(table: Table, key: IDBValidKey): Promise<unknown> {
    return this.run([table], 'readwrite', (at) => done(at(table).delete(key)))
  }

  put(row: Row): Promise<unknown> {
    return this.run(['rows'], 'readwrite', (at) => done(at('rows').put(row)))
  }

  rows(kind: string): Promise<Row[]> {
    return this.run(['rows'], 'readonly', (at) => done(at('rows').index('kind').getAll(kind) as IDBRequest<Row[]>))
  }

  count(kind: string): Promise<number> {
    return this.run(['rows'], 'readonly', (at) => done(at('rows').index('kind').count(kind)))
  }

  /** All rows of a kind become these, at once. */
  replace(kind: string, rows: Row[]): Promise<void> {
    return this.run(['rows'], 'readwrite', async (at) => {
      const keys = await done(at('rows').index('kind').getAllKeys(kind))
      for (const key of keys) at('rows').delete(key)
      for (const row of rows) at('rows').put(row)
    })
  }

  clear(): Promise<void> {
    return this.run(['vault', 'keys', 'rows'], 'readwrite', (at) => {
      for (const table of ['vault', 'keys', 'rows'] as const) at(table).clear()
    })
  }

  close(): void {
    this.db.close()
  }
}
