// The words of a timeline, in the language of the page.
import { useI18n } from 'vue-i18n'
import { useWords } from '@ui/i18n'
import { placeName } from '../places'
import { textOf, type Day } from './days'
import type { Words } from './layout'
import type { Fact } from './model'
import { valueText } from './values'

export function useFactWords(): Words {
  const { t } = useI18n()
  const { word } = useWords()
  return {
    person: (about: string) => (about === 'self' ? t('timeline.self') : word('kin', about)),
    fact(f: Fact): string {
      const value = valueText(f.kind, f.value, (key, named) => t(key, named ?? {}), placeName)
      return value ? t('timeline.fact_value', { kind: word('record_kind', f.kind), value }) : word('record_kind', f.kind)
    },
    dates(from: Day | undefined, to: Day | undefined, event: boolean): string {
      if (event) return from === undefined ? '' : textOf(from)
      if (from === undefined) return to === undefined ? t('dates.always') : t('dates.until', { to: textOf(to) })
      return to === undefined ? t('dates.from', { from: textOf(from) }) : t('dates.between', { from: textOf(from), to: textOf(to) })
    },
  }
}
