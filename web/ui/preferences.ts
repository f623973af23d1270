// What a person has set for this device: language, theme, text size. Kept in localStorage: they say nothing of anybody.
import { reactive, watch } from 'vue'

export type Language = 'zh' | 'en'
export type Theme = 'auto' | 'light' | 'dark'
export type TextSize = 'normal' | 'large' | 'larger'

export interface Preferences {
  language: Language
  theme: Theme
  size: TextSize
  sideOpen: boolean // of the desk's navigation
}

const KEY = 'humiao.preferences'
const usual: Preferences = { language: 'zh', theme: 'auto', size: 'normal', sideOpen: true }

function one<T>(value: unknown, of: readonly T[], otherwise: T): T {
  return of.includes(value as T) ? (value as T) : otherwise
}

function read(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as typeof kept
  } catch {
    // no storage, or not ours: the usual ones
  }
  return {
    language: one(kept.language, ['zh', 'en'] as const, usual.language),
    theme: one(kept.theme, ['auto', 'light', 'dark'] as const, usual.theme),
    size: one(kept.size, ['normal', 'large', 'larger'] as const, usual.size),
    sideOpen: kept.sideOpen !== false,
  }
}

export const preferences: Preferences = reactive(typeof window === 'undefined' ? { ...usual } : read())

function show(p: Preferences, dark: boolean): void {
  const root = document.documentElement
  root.lang = p.language === 'zh' ? 'zh-CN' : 'en'
  root.dataset.theme = p.theme === 'auto' ? (dark ? 'dark' : 'light') : p.theme
  root.dataset.size = p.size
}

/** Once a page: sets what the style sheets read, now and at each change, also one made in another tab. */
export function applyPreferences(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const now = () => show(preferences, dark.matches)
  now()
  dark.addEventListener('change', now)
  watch(preferences, () => {
    now()
    try {
      localStorage.setItem(KEY, JSON.stringify(preferences))
    } catch {
      // it holds for this page then
    }
  })
  window.addEventListener('storage', (event) => {
    if (event.key === KEY) Object.assign(preferences, read())
  })
}
