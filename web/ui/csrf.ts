// The token that goes with every write. The server gives it once, at sign-in, while the cookie serves all tabs and an
// app that was closed and opened again; so it is kept in localStorage, with the session it belongs to. It is no secret
// from scripts of this origin, which could write in any case; it keeps other origins from writing.
const KEY = 'humiao.csrf'

interface Kept {
  session: string
  token: string
}

let memory: Kept | null = null // where there is no storage

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null
    return kept && typeof kept.token === 'string' ? kept : memory
  } catch {
    return memory
  }
}

export function keepCsrf(session: string, token: string): void {
  memory = { session, token }
  try {
    localStorage.setItem(KEY, JSON.stringify(memory))
  } catch {
    // this tab has it
  }
}

export function forgetCsrf(): void {
  memory = null
  try {
    localStorage.removeItem(KEY)
  } catch {
    // nothing was kept
  }
}

export function csrfToken(): string | null {
  return read()?.token ?? null
}

/** Whether the token that is kept is of this session. */
export function csrfFits(session: string): boolean {
  return read()?.session === session
}
