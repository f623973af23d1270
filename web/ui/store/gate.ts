// The local store as the gate of a page sees it.
import type { GateStore } from '../gate'
import type { Session } from '../session'
import { outbox, store } from './index'

const KIND = 'session'

export const gateStore: GateStore = {
  async start() {
    if ((await store.start()) !== 'open') return null
    try {
      return await store.get<Session>(KIND, 'own')
    } catch {
      return null
    }
  },
  async keep(own) {
    if (store.state === 'open' && store.account === own.account.account) await store.put(KIND, 'own', own)
  },
  state: () => store.state,
  account: () => store.account,
  unlock: (password) => store.unlock(password),
  lock: () => store.lock(),
  unsent: () => outbox.state.unsent,
  wipe: () => store.wipe(),
}
