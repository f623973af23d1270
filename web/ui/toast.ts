// Short notices that come and go. `toast.say('saved')`, `toast.fail(error, 'not saved')`.
import { reactive } from 'vue'
import { isAbort, Offline, Problem } from './api'

export interface Toast {
  id: number
  text: string
  detail?: string
  mood: 'plain' | 'good' | 'bad'
  action?: { label: string; run: () => void }
  left: number // ms until it goes by itself; Infinity: when somebody closes it
}

const SHORT = 3500
const LONG = 12000 // of bad news, which has more words
const BEAT = 500
const MOST = 2 // more would hide what one works at

export const toasts = reactive<Toast[]>([])
let next = 1
let held = false
let timer: ReturnType<typeof setInterval> | null = null

function beat(): void {
  if (!held) for (const one of [...toasts]) if ((one.left -= BEAT) <= 0) toast.close(one.id)
  if (toasts.length === 0 && timer) {
    clearInterval(timer)
    timer = null
  }
}

function add(one: Omit<Toast, 'id'>): void {
  toasts.push({ ...one, id: next++ })
  if (toasts.length > MOST) toasts.shift()
  timer ??= setInterval(beat, BEAT)
}

export const toast = {
  say: (text: string, detail?: string) => add({ text, mood: 'good', left: SHORT, ...(detail ? { detail } : {}) }),
  tell: (text: string, action?: Toast['action'], stays = false) =>
    add({ text, mood: 'plain', left: stays ? Infinity : SHORT, ...(action ? { action } : {}) }),
  /** What went wrong with something that somebody did; `otherwise` for what is no problem document. */
  fail(error: unknown, otherwise: string): void {
    if (isAbort(error)) return
    if (error instanceof Problem) {
      const more = [error.detail, error.hint].filter(Boolean).join(' ')
      add({ text: error.title, mood: 'bad', left: LONG, ...(more ? { detail: more } : {}) })
    } else {
      add({ text: otherwise, mood: 'bad', left: LONG, ...(error instanceof Offline ? {} : { detail: String(error) }) })
    }
  },
  close(id: number): void {
    const at = toasts.findIndex((t) => t.id === id)
    if (at >= 0) toasts.splice(at, 1)
    if (toasts.length === 0) held = false // what the pointer was over is gone, and it never left it
  },
  /** While somebody reads them, none goes. */
  hold(on: boolean): void {
    held = on
  },
}
