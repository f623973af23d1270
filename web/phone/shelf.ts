// The engine's shelf on the sealed local store. Without one (no secure context, a private window) it lasts as long as
// the page; the person is told to stay online.
import { ref } from 'vue'
import { store, StoreClosed } from '@ui/store'
import { OUTBOX } from '@ui/store/store'
import type { Shelf } from './core/rows'

/** Whether what is kept outlives the page. */
export const keeps = ref(false)

// What has not been sent stands where the store counts it without opening it: before signing out, or while it is locked.
const kind_of = (name: string): string => (name === 'operation' ? OUTBOX : `phone.${name}`)

function parts(key: string): [kind: string, id: string] {
  const at = key.indexOf('/')
  return at < 0 ? [kind_of('one'), key] : [kind_of(key.slice(0, at)), key.slice(at + 1)]
}

/** Too long unused, the store has locked itself: the gate of the page asks for the password. */
function closed(error: unknown): never {
  if (error instanceof StoreClosed && error.state === 'locked') location.reload()
  throw error
}

const memory = new Map<string, string>()
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('humiao.phone') : null
let telling: ReturnType<typeof setTimeout> | null = null

function tell_others(): void {
  telling ??= setTimeout(() => {
    telling = null
    channel?.postMessage('written')
  }, 100)
}

/** Calls back when another window of this phone has written. */
export function on_written(then: () => void): void {
  if (channel) channel.onmessage = then
}

export const shelf: Shelf = {
  async get(key) {
    if (!keeps.value) return JSON.parse(memory.get(key) ?? 'null') ?? undefined
    return (await store.get<unknown>(...parts(key)).catch(closed)) ?? undefined
  },
  async put(key, value) {
    if (!keeps.value) memory.set(key, JSON.stringify(value))
    else await store.put(...parts(key), value).catch(closed)
    tell_others()
  },
  async remove(key) {
    if (!keeps.value) memory.delete(key)
    else await store.delete(...parts(key)).catch(closed)
    tell_others()
  },
  async list(prefix) {
    if (!keeps.value)
      return [...memory].filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key, JSON.parse(text) as unknown])
    const rows = await store.list<unknown>(kind_of(prefix.slice(0, -1))).catch(closed)
    return rows.map((row) => [prefix + row.id, row.value])
  },
}
