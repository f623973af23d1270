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
