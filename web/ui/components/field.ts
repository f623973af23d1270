/** What a control is described by. */
export function describe(id: string, hint: string | undefined, error: string | undefined): string | undefined {
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

export interface Choice {
  value: string
  label: string
  hint?: string
  disabled?: boolean
}

// What is pasted from elsewhere can hold marks that nobody sees: controls, and those that have a text read in another
// order than it was written. The server refuses them (src/server/schema.c); nobody could find them to mend it.
const UNSEEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069\uFEFF]/g
export const seen = (text: string): string => text.replace(UNSEEN, '')
