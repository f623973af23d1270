// The store of this browser, and its outbox.
import { reactive } from 'vue'
import { Outbox } from './outbox'
import { LocalStore, type StoreState } from './store'

function part<T>(take: () => T): T | undefined {
  try {
    return take()
  } catch {
    return undefined // some browsers throw where storage is forbidden
  }
}

export const store = new LocalStore({
  factory: part(() => globalThis.indexedDB),
  crypto: part(() => (globalThis.isSecureContext === false ? undefined : globalThis.crypto)),
})
export const outbox = new Outbox(store)

/** For pages: what state the store is in. */
export const storeState = reactive<{ value: StoreState }>({ value: 'missing' })
store.watch(() => (storeState.value = store.state))

/** What this browser has of what working without a network needs. */
export function offlineParts(): { store: boolean; worker: boolean; secure: boolean } {
  return {
    store: store.supported,
    worker: typeof navigator !== 'undefined' && 'serviceWorker' in navigator,
    secure: globalThis.isSecureContext !== false,
  }
}

export { Outbox, type Operation, type Waiting } from './outbox'
export { LocalStore, StoreClosed, type Opened, type StoreState } from './store'
