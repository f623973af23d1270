// The engine's wire: the routes it needs, and answers as values instead of exceptions.
import { api, ask, Offline, Problem } from '@ui/api'
import type { Answer } from './core/kinds'
import type { Wire } from './core/engine'

/** The description calls every field optional, since any may be absent by clearance; ids never are. */
async function answer<T>(call: Promise<unknown>): Promise<Answer<T>> {
  try {
    return { ok: true, body: (await call) as T }
  } catch (error) {
    if (error instanceof Problem) {
      const { status, code, title, detail, hint, retryAfter } = error
      return {
        ok: false, status, retryAfter,
        problem: { status, code, title, ...(detail ? { detail } : {}), ...(hint ? { hint } : {}) },
      }
    }
    if (!(error instanceof Offline)) console.error(error)
    return { ok: false, status: 0 }
  }
}

const head = (key: string) => ({ 'Idempotency-Key': key })

export const wire: Wire = {
  work: (since) => answer(ask(api.GET('/api/v1/work', { params: { query: since === null ? {} : { since } } }))),
  visit: (id) => answer(ask(api.GET('/api/v1/visits/{id}', { params: { path: { id } } }))),
  visitStep: (id, body, key) => answer(ask(api.POST('/api/v1/visits/{id}/events', { params: { path: { id } }, headers: head(key), body: body as { event: string } }))),
  visitFields: (id, body, key) => answer(ask(api.POST('/api/v1/visits/{id}/fields', {
    params: { path: { id } }, headers: head(key), body: body as { fields: { field: string; base: number; value: string }[] },
  }))),
  alertStep: (id, body, key) => answer(ask(api.POST('/api/v1/alerts/{id}/events', { params: { path: { id } }, headers: head(key), body: body as { event: string } }))),
  seen: (upTo, key) => answer(ask(api.POST('/api/v1/notices/seen', { headers: head(key), body: { up_to: upTo } }))),
}
