// Signing out, as the frame of a page does it.
import { inject, type InjectionKey, type Ref } from 'vue'

export interface Leave {
  unsent: Ref<number> // that would be lost
  go: () => Promise<void>
}

export const leaveKey: InjectionKey<Leave> = Symbol('leave')

export function useLeave(): Leave | null {
  return inject(leaveKey, null)
}
