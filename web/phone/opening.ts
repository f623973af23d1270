// Opening who, where and whom to ask for: by a tap, for a visit, written down by the server. What was opened for an
// accepted visit is taken along (docs/decisions/015-taking-along.md); before that it is shown for the 15 minutes.
import { reactive } from 'vue'
import { api, ask } from '@ui/api'
import type { Card } from './core/project'
import type { Contact, Taken } from './core/taken'
import { engine } from './work'

const shown_for = 15 * 60_000
const classes = ['name', 'address', 'kin_phone']
const guardians = ['guardian', 'adoptive_mother', 'adoptive_father', 'mother', 'father', 'step_mother', 'step_father', 'grandparent', 'foster_parent', 'institution']

/** Opened for a visit that is not accepted: in memory alone. */
export const brief = reactive(new Map<string, Taken>())

const rank = (contact: Contact): number => {
  const at = guardians.indexOf(contact.kin)
  return at < 0 ? guardians.length : at
}

export type Opened = 'open' | 'asked'

export async function open_for(card: Card): Promise<Opened> {
  const id = card.child
  const opening = await ask(api.POST('/api/v1/children/{id}/openings', { params: { path: { id } }, body: { purpose: 'visit', classes } }))
  if (opening.state !== 'open') return 'asked'
  const openedAt = Date.now()
  const [file, kin] = await Promise.all([
    ask(api.GET('/api/v1/children/{id}', { params: { path: { id } } })),
    ask(api.GET('/api/v1/children/{id}/kin', { params: { path: { id } } })),
  ])
  const contacts = kin.items.flatMap((one): Contact[] =>
    one.phone && !one.masked?.phone ? [{ kin: one.kin ?? '', name: one.name ?? null, phone: one.phone }] : [])
  contacts.sort((a, b) => rank(a) - rank(b))
  const opened: Taken = { thread: card.thread, child: id, name: file.name ?? null, address: file.address ?? null, contacts, openedAt }
  if (card.kind === 'visit') await engine.take(opened)
  else {
    brief.set(card.thread, opened)
    setTimeout(() => brief.delete(card.thread), shown_for)
  }
  return 'open'
}

export const brief_until = (opened: Taken): number => opened.openedAt + shown_for

/** What may be seen of a child now. */
export const opened_of = (thread: string): Taken | null => engine.taken.get(thread) ?? brief.get(thread) ?? null
