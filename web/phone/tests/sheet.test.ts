import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { field_named, fields, needs, parts, toggle } from '../core/sheet'

const table = (name: string) => readFileSync(new URL(`../../../src/care/${name}`, import.meta.url), 'utf8')

describe('the sheet is that of src/care', () => {
  test('fields and their types', () => {
    const rows = [...table('sheet.def').matchAll(/^FIELD\((\w+), \d+, "(\w+)", SHEET_(\w+)\)/gm)]
    expect(fields.map((field) => [field.name, field.type])).toEqual(rows.map((row) => [row[2], row[3]?.toLowerCase()]))
  })
  test('words', () => {
    const symbols = new Map([...table('sheet.def').matchAll(/^FIELD\((\w+), \d+, "(\w+)"/gm)].map((row) => [row[1], row[2]]))
    const words = new Map<string, string[]>()
    for (const row of table('sheet_words.def').matchAll(/^WORD\((\w+), "(\w+)"\)/gm)) {
      const name = symbols.get(row[1]) ?? ''
      words.set(name, [...(words.get(name) ?? []), row[2] ?? ''])
    }
    words.set('needs', [...table('needs.def').matchAll(/^NEED\(\w+, \d+, "(\w+)"\)/gm)].map((row) => row[1] ?? ''))
    for (const field of fields) expect([field.name, field.words]).toEqual([field.name, words.get(field.name) ?? []])
    expect(needs).toEqual(words.get('needs'))
  })
  test('each field is in one part', () => {
    expect(parts.flatMap((part) => part.fields).sort()).toEqual(fields.map((field) => field.name).sort())
  })
})

test('words are chosen and taken back, in the order of the list', () => {
  const words = field_named('met')?.words ?? []
  expect(toggle('', 'guardian', words)).toBe('guardian')
  expect(toggle('guardian', 'child', words)).toBe('child,guardian')
  expect(toggle('child,guardian', 'child', words)).toBe('guardian')
  expect(toggle('child,guardian', 'nobody', words)).toBe('nobody')
  expect(toggle('nobody', 'child', words)).toBe('child')
})
