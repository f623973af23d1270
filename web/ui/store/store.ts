// The sealed local store (docs/decisions/013-local-store.md): what a phone keeps for days without a network.
//
// Each value is AES-256-GCM under one random data key. A key made of the password (PBKDF2-SHA-256) wraps the data key.
// While somebody works, the data key lies in IndexedDB as a CryptoKey that no script can export, for 12 hours after its
// last use; after that, or after lock(), only the password opens it. In clear stand: kinds, random ids, times, sizes.
import { Database, type Row } from './database'

export const ROUNDS = 600000
export const KEY_LIFE = 12 * 3600 * 1000 // ms since the last use
const TOUCH = 60 * 1000 // how exactly the last use is noted
export const OUTBOX = 'outbox'

/** `missing`: this browser cannot. `absent`: nobody has opened one here. */
export type StoreState = 'missing' | 'absent' | 'locked' | 'open'

interface Header {
  account: string
  salt: Uint8Array
  rounds: number
  iv: Uint8Array
  wrapped: ArrayBuffer
}
interface Shelf {
  key: CryptoKey
  usedAt: number
}

export type Opened =
  | { outcome: 'open' }
  | { outcome: 'missing' }
  /** Unsent changes of another account, or of this one under another password, would be lost. Ask; then `dropUnsent`. */
  | { outcome: 'unsent'; account: string; unsent: number; same: boolean }

export class StoreClosed extends Error {
  constructor(readonly state: StoreState) {
    super(`the local store is ${state}`)
    this.name = 'StoreClosed'
  }
}

export interface StoreParts {
  factory: IDBFactory | undefined
  crypto: Crypto | undefined
  rounds?: number
  now?: () => number
}

const text = new TextEncoder()

export class LocalStore {
  private database: Database | null = null
  private header: Header | null = null
  private key: CryptoKey | null = null
  private usedAt = 0
  private touchedAt = 0
  private broken = false
  private readonly watchers = new Set<() => void>()

  constructor(private readonly parts: StoreParts) {}

  // ---- what there is

  get supported(): boolean {
    return !this.broken && Boolean(this.parts.factory && this.parts.crypto?.subtle)
  }

  get state(): StoreState {
    if (!this.supported) return 'missing'
    if (!this.header) return 'absent'
    return this.key && !this.expired() ? 'open' : 'locked'
  }

  /** Whose it is. */
  get account(): string | null {
    return this.header?.account ?? null
  }

  /** Called back after each change of state or of the outbox. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  private tell(): void {
    for (const watcher of [...this.watchers]) watcher()
  }

  private now(): number {
    return this.parts.now?.() ?? Date.now()
  }

  private expired(): boolean {
    return this.now() - this.usedAt > KEY_LIFE
  }

  private get subtle(): SubtleCrypto {
    return this.parts.crypto!.subtle
  }

  /** Once a page: finds what an earlier page has left. Never throws: a browser without is `missing`. */
  async start(): Promise<StoreState> {
    if (!this.supported) return 'missing'
    try {
      const db = await this.db()
      this.header = (await db.get<Header>('vault', 'vault')) ?? null
      const shelf = await db.get<Shelf>('keys', 'data')
      this.key = shelf?.key ?? null
      this.usedAt = shelf?.usedAt ?? 0
      if (shelf && this.expired()) await this.lock()
    } catch {
      this.broken = true // private windows of some browsers
    }
    this.tell()
    return this.state
  }

  private async db(): Promise<Database> {
    this.database ??= await Database.open(this.parts.factory!)
    return this.database
  }

  // ---- opening and closing

  /** At sign-in, once the server has accepted the password. Makes the store, opens it, or says what stands in the way. */
  async open(account: string, password: string, options: { dropUnsent?: boolean } = {}): Promise<Opened> {
    if (!this.supported) return { outcome: 'missing' }
    await this.start()
    if (!this.supported) return { outcome: 'missing' }
    if (this.header?.account === account && (await this.unlock(password))) return { outcome: 'open' }
    if (this.header) {
      const unsent = await this.unsent()
      if (unsent > 0 && !options.dropUnsent) {
        return { outcome: 'unsent', account: this.header.account, unsent, same: this.header.account === account }
      }
      await this.wipe()
    }
    await this.make(account, password)
    return { outcome: 'open' }
  }

  private async make(account: string, password: string): Promise<void> {
    const data = await this.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
    this.header = await this.wrap(account, password, data)
    await (await this.db()).set('vault', 'vault', this.header)
    await this.take(await this.sealKey(await this.subtle.exportKey('raw', data)))
  }

  /** The key as it is worked with: it cannot be exported again. */
  private sealKey(raw: ArrayBuffer): Promise<CryptoKey> {
    return this.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  }

  private async passwordKey(password: string, salt: Uint8Array, rounds: number): Promise<CryptoKey> {
    const base = await this.subtle.importKey('raw', text.encode(password.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
    return this.subtle.deriveKey(
      { name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations: rounds },
      base, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey'],
    )
  }

  private async wrap(account: string, password: string, data: CryptoKey): Promise<Header> {
    const salt = this.parts.crypto!.getRandomValues(new Uint8Array(16))
    const iv = this.parts.crypto!.getRandomValues(new Uint8Array(12))
    const rounds = this.parts.rounds ?? ROUNDS
    const wrapping = await this.passwordKey(password, salt, rounds)
    const wrapped = await this.subtle.wrapKey('raw', data, wrapping, { name: 'AES-GCM', iv, additionalData: text.encode(account) })
    return { account, salt, rounds, iv, wrapped }
  }

  /** The data key; null: it is another password. */
  private async unwrap(password: string, extractable: boolean): Promise<CryptoKey | null> {
    const h = this.header
    if (!h) return null
    try {
      const wrapping = await this.passwordKey(password, h.salt, h.rounds)
      return await this.subtle.unwrapKey(
        'raw', h.wrapped, wrapping, { name: 'AES-GCM', iv: h.iv as BufferSource, additionalData: text.encode(h.account) },
        'AES-GCM', extractable, ['encrypt', 'decrypt'],
      )
    } catch {
      return null
    }
  }

  private async take(key: CryptoKey): Promise<void> {
    this.key = key
    this.usedAt = 0
    this.touchedAt = 0
    await this.touch()
    this.tell()
  }

  private async touch(): Promise<void> {
    this.usedAt = this.now()
    if (this.usedAt - this.touchedAt < TOUCH || !this.key) return
    this.touchedAt = this.usedAt
    const db = await this.db()
    if (this.key) await db.set('keys', 'data', { key: this.key, usedAt: this.usedAt } satisfies Shelf)
  }

  /** Without a network. False: it is another password. */
  async unlock(password: string): Promise<boolean> {
    const key = await this.unwrap(password, false)
    if (key) await this.take(key)
    return key !== null
  }

  /** Forgets the key; the password opens again. */
  async lock(): Promise<void> {
    this.key = null
    this.usedAt = 0
    if (this.database) await this.database.remove('keys', 'data')
    this.tell()
  }

  /** After a change of password. False: `old` is not the one it was sealed with. */
  async rewrap(old: string, password: string): Promise<boolean> {
    if (!this.header) return false
    const data = await this.unwrap(old, true)
    if (!data) return false
    this.header = await this.wrap(this.header.account, password, data)
    await (await this.db()).set('vault', 'vault', this.header)
    return true
  }

  /** Deletes everything. Whoever calls has asked where `unsent()` is not 0. */
  async wipe(): Promise<void> {
    if (!this.supported) return
    const db = await this.db()
    // The key first: what is being sealed at this moment must not be written behind the clearing.
    this.header = this.key = null
    this.usedAt = 0
    await db.clear()
    this.tell()
  }

  /** How many changes wait to be sent; counted without opening. */
  async unsent(): Promise<number> {
    return this.supported ? (await this.db()).count(OUTBOX) : 0
  }

  // ---- values

  private async ready(): Promise<{ db: Database; key: CryptoKey }> {
    if (this.key && this.expired()) await this.lock()
    if (!this.key) throw new StoreClosed(this.state)
    await this.touch()
    const db = await this.db()
    if (!this.key) throw new StoreClosed(this.state)
    return { db, key: this.key }
  }

  /** Sealing takes a moment, in which the store may have been locked or wiped. */
  private still(key: CryptoKey): void {
    if (this.key !== key) throw new StoreClosed(this.state)
  }

  /** A value that was put elsewhere does not open: its place goes into the seal. */
  private place(kind: string, id: string): Uint8Array {
    return text.encode(JSON.stringify([this.header?.account ?? '', kind, id]))
  }

  private async seal(key: CryptoKey, kind: string, id: string, value: unknown, at: number): Promise<Row> {
    const iv = this.parts.crypto!.getRandomValues(new Uint8Array(12))
    const plain = text.encode(JSON.stringify(value))
    const sealed = await this.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: this.place(kind, id) as BufferSource }, key, plain)
    return { kind, id, at, iv, sealed }
  }

  private async unseal<T>(key: CryptoKey, row: Row): Promise<T> {
    const place = this.place(row.kind, row.id) as BufferSource
    const plain = await this.subtle.decrypt({ name: 'AES-GCM', iv: row.iv as BufferSource, additionalData: place }, key, row.sealed)
    return JSON.parse(new TextDecoder().decode(plain)) as T
  }

  async get<T>(kind: string, id: string): Promise<T | null> {
    const { db, key } = await this.ready()
    const row = await db.get<Row>('rows', [kind, id])
    return row ? this.unseal<T>(key, row) : null
  }

  /** `value`: whatever JSON can say. It is on disk when this resolves. */
  async put(kind: string, id: string, value: unknown): Promise<void> {
    const { db, key } = await this.ready()
    const row = await this.seal(key, kind, id, value, this.now())
    this.still(key)
    await db.put(row)
    if (kind === OUTBOX) this.tell()
  }

  async delete(kind: string, id: string): Promise<void> {
    const { db } = await this.ready()
    await db.remove('rows', [kind, id])
    if (kind === OUTBOX) this.tell()
  }

  /** All of a kind, newest first. */
  async list<T>(kind: string): Promise<{ id: string; at: number; value: T }[]> {
    const { db, key } = await this.ready()
    const rows = await db.rows(kind)
    rows.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    return Promise.all(rows.map(async (row) => ({ id: row.id, at: row.at, value: await this.unseal<T>(key, row) })))
  }

  /** The rows of a kind become these, in one transaction. */
  async replace(kind: string, values: Iterable<readonly [id: string, value: unknown]>): Promise<void> {
    const { db, key } = await this.ready()
    const at = this.now()
    const rows = await Promise.all([...values].map(([id, value]) => this.seal(key, kind, id, value, at)))
    this.still(key)
    await db.replace(kind, rows)
    if (kind === OUTBOX) this.tell()
  }

  close(): void {
    this.database?.close()
    this.database = null
  }
}
