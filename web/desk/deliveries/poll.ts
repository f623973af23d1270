// Looking again while something moves: every two seconds, not while the page is hidden.
import { onBeforeUnmount, watch } from 'vue'

const EVERY = 2000 // ms

export function usePoll(look: () => Promise<unknown>, moving: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let gone = false

  function next(): void {
    if (timer || gone || !moving()) return
    timer = setTimeout(async () => {
      timer = null
      if (!document.hidden) await look()
      next()
    }, EVERY)
  }
  watch(moving, next, { immediate: true })
  onBeforeUnmount(() => {
    gone = true
    if (timer) clearTimeout(timer)
  })
}
