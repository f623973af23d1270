// "Something changed": one EventSource for all who want to know, none while the page is hidden, and polling where there
// is none to be had. It says no more than that; whoever is called asks the server again.
//
// The address is /api/v1/live of the page's own origin. nginx leads it to the live listener; a server without nginx
// answers there with a redirect to its own live port.
import { onBeforeUnmount, onMounted } from 'vue'
import { api, ask, connection } from './api'

const POLL = 30000
const AGAIN = 120000 // after a refusal, before asking for live updates anew
const SCATTER = 300 // so that a thousand phones do not ask in the same millisecond

type Listener = () => void

const listeners = new Set<Listener>()
let source: EventSource | null = null
let poll: ReturnType<typeof setInterval> | null = null
let again: ReturnType<typeof setTimeout> | null = null
let tell: ReturnType<typeof setTimeout> | null = null
let number: string | null = null
let opened = 0

function changed(): void {
  if (tell) return
  tell = setTimeout(() => {
    tell = null
    for (const listener of [...listeners]) listener()
  }, Math.random() * SCATTER)
}

async function look(): Promise<void> {
  try {
    const query = number === null ? {} : { after: number }
    const answer = await ask(api.GET('/api/v1/changes', { params: { query } }))
    if (number !== null && answer.changed) changed()
    number = String(answer.number)
  } catch {
    // offline, or signed out: the caller's own requests tell of it
  }
}

function pollInstead(): void {
  poll ??= setInterval(() => void look(), POLL)
}

function stop(): void {
  source?.close()
  source = null
  if (poll) clearInterval(poll)
  if (again) clearTimeout(again)
  poll = again = null
}

function listen(): void {
  if (source || typeof EventSource === 'undefined') {
    if (!source) pollInstead()
    return
  }
  source = new EventSource('/api/v1/live', { withCredentials: true })
  source.addEventListener('change', (event) => {
    number = (event as MessageEvent<string>).data
    changed()
  })
  source.addEventListener('open', () => {
    connection.online = true
    if (poll) clearInterval(poll)
    poll = null
    if (opened++ > 0) changed() // whatever came while it was away
  })
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return // it tries again by itself
    source = null
    pollInstead()
    again ??= setTimeout(() => {
      again = null
      if (!document.hidden && listeners.size > 0) listen()
    }, AGAIN)
  })
}

function onVisibility(): void {
  if (document.hidden) stop()
  else if (listeners.size > 0) {
    listen()
    changed()
  }
}

function onOnline(): void {
  if (document.hidden || listeners.size === 0) return
  stop()
  listen()
  changed()
}

/** Calls back at each change in the account's scope, and when the page comes back into view. Returns how to stop. */
export function onChange(listener: Listener): () => void {
  if (listeners.size === 0) {
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', onOnline)
  }
  listeners.add(listener)
  if (!document.hidden) listen()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    document.removeEventListener('visibilitychange', onVisibility)
    window.removeEventListener('online', onOnline)
    stop()
  }
}

/** The same, for as long as a component lives. */
export function useLive(listener: Listener): void {
  let end: (() => void) | null = null
  onMounted(() => (end = onChange(listener)))
  onBeforeUnmount(() => end?.())
}
