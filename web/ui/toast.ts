// Short notices that come and go. `toast.say('saved')`, `toast.fail(error)`.
import { reactive } from 'vue'
import { isAbort, Offline, Problem } from './api'

export interface Toast {
  id: number
  text: string
  detail?: string
  mood: 'plain' | 'good' | 'bad'
  action?: { label: string; run: () => void }
  stays?: boolean
}

export const toasts = reactive<Toast[]>([])
let next = 1

function add(toast: Omit<Toast, 'id'>): void {
  toasts.push({ ...toast, id: next++ })
  if (toasts.length > 4) toasts.shift()
}

export const toast = {
  say: (text: string, detail?: string) => add({ text, mood: 'good', ...(detail ? { detail } : {}) }),
  tell: (text: string, action?: Toast['action'], stays = false) => add({ text, mood: 'plain', stays, ...(action ? { action } : {}) }),
  /** What went wrong with something that somebody did; `otherwise` for what is no problem document. */
  fail(error: unknown, otherwise: string): void {
    if (isAbort(error)) return
    if (error instanceof Problem) {
      const more = [error.detail, error.hint].filter(Boolean).join(' ')
      add({ text: error.title, mood: 'bad', ...(more ? { detail: more } : {}) })
    } else {
      add({ text: otherwise, mood: 'bad', ...(error instanceof Offline ? {} : { detail: String(error) }) })
    }
  },
  close(id: number): void {
    const at = toasts.findIndex((t) => t.id === id)
    if (at >= 0) toasts.splice(at, 1)
  },
}
