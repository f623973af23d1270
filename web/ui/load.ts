// Asking for something that a component shows: the five states it can be in, one of which <LoadState> draws.
import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { isAbort } from './api'

export interface Load<T> {
  data: ShallowRef<T | null>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  /** Asks again; what is shown stays until the answer is there. An answer that a later question overtook is dropped. */
  reload: () => Promise<void>
}

/** `fetch` is given a signal that fires when the component goes or asks again. Asks at once unless told `later`. */
export function useLoad<T>(fetch: (signal: AbortSignal) => Promise<T>, options: { later?: boolean } = {}): Load<T> {
  const data: ShallowRef<T | null> = shallowRef(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  let current: AbortController | null = null

  async function reload(): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    loading.value = true
    try {
      const answer = await fetch(mine.signal)
      if (current !== mine) return
      data.value = answer
      error.value = null
    } catch (failure) {
      if (current !== mine || isAbort(failure)) return
      error.value = failure
    } finally {
      if (current === mine) loading.value = false
    }
  }

  onBeforeUnmount(() => current?.abort())
  if (!options.later) void reload()
  return { data, error, loading, reload }
}
