import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { needsOf } from '../care/events'
import en from '../messages/en'
import zh from '../messages/zh'
import uiZh from '../../ui/messages/zh'

const desk = fileURLToPath(new URL('..', import.meta.url))
const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? (name === 'tests' || name === 'messages' ? [] : files(path)) : /\.(vue|ts)$/.test(name) ? [path] : []
  })
const sources = files(desk).map((path) => readFileSync(path, 'utf8'))

type Tree = { [key: string]: string | Tree }
const there = (tree: Tree, key: string) => key.split('.').reduce<string | Tree | undefined>((t, k) => (typeof t === 'object' ? t[k] : undefined), tree)
const leaves = (tree: Tree, at = ''): string[] => Object.entries(tree).flatMap(([k, v]) => (typeof v === 'string' ? [`${at}${k}`] : leaves(v, `${at}${k}.`)))

describe('sentences', () => {
  it('that pages say are in the catalogue', () => {
    const said = new Set(sources.flatMap((s) => [...s.matchAll(/\bt\('([a-z_]+\.[a-z0-9_]+)'|title: '([a-z]+\.[a-z]+)'|label: '(nav\.[a-z]+)'/g)].map((m) => m[1] ?? m[2] ?? m[3]!)))
    const missing = [...said].filter((key) => typeof there(zh, key) !== 'string' && typeof there(uiZh, key) !== 'string')
    expect(said.size).toBeGreaterThan(250)
    expect(missing).toEqual([])
  })
  it('have the same places in both languages', () => {
    const places = (text: string) => [...text.split('|')[0]!.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
    for (const key of leaves(zh)) {
      const [a, b] = [there(zh, key) as string, there(en as Tree, key) as string]
      if (!b.includes('|')) expect([key, places(b)]).toEqual([key, places(a)])
    }
  })
  it('hold nothing that the catalogue reads as a sign of its own', () => {
    for (const key of leaves(zh)) expect(`${there(zh, key)}${there(en as Tree, key)}`).not.toMatch(/[@$]/)
  })
})

describe('what an event asks for', () => {
  for (const workflow of ['alert', 'visit'] as const) {
    it(`agrees with ${workflow}.workflow`, () => {
      const text = readFileSync(join(desk, `../../workflows/${workflow}.workflow`), 'utf8')
      for (const part of text.split(/^event /m).slice(1)) {
        const name = part.match(/^\w+/)![0]
        // What only the system or the visitor does has no button here.
        const lines = part.match(/^\s+by .*$/gm)!.filter((l) => /supervisor|station_worker|centre_worker/.test(l))
        if (lines.length === 0) continue
        for (const [guard, need] of [['has_reason', 'reason'], ['has_day', 'day']] as const) {
          if (lines.every((l) => l.includes(guard))) expect([name, needsOf(workflow, name)[need]]).toEqual([name, 'needed'])
        }
      }
    })
  }
})
