// The small table for the road says what workflows/ says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { after_step, alert_steps, already_there, next_steps, visit_steps } from '../core/steps'

/** event → from → to, of what an owner may do. */
function owners(name: string): Map<string, Map<string, string>> {
  const text = readFileSync(new URL(`../../../workflows/${name}.workflow`, import.meta.url), 'utf8').replace(/#.*$/gm, '')
  const found = new Map<string, Map<string, string>>()
  for (const block of text.split(/^event /m).slice(1)) {
    const event = block.match(/^\w+/)?.[0] ?? ''
    for (const rule of block.split(/^ {4}(?=from|stays)/m).slice(1)) {
      if (!/by [^\n]*\bowner\b/.test(rule)) continue
      const from = rule.match(/^from ([\w, ]+?) to (\w+)/)
      for (const state of from?.[1]?.split(', ') ?? []) {
        const moves = found.get(event) ?? new Map<string, string>()
        found.set(event, moves.set(state, from?.[2] ?? ''))
      }
    }
  }
  return found
}

test('visit.workflow', () => {
  const rules = owners('visit')
  for (const [state, steps] of Object.entries(visit_steps))
    for (const [event, to] of Object.entries(steps)) expect([event, rules.get(event)?.get(state)]).toEqual([event, to])
  for (const [event, moves] of rules)
    for (const [state, to] of moves) expect([event, state, after_step('visit', state, event)]).toEqual([event, state, to])
})

test('alert.workflow', () => {
  const rules = owners('alert')
  for (const [event, moves] of rules)
    for (const [state, to] of moves) expect([event, state, alert_steps[state]?.[event]]).toEqual([event, state, to])
})

test('after three times the supervisor has to agree', () => {
  expect(next_steps('visit', 'planned', 2)).toContain('postpone')
  expect(next_steps('visit', 'planned', 3)).not.toContain('postpone')
})

test('where the server is already', () => {
  expect(already_there('under_way', 'start')).toBe(true)
  expect(already_there('planned', 'start')).toBe(false)
  expect(already_there('cancelled', 'start')).toBe(false)
  expect(already_there('recorded', 'check_in')).toBe(true)
})
