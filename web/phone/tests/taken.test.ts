import { expect, test } from 'vitest'
import { dial, is_over, kept_for, masked_name, spoken, to_forget, type Taken } from '../core/taken'

const taken = (thread: string, openedAt: number): Taken => ({ thread, child: '1', name: null, address: null, contacts: [], openedAt })

test('kept for 72 hours, and no longer than its visit goes on', () => {
  const now = 1_000_000_000_000
  expect(is_over(taken('a', now - kept_for + 1), now)).toBe(false)
  expect(is_over(taken('a', now - kept_for), now)).toBe(true)
  const all = [taken('old', now - kept_for), taken('ended', now), taken('here', now)]
  expect(to_forget(all, new Set(['old', 'here']), now).map((one) => one.thread)).toEqual(['old', 'ended'])
})

test('a clock that was put back does not make it last longer', () => {
  expect(is_over(taken('a', 2_000_000), 1_000_000)).toBe(true)
})

test('numbers are read out and dialled', () => {
  expect(spoken('+8619459211689')).toBe('194 5921 1689')
  expect(spoken('0579-85123456')).toBe('0579-8512 3456')
  expect(spoken('+8657985123456')).toBe('0579-8512 3456')
  expect(spoken('021 5512 3456')).toBe('021-5512 3456')
  expect(spoken('12345')).toBe('12345')
  expect(dial('0579-85 123456')).toBe('tel:057985123456')
})

test('the inbox keeps names under their mask', () => {
  expect(masked_name({ name: '欧阳**', masked: { name: 'tap' } }, null)).toBe('欧阳**')
  expect(masked_name({ name: '欧阳若水' }, '欧阳**')).toBe('欧阳**')
  expect(masked_name({ name: '陈小禾' }, undefined)).toBe('陈**')
  expect(masked_name({ name: '𠮷田' }, undefined)).toBe('𠮷**')
  expect(masked_name({}, '陈**')).toBe(null)
})
