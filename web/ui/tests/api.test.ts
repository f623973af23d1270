import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, ask, connection, isAbort, Offline, onSessionLost, Problem } from '../api'
import { csrfFits, csrfToken, forgetCsrf, keepCsrf } from '../csrf'
import { homeOf, isRestricted, readSession, type Session } from '../session'

let asked: Request[]

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
    })
  })
}

beforeEach(() => {
  asked = []
  forgetCsrf()
  onSessionLost(() => {})
})
afterEach(() => vi.unstubAllGlobals())

describe('the way to the server', () => {
  it('sends the token, the language and a key with a write, and none of the first with a read', async () => {
    keepCsrf('7', 'token-of-7')
    answer(200, { number: 3, changed: false })
    await ask(api.GET('/api/v1/changes', { params: { query: { after: '3' } } }))
    expect(asked[0]!.headers.get('Accept-Language')).toBe('zh-CN')
    expect(asked[0]!.headers.has('X-CSRF-Token')).toBe(false)
    expect(asked[0]!.headers.has('Idempotency-Key')).toBe(false)
    expect(new URL(asked[0]!.url).search).toBe('?after=3')
    answer(204)
    await ask(api.POST('/api/v1/openings/{id}/end', { params: { path: { id: '5' } } }))
    const write = asked[1]!
    expect(write.headers.get('X-CSRF-Token')).toBe('token-of-7')
    expect(write.headers.get('Idempotency-Key')).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
    expect(write.credentials).toBe('same-origin')
    expect(write.cache).toBe('no-store')
  })

  it('keeps a key that was given', async () => {
    answer(204)
    await ask(api.POST('/api/v1/openings/{id}/end', { params: { path: { id: '5' } }, headers: { 'Idempotency-Key': 'mine' } }))
    expect(asked[0]!.headers.get('Idempotency-Key')).toBe('mine')
  })

  it('throws problem documents as they are', async () => {
    answer(429, { type: 'urn:x', title: 'too many', status: 429, code: 'HM-1106', detail: 'd', hint: 'h', request: 'abc' }, { 'Retry-After': '7' })
    const error = await ask(api.GET('/api/v1/changes')).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ status: 429, code: 'HM-1106', title: 'too many', detail: 'd', hint: 'h', request: 'abc', retryAfter: 7, errors: [] })
  })

  it('makes a problem of what is none', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>502', { status: 502 }))
    await expect(ask(api.GET('/api/v1/changes'))).rejects.toMatchObject({ status: 502, code: 'HTTP-502' })
  })

  it('tells of no network, and of its return', async () => {
    vi.stubGlobal('fetch', async () => { throw new TypeError('failed') })
    await expect(ask(api.GET('/api/v1/changes'))).rejects.toBeInstanceOf(Offline)
    expect(connection.online).toBe(false)
    answer(200, { number: 1, changed: true })
    await ask(api.GET('/api/v1/changes'))
    expect(connection.online).toBe(true)
  })

  it('gives up when the page was left', async () => {
    vi.stubGlobal('fetch', (request: Request) => new Promise((_resolve, reject) => {
      const stop = () => reject(new DOMException('aborted', 'AbortError'))
      if (request.signal.aborted) stop()
      request.signal.addEventListener('abort', stop)
    }))
    const left = new AbortController()
    const call = ask(api.GET('/api/v1/changes', { signal: left.signal })).catch((e: unknown) => e)
    left.abort()
    expect(isAbort(await call)).toBe(true)
    expect(connection.online).toBe(true)
  })

  it('leads to the sign-in page when the session has ended, or its token is unknown', async () => {
    for (const [status, code] of [[401, 'HM-1201'], [403, 'HM-1204']] as const) {
      keepCsrf('7', 't')
      const lost = vi.fn()
      onSessionLost(lost)
      answer(status, { type: 'urn:x', title: 'no', status, code })
      await expect(ask(api.GET('/api/v1/changes'))).rejects.toBeInstanceOf(Problem)
      expect(lost).toHaveBeenCalledOnce()
      expect(csrfToken()).toBeNull()
    }
  })
})

describe('the session', () => {
  const own = (id: string, role: string): Session => ({
    account: { id: '1', account: 'a', role }, session: { id }, permissions: [], must_change_password: false, must_enrol_totp: false,
  })

  it('counts only with its token', async () => {
    answer(200, own('7', 'supervisor'))
    expect(await readSession()).toBeNull()
    expect(asked).toEqual([]) // nobody needs to ask
    keepCsrf('6', 'other')
    expect(await readSession()).toBeNull()
    keepCsrf('7', 'token')
    expect(csrfFits('7')).toBe(true)
    expect((await readSession())?.session.id).toBe('7')
  })

  it('has its place by role', () => {
    expect(homeOf(own('1', 'child_director'))).toBe('/phone/')
    expect(homeOf(own('1', 'guardian'))).toBe('/phone/')
    expect(homeOf(own('1', 'supervisor'))).toBe('/desk/')
    expect(homeOf(own('1', 'audit_administrator'))).toBe('/desk/')
    expect(isRestricted({ ...own('1', 'guardian'), must_enrol_totp: true })).toBe(true)
  })
})
