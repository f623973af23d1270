// What is taken along: name, address and telephone of a child, opened by a tap before going out of network, kept
// sealed on the phone until the visit is recorded or 72 hours have passed (docs/decisions/016-taking-along.md). Pure.

export const kept_for = 72 * 3_600_000

export interface Contact { kin: string; name: string | null; phone: string }
export interface Taken {
  thread: string
  child: string
  name: string | null
  address: string | null
  contacts: Contact[]
  openedAt: number
}

export const is_over = (taken: Taken, now: number): boolean =>
  now - taken.openedAt >= kept_for || now < taken.openedAt - 60_000 // a clock put back ends it too

/** Those that may no longer be kept: too old, or their visit is recorded, cancelled or somebody else's. */
export function to_forget(all: readonly Taken[], going_on: ReadonlySet<string>, now: number): Taken[] {
  return all.filter((taken) => is_over(taken, now) || !going_on.has(taken.thread))
}

/**
 * The name as the inbox keeps it. While an opening is in force the server answers with the whole name; that is for the
 * quarter of an hour, and what is kept of it is what was taken along, with its own end. So the name goes back under its
 * mask, the one that was known before, or the shortest.
 */
export function masked_name(item: { name?: string | null; masked?: Record<string, string> }, before: string | null | undefined): string | null {
  if (!item.name || item.masked?.name) return item.name ?? null
  return before ?? `${[...item.name][0] ?? ''}**`
}

/** A number as one reads it out: 138 0000 5678, 0579-8512 3456. */
export function spoken(phone: string): string {
  const digits = phone.replace(/[^0-9+]/g, '').replace(/^\+86/, '')
  if (/^1\d{10}$/.test(digits)) return `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`
  const land = /^0?(10|2\d|[3-9]\d\d)(\d{3,4})(\d{4})$/.exec(digits)
  return land ? `0${land[1]}-${land[2]} ${land[3]}` : phone
}

/** A number as one dials it. */
export const dial = (phone: string): string => 'tel:' + phone.replace(/[^0-9+]/g, '')
