// The one way to the server. `ask(api.GET(...))` gives the data or throws: a Problem (the server said no, RFC 9457), or
// Offline (nobody answered). Routes, parameters and answers are typed from api/*.yaml.
import createClient, { type Middleware } from 'openapi-fetch'
import { reactive } from 'vue'
import type { components, paths } from '@api'
import { csrfToken, forgetCsrf } from './csrf'
import { preferences } from './preferences'

export type Schemas = components['schemas']
export type ProblemDocument = Schemas['problem']

const WRITES = ['POST', 'PUT', 'DELETE', 'PATCH']
const CSRF = 'HM-1204'
const PATIENCE = 30000 // ms; a village's network is slow, yet nobody looks at a wheel for longer

/** The server's refusal, in the language of the page. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly request: string | undefined
  readonly errors: { pointer: string; message: string }[]
  readonly retryAfter: number // seconds; 0: not said

  constructor(status: number, document: Partial<ProblemDocument>, retryAfter = 0) {
    super(document.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = document.code ?? `HTTP-${status}`
    this.title = document.title ?? `HTTP ${status}`
    this.detail = document.detail
    this.hint = document.hint
    this.request = document.request
    this.errors = document.errors ?? []
    this.retryAfter = retryAfter
  }
}

/** No answer: no network, a server that is down, or too slow. */
export class Offline extends Error {
  constructor(cause?: unknown) {
    super('offline', { cause })
    this.name = 'Offline'
  }
}

/** The caller gave up: a page was left. Nothing to show. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** Whether the last call was answered. Pages read `connection.online`. */
export const connection = reactive({ online: typeof navigator === 'undefined' || navigator.onLine !== false })

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => (connection.online = true))
  window.addEventListener('offline', () => (connection.online = false))
}

/** A key under which a write is done once, however often it is sent. */
export function idempotencyKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16)) // randomUUID needs a secure context
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

async function patientFetch(request: Request): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Offline('timeout')), PATIENCE)
  const stop = () => late.abort(request.signal.reason)
  request.signal.addEventListener('abort', stop)
  if (request.signal.aborted) stop()
  try {
    const response = await fetch(new Request(request, { signal: late.signal, redirect: 'error' }))
    connection.online = true
    return response
  } catch (error) {
    if (request.signal.aborted) throw new DOMException('left', 'AbortError')
    connection.online = false
    throw error instanceof Offline ? error : new Offline(error)
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', stop)
  }
}

let lost: () => void = () => {}

/** What happens when the session has ended: start.ts leads to the sign-in page. */
export function onSessionLost(action: () => void): void {
  lost = action
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', preferences.language === 'zh' ? 'zh-CN' : 'en')
    if (!WRITES.includes(request.method)) return
    const token = csrfToken()
    if (token) request.headers.set('X-CSRF-Token', token)
    if (!request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', idempotencyKey())
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/api/v1/session') {
      forgetCsrf()
      lost()
    }
  },
}

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  credentials: 'same-origin',
  cache: 'no-store',
  fetch: patientFetch,
})
api.use(headers)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok) return data as T
  const document = typeof error === 'object' && error !== null ? (error as Partial<ProblemDocument>) : {}
  if (document.code === CSRF) {
    // A session whose token this browser no longer has: whoever signs in again has both.
    forgetCsrf()
    lost()
  }
  throw new Problem(response.status, document, Number(response.headers.get('Retry-After')) || 0)
}
