// A resident's identity number, GB 11643-1999: form and check digit, told while it is typed.

export type IdFault = 'obsolete' | 'length' | 'character' | 'birth_date' | 'check_digit'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Full-width forms become ASCII, a small x a capital, blanks go. */
export function normaliseId(raw: string): string {
  return raw.normalize('NFKC').replace(/[\s\u00a0]/g, '').toUpperCase()
}

/** What is wrong with a whole number; undefined: nothing, or it is empty, which is allowed. */
export function idFault(raw: string): IdFault | undefined {
  const id = normaliseId(raw)
  if (id === '') return undefined
  if (/^\d{15}$/.test(id)) return 'obsolete'
  if (id.length !== 18) return 'length'
  if (!/^\d{17}[\dX]$/.test(id)) return 'character'
  if (!isDay(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)))) return 'birth_date'
  return checkDigit(id) === id[17] ? undefined : 'check_digit'
}

/** The same while typing: too short is not a fault yet. */
export function idFaultSoFar(raw: string): IdFault | undefined {
  const id = normaliseId(raw)
  if (id.length < 18) return /^\d*$/.test(id) ? undefined : 'character'
  return idFault(id)
}

export function checkDigit(id: string): string {
  const sum = WEIGHTS.reduce((n, w, i) => n + w * Number(id[i]), 0)
  return '10X98765432'[sum % 11]!
}

export function birthOfId(raw: string): string | undefined {
  const id = normaliseId(raw)
  return idFault(id) || id.length !== 18 ? undefined : `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
}

function isDay(y: number, m: number, d: number): boolean {
  const at = new Date(Date.UTC(y, m - 1, d))
  return y >= 1850 && at.getUTCMonth() === m - 1 && at.getUTCDate() === d
}
