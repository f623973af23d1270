// What may be done next when the server cannot be asked. With network, `events` of an answer rule; this small
// table says the same for what a visitor does on the road (workflows/visit.workflow, alert.workflow), and
// tests/steps.test.ts holds it to those files.

export const visit_steps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  planned: { start: 'under_way', postpone: 'planned' },
  under_way: { check_in: 'back', turn_back: 'planned' },
  back: { record: 'recorded' },
  recorded: {},
  cancelled: {},
}

export const alert_steps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pushed: { accept: 'accepted' },
}

/** Said beside the state, in any of them: it moves nothing. */
export const danger = 'danger'

/** Events that the server takes with a reason only. */
export const needs_reason: ReadonlySet<string> = new Set([
  'turn_back', 'postpone', 'cancel', 'hand_over', 'visit_again', 'keep', 'close_withdrawn', 'end_watch',
])

/** How often a visitor may postpone a visit alone (guard often_postponed). */
export const postponements = 3

const order = ['planned', 'under_way', 'back', 'recorded']

/** The state after a step; null: the table does not know it, and the state stays. */
export function after_step(kind: 'alert' | 'visit', state: string, event: string): string | null {
  const table = kind === 'visit' ? visit_steps : alert_steps
  return table[state]?.[event] ?? null
}

export function next_steps(kind: 'alert' | 'visit', state: string, postponed = 0): string[] {
  const table = kind === 'visit' ? visit_steps : alert_steps
  const steps = Object.keys(table[state] ?? {}).filter((event) => event !== 'postpone' || postponed < postponements)
  return kind === 'visit' && (state === 'planned' || state === 'under_way' || state === 'back') ? [...steps, danger] : steps
}

/** Whether the server is already where this step leads: it was done from elsewhere, or its answer was lost. */
export function already_there(state: string, event: string): boolean {
  if (event === 'accept') return state !== 'pushed' && state !== 'new'
  const target = { start: 'under_way', check_in: 'back', record: 'recorded' }[event]
  return target !== undefined && order.indexOf(state) >= order.indexOf(target)
}
