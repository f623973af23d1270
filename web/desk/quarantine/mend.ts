// Mending refused rows: what was typed becomes edits; what is tried by the hundred is tried in portions, and counted.
import type { Schemas } from '@ui/api'

export type RefusedRow = Schemas['quarantine_file']
export type Group = Schemas['quarantine_set']
export type Totals = { rows: number; accepted: number; duplicate: number; unlinked: number; refused: number }

export interface CellField {
  header: string
  /** What stands there; '' where it is hidden. */
  text: string
  /** It is masked for whoever reads it: what is typed replaces it, nothing typed leaves it. */
  hidden: boolean
  outline: string
  atFault: boolean
}

export function fieldsOf(row: RefusedRow): CellField[] {
  return (row.cells ?? []).map((c) => ({
    header: c.header ?? '', text: c.value ?? '', hidden: c.value === null || c.value === undefined, outline: c.outline ?? '', atFault: c.at_fault ?? false,
  }))
}

export interface Edit {
  column: string
  value: string
}

/** What differs from what stood there. A hidden cell that nobody typed into has not changed. */
export function editsOf(fields: readonly CellField[], typed: readonly string[]): Edit[] {
  return fields.flatMap((f, n) => {
    const text = typed[n] ?? ''
    return f.header !== '' && text !== f.text && !(f.hidden && text === '') ? [{ column: f.header, value: text }] : []
  })
}

const none = (): Totals => ({ rows: 0, accepted: 0, duplicate: 0, unlinked: 0, refused: 0 })

/** Asks again until nothing is left, adding up; `told` after each portion. */
export async function throughout(
  step: (after: string | undefined) => Promise<Totals & { next: string | null }>, told: (so_far: Totals) => void, stopped: () => boolean = () => false,
): Promise<Totals> {
  const sum = none()
  let after: string | undefined
  do {
    const { next, ...portion } = await step(after)
    for (const k of Object.keys(sum) as (keyof Totals)[]) sum[k] += portion[k]
    told({ ...sum })
    if (next === after) break // it does not move on: nothing more comes of it
    after = next ?? undefined
  } while (after && !stopped())
  return sum
}

/** All alike can be mended where one column is at fault. */
export const mendsAlike = (g: { column?: string | null; rows?: number }): boolean => Boolean(g.column) && (g.rows ?? 0) > 0

/** What a group's rows add up to. */
export const rowsOf = (groups: readonly Group[]): number => groups.reduce((n, g) => n + (g.rows ?? 0), 0)
