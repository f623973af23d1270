// Small sentences that several pages need.
import { useI18n } from 'vue-i18n'
import { preferences } from '@ui/preferences'
import { clock_text, day_text, due_words, type Due } from './core/clock'
import type { Card } from './core/project'
import { opened_of } from './opening'
import { now } from './work'

export function usePhoneWords() {
  const { t } = useI18n({ useScope: 'global' })

  const due = (of: Due): string => t(`due.${of.word}`, { n: of.n })
  /** A day as one says it: today, tomorrow, else the date. */
  function when(text: string | null): string {
    if (!text) return ''
    if (text === day_text(now.value)) return t('card.today')
    if (text === day_text(now.value + 86_400_000)) return t('card.tomorrow')
    return date(text, { weekday: 'short' })
  }
  /** A day without its year, unless that is another one. */
  function date(text: string, more: Intl.DateTimeFormatOptions = {}): string {
    const year = text.slice(0, 4) === day_text(now.value).slice(0, 4) ? undefined : 'numeric'
    return new Date(`${text}T00:00:00Z`).toLocaleDateString(preferences.language === 'zh' ? 'zh-CN' : 'en-GB', {
      ...(year ? { year } : {}), month: preferences.language === 'zh' ? 'long' : 'short', day: 'numeric', timeZone: 'UTC', ...more,
    })
  }
  /** An instant: the time of day if it is today's, else with its day. */
  function at(instant: string | number | null): string {
    const time = typeof instant === 'number' ? instant : Date.parse(instant ?? '')
    if (Number.isNaN(time)) return ''
    const of = day_text(time)
    return of === day_text(now.value) ? clock_text(time) : `${date(of)} ${clock_text(time)}`
  }
  const name = (card: Pick<Card, 'name' | 'thread'>): string => opened_of(card.thread)?.name ?? card.name ?? t('card.no_name')
  const due_of = (card: Card): Due => due_words(card.due, now.value)
  return { t, due, due_of, when, at, name }
}
