// Two people wrote the same field: both values are shown, and a person settles it. Pure.
import type { FieldDraft, Operation, SheetValue, VisitFile } from './kinds'

export interface Version { id: string; value: string | null; account: string | null; at: string | null; mine: boolean }
export interface Rivalry {
  field: string
  /** The version in force, upon which whatever settles it is written; 0: there is none. */
  base: number
  force: Version | null
  rivals: Version[]
  /** Decided on this phone, and not yet sent. */
  settled: boolean
}

const version = (value: SheetValue, account: string): Version => ({
  id: value.id,
  value: value.value ?? null, // absent: another's, and not to be seen
  account: value.account ?? null,
  at: value.at ?? null,
  mine: value.account === account,
})

/** Fields with more than one value, in the order in which the file has them. */
export function rivalries(file: VisitFile | null, thread: readonly Operation[], account: string): Rivalry[] {
  const found = new Map<string, Rivalry>()
  for (const value of file?.values ?? []) {
    if (value.standing !== 'rival' || !value.field) continue
    const rivalry = found.get(value.field) ?? { field: value.field, base: 0, force: null, rivals: [], settled: false }
    rivalry.rivals.push(version(value, account))
    found.set(value.field, rivalry)
  }
  for (const rivalry of found.values()) {
    const force = file?.values?.find((value) => value.field === rivalry.field && value.standing === 'in_force')
    if (force) {
      rivalry.base = force.version ?? 0
      rivalry.force = version(force, account)
    }
    const merged = new Set(thread.flatMap((operation) =>
      operation.kind === 'fields' ? operation.fields[rivalry.field]?.merges ?? [] : []))
    rivalry.settled = rivalry.rivals.every((rival) => merged.has(rival.id))
  }
  return [...found.values()]
}

/** The value that settles a rivalry: one of the two, or written anew. All rivals are named, so none is left over. */
export function settle(rivalry: Rivalry, value: string, at: string): FieldDraft {
  return { value, base: rivalry.base, follows: null, at, merges: rivalry.rivals.map((rival) => rival.id) }
}

/** The newest of one's own, and the newest of another's: what the two buttons take. */
export function sides(rivalry: Rivalry): { mine: Version | null; theirs: Version | null } {
  const all = [...(rivalry.force ? [rivalry.force] : []), ...rivalry.rivals]
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
  return { mine: all.find((one) => one.mine) ?? null, theirs: all.find((one) => !one.mine) ?? null }
}
