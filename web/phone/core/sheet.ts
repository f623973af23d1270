// The visit sheet: the same for every child. Its fields and words are those of src/care/sheet.def,
// sheet_words.def and needs.def; tests/sheet.test.ts holds the two together.

export type FieldType = 'one' | 'several' | 'text'
export interface Field { name: string; type: FieldType; words: readonly string[] }

const how = ['good', 'fair', 'poor'] as const
export const needs = [
  'study', 'company', 'psychological', 'legal', 'medical', 'livelihood', 'schooling', 'guardianship', 'safety', 'goods',
] as const

export const fields: readonly Field[] = [
  { name: 'met', type: 'several', words: ['child', 'guardian', 'other', 'nobody'] },
  { name: 'living', type: 'one', words: how },
  { name: 'care', type: 'one', words: how },
  { name: 'health', type: 'one', words: how },
  { name: 'mood', type: 'one', words: how },
  { name: 'school', type: 'one', words: ['regular', 'irregular', 'not_attending', 'not_of_age'] },
  { name: 'safety', type: 'one', words: ['no_sign', 'unsure', 'danger'] },
  { name: 'needs', type: 'several', words: needs },
  { name: 'findings', type: 'text', words: [] },
  { name: 'wish', type: 'text', words: [] },
  { name: 'next', type: 'text', words: [] },
]

/** A step of the sheet on a phone: few things at a time, what is most urgent to know first. */
export interface SheetPart { name: string; fields: readonly string[] }
export const parts: readonly SheetPart[] = [
  { name: 'met', fields: ['met'] },
  { name: 'safety', fields: ['safety'] },
  { name: 'home', fields: ['living', 'care'] },
  { name: 'child', fields: ['health', 'mood', 'school'] },
  { name: 'needs', fields: ['needs'] },
  { name: 'words', fields: ['findings', 'wish', 'next'] },
]

export const outcomes = ['verified', 'false_alarm', 'refused', 'nobody_home'] as const

export const field_named = (name: string): Field | undefined => fields.find((field) => field.name === name)

/** A value of several words is stored with commas, in the order of the list. */
export function toggle(value: string, word: string, words: readonly string[]): string {
  const chosen = new Set(value ? value.split(',') : [])
  if (!chosen.delete(word)) {
    chosen.add(word)
    // Nobody was met, or somebody: not both.
    if (word === 'nobody') for (const other of words) if (other !== 'nobody') chosen.delete(other)
    if (word !== 'nobody') chosen.delete('nobody')
  }
  return words.filter((known) => chosen.has(known)).join(',')
}

/** Bytes that a value may have (src/care/visit.h). */
export const text_limit = 4000
export const bytes_of = (text: string): number => new TextEncoder().encode(text).length
