// One's work as the pages see it: the engine's copy, made reactive; when it asks and sends; the minute's clock.
import { computed, ref } from 'vue'
import { api, ask, idempotencyKey } from '@ui/api'
import { onChange } from '@ui/live'
import { session } from '@ui/session'
import { store } from '@ui/store'
import { Engine } from './core/engine'
import type { Card } from './core/project'
import { keeps, on_written, shelf } from './shelf'
import { wire } from './wire'

export const engine = new Engine(shelf, wire, {
  now: () => Date.now(),
  random: () => Math.random(),
  key: idempotencyKey,
  later(milliseconds, then) {
    const timer = setTimeout(then, milliseconds)
    return () => clearTimeout(timer)
  },
  alone: (work) => (navigator.locks ? navigator.locks.request('humiao.phone', work) as ReturnType<typeof work> : work()),
})

const version = ref(0)
engine.listen(() => version.value++)

/** Whatever of the engine a page shows: read through this, so that it is shown anew. */
function seen<T>(read: () => T) {
  return computed(() => {
    void version.value
    return read()
  })
}

export const loaded = seen(() => engine.loaded)
export const cards = seen(() => engine.cards)
export const unsent = seen(() => engine.unsent)
export const link = seen(() => engine.link)
export const broken = seen(() => engine.broken)
export const clock_wrong = seen(() => Math.round(engine.clockError / 60_000))
export const asked_at = seen(() => engine.askedAt)
export const done = seen(() => [...engine.done.values()])
export const taken = seen(() => new Map(engine.taken.map))
export const use_engine = seen

export function card_of(thread: string): Card | null {
  return cards.value.find((card) => card.thread === thread) ?? null
}

/** As answers of the server name who wrote or owns something. */
export const my_account = (): string => session.value?.account.account ?? ''

/** The minute's clock, for words such as "2 hours left". */
export const now = ref(Date.now())

/** Whether a code lies in a division: province, city, county, town and village take 2, 4, 6, 9 and 12 digits. */
function covers(division: string, code: string): boolean {
  const digits = [2, 4, 6, 9, 12].find((n) => /^0*$/.test(division.slice(n))) ?? 12
  return code.startsWith(division.slice(0, digits))
}

/** Live changes are told by division: work for a child elsewhere, for a colleague who is away, is asked for. */
const elsewhere = (): boolean => {
  const own = session.value?.account.division
  return Boolean(own) && cards.value.some((card) => card.division !== null && !covers(own as string, card.division))
}

let begun = false

/** Once the gate has let somebody in. */
export async function begin(): Promise<void> {
  if (begun) return
  begun = true
  keeps.value = store.state === 'open'
  await engine.load(my_account())
  on_written(() => void engine.reload())
  onChange(() => void engine.wake())
  window.addEventListener('online', () => void engine.wake())
  setInterval(() => {
    now.value = Date.now()
    void engine.forget()
    if (!document.hidden && now.value - engine.askedAt > 55_000 && elsewhere()) void engine.sync()
  }, 30_000)
  document.addEventListener('visibilitychange', () => (now.value = Date.now()))
  await engine.wake()
}

// ---- names of villages: public, kept for the road

const names = ref<Record<string, string>>({})
const asking = new Set<string>()

export function division_name(code: string | null): string {
  if (!code) return ''
  const known = names.value[code]
  if (known === undefined && !asking.has(code)) void ask_name(code)
  return known ?? ''
}

async function ask_name(code: string): Promise<void> {
  asking.add(code)
  const kept = await shelf.get(`division/${code}`).catch(() => undefined)
  if (typeof kept === 'string') names.value = { ...names.value, [code]: kept }
  try {
    const { division } = await ask(api.GET('/api/v1/divisions/{code}', { params: { path: { code } } }))
    if (!division.name) return
    names.value = { ...names.value, [code]: division.name }
    if (division.name !== kept) await shelf.put(`division/${code}`, division.name)
  } catch {
    if (kept === undefined) setTimeout(() => asking.delete(code), 60_000) // the code itself is shown meanwhile
  }
}
