// One delivery's story as steps: the file, its header, its rows, what they changed, the alerts.
import type { Schemas } from '@ui/api'

export type Delivery = Schemas['delivery_file']
export type StepName = 'file' | 'header' | 'rows' | 'verdicts' | 'alerts'
export type StepState = 'done' | 'now' | 'wait' | 'stopped'

const STEPS: readonly StepName[] = ['file', 'header', 'rows', 'verdicts', 'alerts']

/** The step at which a delivery of this state is, and whether it goes on from there by itself. */
function at(d: Delivery): { step: number; stopped: boolean } {
  switch (d.state) {
    case 'arriving':
      return { step: 0, stopped: false }
    case 'waiting':
      return { step: 1, stopped: false }
    case 'unmapped':
    case 'held':
      return { step: 1, stopped: true }
    case 'rejected':
      return { step: d.header ? 1 : 0, stopped: true }
    case 'running':
      return { step: 2, stopped: false } // each portion of rows is judged with it: the rest is under way too
    default:
      return { step: STEPS.length, stopped: false }
  }
}

export function stepsOf(d: Delivery): { name: StepName; state: StepState }[] {
  const { step, stopped } = at(d)
  return STEPS.map((name, n) => ({ name, state: n < step ? 'done' : n > step && d.state !== 'running' ? 'wait' : stopped ? 'stopped' : 'now' }))
}

/** It moves by itself: whoever looks at it sees it move. */
export const moves = (state: string | null | undefined): boolean => ['arriving', 'waiting', 'running'].includes(state ?? '')

/** What a person can do about what holds it. Columns that lack or that nobody has decided on are the assistant's; fewer
 *  rows than the last time may be right. */
export function remedyOf(held: readonly string[]): 'allow' | 'map' | 'none' {
  if (held.length === 0) return 'none'
  return held.every((why) => why === 'shrunk') ? 'allow' : 'map'
}

export function moodOf(state: string | null | undefined): 'good' | 'bad' | 'warn' | 'accent' | 'plain' {
  const moods: Record<string, 'good' | 'bad' | 'warn' | 'accent' | 'plain'> = { done: 'good', rejected: 'bad', held: 'warn', unmapped: 'warn', running: 'accent' }
  return moods[state ?? ''] ?? 'plain'
}

/** Per cent of the rows that are through, for the bar; undefined: not counted yet. */
export function partOf(d: { rows?: number | null; done?: number }): number | undefined {
  if (!d.rows) return undefined
  return Math.min(100, Math.floor(((d.done ?? 0) * 100) / d.rows))
}
