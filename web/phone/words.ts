// Small sentences that several pages need.
import { useI18n } from 'vue-i18n'
import { preferences } from '@ui/preferences'
import { clock_text, day_text, type Due } from './core/clock'
import type { Card } from './core/project'
import { now, taken } from './work'

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
  /** A day of these two weeks, where there is little room. */
  function short(text: string): string {
    const said = when(text)
    if (said === t('card.today') || said === t('card.tomorrow')) return said
    return new Date(`${text}T00:00:00Z`).toLocaleDateString(preferences.language === 'zh' ? 'zh-CN' : 'en-GB', { day: 'numeric', weekday: 'short', timeZone: 'UTC' })
  }
  /** An instant: the time of day if it is today's, else with its day. */
  function at(instant: string | number | null): string {
    const time = typeof instant === 'number' ? instant : Date.parse(instant ?? '')
    if (Number.isNaN(time)) return ''
    const of = day_text(time)
    return of === day_text(now.value) ? clock_text(time) : `${date(of)} ${clock_text(time)}`
  }
  const name = (card: Pick<Card, 'name' | 'thread'>): string => taken.value.get(card.thread)?.name ?? card.name ?? t('card.no_name')
  return { t, due, when, short, at, name }
}
