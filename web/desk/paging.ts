// A list that grows by "more", by key. Asked anew, it comes back as long as it was, so that nothing jumps away under
// somebody's eyes.
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { isAbort } from '@ui/api'
import type { Load } from '@ui/load'

export interface Page<T> {
  items: T[]
  next?: string | null
}

export interface Paged<T> extends Load<T[]> {
  next: { readonly value: string | null }
  loadingMore: { readonly value: boolean }
  more: () => Promise<void>
  /** From the first page on: another filter was chosen. */
  restart: () => Promise<void>
}

export function usePages<T>(fetch: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>, options: { later?: boolean } = {}): Paged<T> {
  const data = shallowRef<T[] | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  const loadingMore = ref(false)
  const next = ref<string | null>(null)
  let current: AbortController | null = null

  async function load(pages: number): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    loading.value = true
    try {
      const items: T[] = []
      let after: string | null | undefined
      for (let page = 0; page < pages && (page === 0 || after); page++) {
        const answer = await fetch(after ?? undefined, mine.signal)
        items.push(...answer.items)
        after = answer.next
      }
      if (current !== mine) return
      data.value = items
      next.value = after ?? null
      error.value = null
      shown = Math.max(1, pages)
    } catch (failure) {
      if (current === mine && !isAbort(failure)) error.value = failure
    } finally {
      if (current === mine) loading.value = false
    }
  }

  let shown = 1

  async function readMore(): Promise<void> {
    if (!next.value) return
    const mine = (current ??= new AbortController())
    loadingMore.value = true
    try {
      const answer = await fetch(next.value, mine.signal)
      if (current !== mine) return
      data.value = [...(data.value ?? []), ...answer.items]
      next.value = answer.next ?? null
      shown++
    } catch (failure) {
      if (current === mine && !isAbort(failure)) error.value = failure
    } finally {
      loadingMore.value = false
    }
  }

  let under: Promise<void> | null = null

  /** One page at a time, whoever asks. */
  function more(): Promise<void> {
    under ??= readMore().finally(() => (under = null))
    return under
  }

  async function restart(): Promise<void> {
    data.value = null
    next.value = null
    await load(1)
  }

  onBeforeUnmount(() => current?.abort())
  if (!options.later) void load(1)
  return { data, error, loading, reload: () => load(shown), next, loadingMore, more, restart }
}
