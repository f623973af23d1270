// One's own notices, newest first.
import { reactive } from 'vue'
import { api, ask, isAbort, type Schemas } from '@ui/api'
import { engine } from './work'

export const notices = reactive<{ items: Schemas['notice'][] | null; unseen: number; error: unknown }>({ items: null, unseen: 0, error: null })

let asking = false

export async function refresh_notices(): Promise<void> {
  if (asking) return
  asking = true
  try {
    const page = await ask(api.GET('/api/v1/notices', { params: { query: { limit: 50 } } }))
    notices.items = page.items
    notices.unseen = page.unseen
    notices.error = null
  } catch (error) {
    if (!isAbort(error)) notices.error = error
  } finally {
    asking = false
  }
}

/** All that are shown have been read. */
export function mark_seen(): void {
  const newest = notices.items?.find((notice) => notice.seen === false)
  if (!newest?.id) return
  engine.seen(newest.id)
  notices.unseen = 0
}
