import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Offline, Problem } from '../api'
import { Outbox, type Waiting } from '../store/outbox'
import { KEY_LIFE, LocalStore, OUTBOX, StoreClosed } from '../store/store'

const ROUNDS = 1000 // the browser does 600,000; the arithmetic is the same
const NAME = '张小明 canary'

let factory: IDBFactory
let now: number
const open: LocalStore[] = []

/** A page of the same browser. */
function page(): LocalStore {
  const store = new LocalStore({ factory: factory as unknown as globalThis.IDBFactory, crypto: globalThis.crypto, rounds: ROUNDS, now: () => now })
  open.push(store)
  return store
}

beforeEach(() => {
  factory = new IDBFactory()
  now = 1_750_000_000_000
})
afterEach(() => open.splice(0).forEach((store) => store.close()))

/** Everything that lies on the disk, as bytes. */
async function disk(): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const request = factory.open('humiao') as unknown as IDBOpenDBRequest
    request.onsuccess = () => resolve(request.result)
  })
  let all = ''
  for (const table of ['vault', 'rows'] as const) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = db.transaction(table).objectStore(table).getAll()
      request.onsuccess = () => resolve(request.result)
    })
    all += JSON.stringify(rows, (_k, v: unknown) =>
      v instanceof ArrayBuffer ? new TextDecoder('latin1').decode(v) : ArrayBuffer.isView(v) ? new TextDecoder('latin1').decode(v) : v)
  }
  db.close()
  return all
}

describe('the sealed store', () => {
  it('gives back what was put, newest first, and only whole kinds are replaced', async () => {
    const s = page()
    expect(s.state).toBe('absent')
    expect(await s.open('director', 'one two three')).toEqual({ outcome: 'open' })
    for (const id of ['1', '2', '3']) {
      now += 1000
      await s.put('child', id, { name: NAME, id })
    }
    expect(await s.get('child', '2')).toEqual({ name: NAME, id: '2' })
    expect(await s.get('child', '9')).toBeNull()
    expect((await s.list<{ id: string }>('child')).map((r) => r.value.id)).toEqual(['3', '2', '1'])
    await s.put('other', '1', 'stays')
    await s.replace('child', [['7', { id: '7' }]])
    expect((await s.list('child')).map((r) => r.id)).toEqual(['7'])
    expect(await s.get('other', '1')).toBe('stays')
    await s.delete('child', '7')
    expect(await s.list('child')).toEqual([])
  })

  it('leaves no value, password or account key in clear', async () => {
    const s = page()
    await s.open('director', 'correct horse')
    await s.put('child', '1', { name: NAME })
    const bytes = await disk()
    expect(bytes).not.toContain('canary')
    expect(bytes).not.toContain('张')
    expect(bytes).not.toContain('correct horse')
    expect(bytes).toContain('child')
  })

  it('opens in the next page without a password, for twelve hours after the last use', async () => {
    await page().open('director', 'password one')
    await open[0]!.put('child', '1', 'x')
    now += KEY_LIFE - 60_000
    const second = page()
    expect(await second.start()).toBe('open')
    expect(await second.get('child', '1')).toBe('x') // a use
    now += KEY_LIFE - 60_000
    const third = page()
    expect(await third.start()).toBe('open')
    now += KEY_LIFE + 60_000
    const fourth = page()
    expect(await fourth.start()).toBe('locked')
    await expect(fourth.get('child', '1')).rejects.toThrow(StoreClosed)
    expect(await fourth.unlock('password two')).toBe(false)
    expect(fourth.state).toBe('locked')
    expect(await fourth.unlock('password one')).toBe(true)
    expect(await fourth.get('child', '1')).toBe('x')
  })

  it('locks a page that stays open too long', async () => {
    const s = page()
    await s.open('director', 'password one')
    now += KEY_LIFE + 1
    expect(s.state).toBe('locked')
    await expect(s.put('child', '1', 1)).rejects.toThrow(StoreClosed)
    expect(await page().start()).toBe('locked')
  })

  it('keeps a key that no script can export', async () => {
    const s = page()
    await s.open('director', 'password one')
    const key = (s as unknown as { key: CryptoKey }).key
    expect(key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
    await s.lock()
    await s.unlock('password one')
    expect((s as unknown as { key: CryptoKey }).key.extractable).toBe(false)
  })

  it('refuses a value that was moved to another place', async () => {
    const s = page()
    await s.open('director', 'password one')
    await s.put('child', '1', 'one')
    const db = (s as unknown as { database: { get(t: string, k: unknown): Promise<Record<string, unknown>>; put(r: unknown): Promise<void> } }).database
    const row = await db.get('rows', ['child', '1'])
    await db.put({ ...row, id: '2' })
    await expect(s.get('child', '2')).rejects.toThrow()
    expect(await s.get('child', '1')).toBe('one')
  })

  it('is emptied when another account signs in, but asks where changes wait', async () => {
    const s = page()
    await s.open('first', 'password one')
    await s.put('child', '1', 'x')
    await s.put(OUTBOX, 'k', { about: '1', number: 1 })
    const second = page()
    expect(await second.open('second', 'password two')).toEqual({ outcome: 'unsent', account: 'first', unsent: 1, same: false })
    expect(await page().start()).toBe('open') // nothing is lost yet
    expect(await page().open('first', 'password one')).toEqual({ outcome: 'open' })
    expect(await second.open('second', 'password two', { dropUnsent: true })).toEqual({ outcome: 'open' })
    expect(second.account).toBe('second')
    expect(await second.list('child')).toEqual([])
    expect(await second.unsent()).toBe(0)
  })

  it('follows a change of password, with the old one', async () => {
    const s = page()
    await s.open('first', 'password one')
    await s.put(OUTBOX, 'k', { about: '1', number: 1 })
    await s.lock()
    expect(await s.open('first', 'password new')).toEqual({ outcome: 'unsent', account: 'first', unsent: 1, same: true })
    expect(await s.rewrap('password wrong', 'password new')).toBe(false)
    expect(await s.rewrap('password one', 'password new')).toBe(true)
    expect(await s.open('first', 'password new')).toEqual({ outcome: 'open' })
    expect(await s.unsent()).toBe(1)
    expect(await page().unlock('password one')).toBe(false)
  })

  it('wipes all', async () => {
    const s = page()
    await s.open('first', 'password one')
    await s.put('child', '1', { name: NAME })
    await s.wipe()
    expect(s.state).toBe('absent')
    expect(await disk()).toBe('[][]')
    await expect(s.get('child', '1')).rejects.toThrow(StoreClosed)
  })

  it('lets nothing be written behind a wiping', async () => {
    for (let beats = 0; beats < 12; beats++) {
      const s = page()
      await s.open('first', 'password one')
      const late = [s.put('child', '1', { name: NAME }), s.replace('child', [['2', { name: NAME }]])].map((p) => p.catch(() => undefined))
      for (let i = 0; i < beats; i++) await Promise.resolve()
      await s.wipe()
      await Promise.all(late)
      expect(await disk(), `after ${beats} beats`).toBe('[][]')
    }
  })

  it('says so where the browser lacks what it needs', async () => {
    for (const parts of [{ factory: undefined, crypto: globalThis.crypto }, { factory: factory as unknown as globalThis.IDBFactory, crypto: undefined }]) {
      const s = new LocalStore(parts)
      expect(await s.start()).toBe('missing')
      expect(await s.open('a', 'password one')).toEqual({ outcome: 'missing' })
      await expect(s.get('child', '1')).rejects.toThrow(StoreClosed)
      expect(await s.unsent()).toBe(0)
      await s.wipe()
    }
    const refusing = { open: () => { throw new Error('private window') } } as unknown as globalThis.IDBFactory
    const s = new LocalStore({ factory: refusing, crypto: globalThis.crypto })
    expect(await s.start()).toBe('missing')
    expect(await s.open('a', 'password one')).toEqual({ outcome: 'missing' })
  })
})

describe('the outbox', () => {
  const operation = (about: string, n: number) => ({ method: 'post' as const, path: '/x', about, body: { n }, made: '2026-07-01T00:00:00Z' })
  const numbers = (sent: Waiting[]) => sent.map((o) => (o.body as { n: number }).n)

  async function filled(send: (o: Waiting) => Promise<unknown>): Promise<{ outbox: Outbox; store: LocalStore }> {
    const store = page()
    await store.open('director', 'password one')
    const outbox = new Outbox(store, send)
    await outbox.add(operation('a', 1))
    await outbox.add(operation('b', 2))
    await outbox.add(operation('a', 3))
    await outbox.add(operation('c', 4))
    return { outbox, store }
  }

  it('sends the newest thing first, each thing in order', async () => {
    const sent: Waiting[] = []
    const { outbox, store } = await filled(async (o) => sent.push(o))
    await outbox.flush()
    expect(numbers(sent)).toEqual([4, 1, 3, 2])
    expect(new Set(sent.map((o) => o.key)).size).toBe(4)
    expect(await store.unsent()).toBe(0)
    expect(outbox.state).toEqual({ unsent: 0, refused: 0, sending: false })
  })

  it('stops where nobody answers, and repeats with the same key', async () => {
    const keys: string[] = []
    let answers = 1
    const { outbox, store } = await filled(async (o) => {
      keys.push(o.key)
      if (answers-- <= 0) throw new Offline()
    })
    await outbox.flush()
    expect(await store.unsent()).toBe(3)
    answers = 99
    await outbox.flush()
    expect(await store.unsent()).toBe(0)
    expect(keys[1]).toBe(keys[2])
  })

  it('keeps what is refused and what follows it, and sends the rest', async () => {
    const { outbox, store } = await filled(async (o) => {
      if ((o.body as { n: number }).n === 1) throw new Problem(409, { code: 'HM-1207', title: 'that cannot be done in this state', detail: 'it was recalled' })
    })
    const told: number[] = []
    await outbox.flush((o) => void told.push((o.body as { n: number }).n))
    expect(told).toEqual([4, 2])
    const left = await outbox.list()
    expect(numbers(left)).toEqual([1, 3])
    expect(left[0]!.refused).toEqual({ status: 409, code: 'HM-1207', title: 'that cannot be done in this state', detail: 'it was recalled' })
    expect(outbox.state).toMatchObject({ unsent: 2, refused: 1 })
    await outbox.drop(left[0]!.key)
    await outbox.flush((o) => void told.push((o.body as { n: number }).n))
    expect(told).toEqual([4, 2, 3])
    expect(await store.unsent()).toBe(0)
  })

  it('sends a mended one again', async () => {
    const { outbox } = await filled(async (o) => {
      if ((o.body as { n: number }).n === 4) throw new Problem(422, { code: 'HM-1101', title: 'no' })
    })
    await outbox.flush()
    const [refused] = await outbox.list()
    await outbox.mend(refused!.key, { n: 40 })
    expect(outbox.state.refused).toBe(0)
    await outbox.flush()
    expect(await outbox.list()).toEqual([])
  })

  it('waits for a session, and keeps everything', async () => {
    const { outbox, store } = await filled(async () => { throw new Problem(401, { code: 'HM-1201', title: 'nobody is signed in' }) })
    await outbox.flush()
    expect(await store.unsent()).toBe(4)
    expect((await outbox.list()).some((o) => o.refused)).toBe(false)
  })

  it('survives the end of the page', async () => {
    const { store } = await filled(async () => {})
    store.close()
    const next = page()
    expect(await next.start()).toBe('open')
    const sent: Waiting[] = []
    await new Outbox(next, async (o) => sent.push(o)).flush()
    expect(numbers(sent)).toEqual([4, 1, 3, 2])
  })
})
