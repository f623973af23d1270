// Who is signed in, and what they may do. The cookie is the server's; here is what it said of the account.
import { reactive } from 'vue'
import { api, ask, Problem, type Schemas } from './api'
import { csrfFits, csrfToken, forgetCsrf, keepCsrf } from './csrf'

export type Session = Schemas['session_own']

export const session = reactive<{ value: Session | null }>({ value: null })

/** What a permission of masks/clearance.table allows. A page hides what is not; the server refuses it in any case. */
export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false
}

const PHONE_ROLES = ['child_director', 'helper', 'guardian']

export function isPhoneRole(role: string | undefined): boolean {
  return role !== undefined && PHONE_ROLES.includes(role)
}

/** Where an account works. */
export function homeOf(of: Session): string {
  return isPhoneRole(of.account.role) ? '/phone/' : '/desk/'
}

/** First something has to be set: a password of one's own, or a second factor. */
export function isRestricted(of: Session): boolean {
  return of.must_change_password || of.must_enrol_totp
}

export async function signIn(account: string, password: string, code?: string): Promise<Session> {
  const begun = await ask(api.POST('/api/v1/session', { body: { account, password, ...(code ? { code } : {}) } }))
  const { csrf, ...own } = begun
  keepCsrf(own.session.id ?? '', csrf)
  session.value = own
  return own
}

/** The session there is; null: none, or one of whose token for writes nothing is known any more. Throws Offline. */
export async function readSession(): Promise<Session | null> {
  if (!csrfToken()) return (session.value = null)
  try {
    const own = await ask(api.GET('/api/v1/session'))
    session.value = csrfFits(own.session.id ?? '') ? own : null
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    forgetCsrf()
    session.value = null
  }
  return session.value
}

/** Ends the session at the server. What the device keeps is the store's matter: see endHere in start.ts. */
export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE('/api/v1/session'))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
  }
  forgetCsrf()
  session.value = null
}
