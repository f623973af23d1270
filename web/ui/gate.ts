// What the gate needs of the local store. The desk gives none, and does not carry its code.
import type { Session } from './session'
import type { StoreState } from './store/store'

export interface GateStore {
  /** The session that is kept, if the store is open. */
  start(): Promise<Session | null>
  keep(own: Session): Promise<void>
  state(): StoreState
  account(): string | null
  unlock(password: string): Promise<boolean>
  lock(): Promise<void>
  unsent(): number
  wipe(): Promise<void>
}
