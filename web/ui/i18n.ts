// Chinese first, English whole. Three catalogues are joined: words/ (of the domain), messages/ (of components), and
// the page's own. English has the type of Chinese, so a sentence that lacks one does not compile.
import { createI18n, useI18n } from 'vue-i18n'
import { watch } from 'vue'
import en from './messages/en'
import zh from './messages/zh'
import { preferences } from './preferences'
import wordsEn from './words/en'
import wordsZh from './words/zh'

/** The shape of a catalogue, with any sentences. */
export type Catalogue<T> = { [K in keyof T]: T[K] extends string ? string : Catalogue<T[K]> }

type Tree = { [key: string]: string | Tree }

export function makeI18n(own: { zh: Tree; en: Tree }) {
  const i18n = createI18n({
    legacy: false,
    locale: preferences.language,
    fallbackLocale: 'zh',
    missingWarn: false,
    fallbackWarn: false,
    messages: {
      zh: { ...zh, words: wordsZh, ...own.zh },
      en: { ...en, words: wordsEn, ...own.en },
    },
  })
  watch(() => preferences.language, (language) => {
    i18n.global.locale.value = language
  })
  return i18n
}

export type WordKind = keyof typeof wordsZh

/** `word('level', 'high')`: a word of the domain. What no catalogue knows is shown as it came. */
export function useWords() {
  const { t, te, locale } = useI18n({ useScope: 'global' })

  function word(kind: WordKind, name: string | null | undefined): string {
    if (name === null || name === undefined || name === '') return '–'
    const key = `words.${kind}.${name.replaceAll('.', '_')}`
    return te(key) || te(key, 'zh') ? t(key) : name
  }
  return { t, word, locale }
}

/** Days and moments as people here read them. Days are civil days of Asia/Shanghai and are never shifted. */
export function useDates() {
  const tag = () => (preferences.language === 'zh' ? 'zh-CN' : 'en-GB')
  const zone = 'Asia/Shanghai'

  /** `YYYY-MM-DD`, or what a mask has left of it, which is given as it is. */
  function day(text: string | null | undefined): string {
    if (!text) return '–'
    const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
    if (!m) return text
    return new Date(Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]))).toLocaleDateString(tag(), {
      year: 'numeric', month: preferences.language === 'zh' ? 'numeric' : 'short', day: 'numeric', timeZone: 'UTC',
    })
  }
  function moment(text: string | null | undefined): string {
    if (!text) return '–'
    const at = new Date(text)
    if (Number.isNaN(at.getTime())) return text
    return at.toLocaleString(tag(), {
      year: 'numeric', month: preferences.language === 'zh' ? 'numeric' : 'short', day: 'numeric', hour: '2-digit',
      minute: '2-digit', hour12: false, timeZone: zone,
    })
  }
  /** "in 3 hours", "2 days ago"; of a moment. */
  function away(text: string | null | undefined, now = Date.now()): string {
    if (!text) return '–'
    const seconds = (new Date(text).getTime() - now) / 1000
    if (Number.isNaN(seconds)) return text
    const format = new Intl.RelativeTimeFormat(tag(), { numeric: 'auto' })
    for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60]] as const) {
      if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
    }
    return format.format(0, 'minute')
  }
  /** Today where the children live. */
  function today(): string {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())
  }
  return { day, moment, away, today }
}
