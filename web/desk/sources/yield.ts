// What came of a source: of those visits that found somebody, how many found it to be true.
export interface Outcomes {
  verified?: number
  false_alarm?: number
  refused?: number
}

export const sizeOf = (o: Outcomes): number => (o.verified ?? 0) + (o.false_alarm ?? 0) + (o.refused ?? 0)

/** "97.7 %", half up, to one place; undefined: there is nothing to divide by. */
export function shareOf(o: Outcomes): string | undefined {
  const n = sizeOf(o)
  if (n === 0) return undefined
  const tenths = Math.floor(((o.verified ?? 0) * 2000 + n) / (2 * n))
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}
