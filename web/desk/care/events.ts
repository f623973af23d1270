// What a page has to ask before an event of a workflow can be sent (workflows/*.workflow: the guards that come with the
// request). Which events are open is the server's word: `events` of an answer.

export interface Needs {
  reason?: 'needed' | 'may'
  day?: 'needed' | 'may'
  to?: boolean
  /** It ends something: the button says so by its look. */
  ends?: boolean
}

const ALERT: Record<string, Needs> = {
  accept: { day: 'may' },
  hand_over: { reason: 'needed', to: true },
  end_watch: { reason: 'needed' },
  assess: { reason: 'may' },
  visit_again: { reason: 'needed' },
  close: { reason: 'may', ends: true },
  keep: { reason: 'needed' },
  close_withdrawn: { reason: 'needed', ends: true },
  release: {},
  push: {},
  begin_watch: {},
}

const VISIT: Record<string, Needs> = {
  check_in: {},
  postpone: { reason: 'needed', day: 'needed' },
  hand_over: { reason: 'needed', to: true },
  cancel: { reason: 'needed', ends: true },
}

/** What nobody has thought of here is asked for a reason, which no event refuses. */
export function needsOf(workflow: 'alert' | 'visit', event: string): Needs {
  return (workflow === 'alert' ? ALERT : VISIT)[event] ?? { reason: 'may' }
}

export function asksNothing(n: Needs): boolean {
  return !n.reason && !n.day && !n.to && !n.ends
}
