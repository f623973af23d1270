import { expect, test } from 'vitest'
import type { FieldsOperation, Operation, StepOperation } from '../core/kinds'
import { is_ready, next_operation, pause } from '../core/queue'
import { Rows } from '../core/rows'
import { Disk } from './fake'

const head = (seq: number, stopped = false) => ({
  key: `k${seq}`, seq, account: '7', thread: 'visit-2', child: '92', at: '', tries: 0, target: { kind: 'visit' as const, id: '2' },
  stopped: stopped ? { at: '', problem: { status: 422, code: 'HM-3101', title: '' } } : null,
})
const step = (seq: number, event: string, stopped = false): StepOperation => ({ ...head(seq, stopped), kind: 'step', event })
const edit = (seq: number, field: string, stopped = false): FieldsOperation =>
  ({ ...head(seq, stopped), kind: 'fields', fields: { [field]: { value: 'x', base: 0, follows: null, at: '' } } })

test('a record waits for all that was written, also for what the server has refused', () => {
  expect(is_ready(step(2, 'record'), [edit(1, 'mood', true)])).toBe(false)
  expect(is_ready(step(2, 'record'), [])).toBe(true)
})

test('a refused field holds neither a step nor another field', () => {
  expect(is_ready(step(2, 'check_in'), [edit(1, 'mood', true)])).toBe(true)
  expect(is_ready(edit(2, 'wish'), [edit(1, 'mood', true)])).toBe(true)
})

test('a refused step holds the steps after it, and no field', () => {
  const all: Operation[] = [step(1, 'start', true), step(2, 'check_in'), edit(3, 'mood')]
  expect(next_operation(all, '7', new Set())?.key).toBe('k3')
  expect(next_operation(all.slice(0, 2), '7', new Set())).toBe(null)
})

test('pauses grow to five minutes, and differ between phones', () => {
  expect(pause(1, 0.5)).toBe(2_000)
  expect(pause(50, 0.5)).toBe(300_000)
  expect(pause(3, 0)).toBeLessThan(pause(3, 1))
})

test('reading the disk anew loses nothing that was written meanwhile', async () => {
  const disk = new Disk()
  const rows = new Rows<number>(disk, 'n/')
  await rows.put('a', 1)
  const slow = disk.put.bind(disk)
  disk.put = async (key, value) => {
    for (let i = 0; i < 10; i++) await Promise.resolve() // sealing takes its time
    await slow(key, value)
  }
  const reading = rows.read()
  await Promise.resolve()
  const writing = rows.put('b', 2)
  await reading
  expect([...rows.map.keys()].sort()).toEqual(['a', 'b'])
  await writing
  for (let n = 0; n < 6; n++) {
    const again = rows.read()
    for (let i = 0; i < n; i++) await Promise.resolve()
    const more = rows.put(`c${n}`, n)
    await again
    expect(rows.get(`c${n}`)).toBe(n)
    await more
  }
})
