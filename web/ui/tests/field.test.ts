import { describe, expect, it } from 'vitest'
import { seen } from '../components/field'

describe('what is pasted', () => {
  it('loses what nobody sees, and nothing else', () => {
    expect(seen('a\u202Eb\u2066c\uFEFFd\u0000e\u007F')).toBe('abcde')
    for (const text of ['一行\n两行\t。', 'Zürich — “ok” · 欧阳', '👨‍👩‍👧 家', '']) expect(seen(text)).toBe(text)
  })
})
