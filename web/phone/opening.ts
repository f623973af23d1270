// Opening who, where and whom to ask for: by a tap, for an accepted visit, written down by the server. What was opened is
// taken along (docs/decisions/016-taking-along.md).
import { api, ask } from '@ui/api'
import type { Card } from './core/project'
import type { Contact } from './core/taken'
import { engine } from './work'

const classes = ['name', 'address', 'kin_phone']
const guardians = ['guardian', 'adoptive_mother', 'adoptive_father', 'mother', 'father', 'step_mother', 'step_father', 'grandparent', 'foster_parent', 'institution']

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
  await engine.take({ thread: card.thread, child: id, name: file.name ?? null, address: file.address ?? null, contacts, openedAt })
  return 'open'
}
