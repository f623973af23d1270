// The as-of line moved by keys: a day with the arrows, a month with shift, a year by page, the ends by home and end.
import { addMonths, type Day } from './days'

export function moved(day: Day, key: string, shift: boolean, begin: Day, end: Day): Day | undefined {
  const to = (() => {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        return shift ? addMonths(day, -1) : day - 1
      case 'ArrowRight':
      case 'ArrowUp':
        return shift ? addMonths(day, 1) : day + 1
      case 'PageDown':
        return addMonths(day, -12)
      case 'PageUp':
        return addMonths(day, 12)
      case 'Home':
        return begin
      case 'End':
        return end
      default:
        return undefined
    }
  })()
  return to === undefined ? undefined : Math.min(end, Math.max(begin, to))
}
