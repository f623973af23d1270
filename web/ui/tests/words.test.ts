// Both languages say the same things, and every name of the tables in src/, policies/ and workflows/ has a word in both.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import en from '../words/en'
import zh from '../words/zh'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Tree = { [key: string]: string | Tree }

function keys(tree: Tree, before = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [before + key] : keys(value, `${before}${key}.`)))
}
function sentences(tree: Tree): string[] {
  return Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : sentences(value)))
}
/** What of a sentence is filled in. */
const holes = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort().join(',')

function pairs(zhTree: Tree, enTree: Tree): [string, string][] {
  return Object.keys(zhTree).flatMap((key) => {
    const [a, b] = [zhTree[key]!, enTree[key]!]
    return typeof a === 'string' ? [[a, b as string] as [string, string]] : pairs(a, b as Tree)
  })
}

const catalogues = ['ui/words', ...['ui', 'sign-in', 'phone', 'desk', 'gallery'].map((p) => `${p}/messages`)]
  .filter((folder) => existsSync(join(root, 'web', folder, 'zh.ts')))

describe.each(catalogues)('%s', (folder) => {
  it('says the same in both languages', async () => {
    const a = ((await import(/* @vite-ignore */ join(root, 'web', folder, 'zh.ts'))) as { default: Tree }).default
    const b = ((await import(/* @vite-ignore */ join(root, 'web', folder, 'en.ts'))) as { default: Tree }).default
    expect(keys(b).sort()).toEqual(keys(a).sort())
    for (const [x, y] of pairs(a, b)) expect(holes(y), `${x} / ${y}`).toBe(holes(x))
    for (const text of [...sentences(a), ...sentences(b)]) {
      expect(text.trim()).not.toBe('')
      expect(text).not.toMatch(/@/) // links to another message, in vue-i18n; '|' parts the plural
    }
    for (const text of sentences(a)) expect(text, 'Chinese in the Chinese catalogue').toMatch(/[\u4e00-\u9fff]|^[\W\dA-Za-z {}]+$/)
    for (const text of sentences(b)) expect(text, 'no Chinese in the English catalogue').not.toMatch(/[\u4e00-\u9fff]/)
  })
})

/** Names in the second string of each row: `ROLE(SYMBOL, 1, "name", …)`, or the first for those without a number. */
function names(path: string, macro: string): string[] {
  const row = new RegExp(`^${macro}\\((?:[^"\\n]*?)"([\\w.]+)"`, 'gm')
  return [...read(path).matchAll(row)].map((m) => m[1]!)
}

const tables: [keyof typeof zh, () => string[]][] = [
  ['role', () => names('src/access/roles.def', 'ROLE')],
  ['purpose', () => names('src/access/purposes.def', 'PURPOSE')],
  ['data_class', () => names('src/access/classes.def', 'CLASS')],
  ['relation', () => names('src/access/relations.def', 'RELATION')],
  ['task', () => names('src/access/tasks.def', 'TASK')],
  ['alarm', () => names('src/access/alarms.def', 'ALARM')],
  ['audit_event', () => names('src/access/events.def', 'EVENT').map((name) => name.replaceAll('.', '_'))],
  ['record_kind', () => [...read('src/people/kinds.def').matchAll(/^KIND\(\w+,\s*(\w+),/gm)].map((m) => m[1]!)],
  ['kin', () => names('src/policy/roles.def', 'ROLE')],
  ['level', () => names('src/care/levels.def', 'LEVEL')],
  ['need', () => names('src/care/needs.def', 'NEED')],
  ['sheet_field', () => names('src/care/sheet.def', 'FIELD')],
  ['sheet_word', () => names('src/care/sheet_words.def', 'WORD')],
  ['guard', () => names('src/care/workflow_guards.def', 'GUARD')],
  ['notice', () => names('src/notify/notices.def', 'NOTICE')],
  ['category', () => readdirSync(join(root, 'policies')).filter((f) => f.endsWith('.policy'))
    .flatMap((f) => [...read(`policies/${f}`).matchAll(/^(?:category|signal)\s+(\w+)/gm)].map((m) => m[1]!))],
  ['alert_state', () => workflow('alert', 'state')],
  ['alert_event', () => workflow('alert', 'event')],
  ['visit_state', () => workflow('visit', 'state')],
  ['visit_event', () => workflow('visit', 'event')],
]

function workflow(name: string, what: string): string[] {
  return [...read(`workflows/${name}.workflow`).matchAll(new RegExp(`^(?:initial |end )?${what} (\\w+)`, 'gm'))].map((m) => m[1]!)
}

describe('words of the domain', () => {
  it.each(tables)('%s', (kind, list) => {
    const wanted = list()
    expect(wanted.length).toBeGreaterThan(0)
    for (const catalogue of [zh, en]) {
      const known = Object.keys(catalogue[kind])
      expect(wanted.filter((name) => !known.includes(name))).toEqual([])
    }
  })
})
