// The contrast of the colours, measured: 7:1 for text (AAA), 3:1 for edges and signs, in light and dark.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const css = readFileSync(fileURLToPath(new URL('../tokens.css', import.meta.url)), 'utf8')

function theme(selector: string): Record<string, string> {
  const at = css.indexOf(`${selector} {`)
  const block = css.slice(at, css.indexOf('\n}', at))
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1]!, m[2]!]))
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number]
  return (x + 0.05) / (y + 0.05)
}

const text: [ink: string, ground: string][] = [
  ...['ground', 'sheet', 'sheet-2', 'accent-soft', 'warn-soft', 'bad-soft', 'good-soft'].map((g): [string, string] => ['ink', g]),
  ...['ground', 'sheet', 'sheet-2'].map((g): [string, string] => ['ink-2', g]),
  ...['ground', 'sheet', 'accent-soft'].map((g): [string, string] => ['accent', g]),
  ['accent-ink', 'accent'], ['bad-ink', 'bad'], ['good', 'good-soft'], ['good', 'sheet'], ['warn', 'warn-soft'], ['warn', 'sheet'],
  ['bad', 'bad-soft'], ['bad', 'sheet'], ['bad', 'ground'],
  ...['extreme', 'high', 'medium', 'low'].map((l): [string, string] => [`level-${l}-ink`, `level-${l}`]),
]
const signs: [string, string][] = [['edge', 'sheet'], ['edge', 'ground'], ['focus', 'sheet'], ['focus', 'ground']]

describe.each([[':root', 'light'], [':root[data-theme="dark"]', 'dark']])('%s', (selector) => {
  const colours = theme(selector)
  it.each(text)('%s on %s is text', (ink, ground) => expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(7))
  it.each(signs)('%s on %s is seen', (ink, ground) => expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(3))
  it('levels differ in lightness', () => {
    const seen = ['extreme', 'high', 'medium', 'low'].map((l) => luminance(colours[`level-${l}`]!))
    expect(contrast(colours['level-extreme']!, colours['level-high']!)).toBeGreaterThan(1.5)
    expect(contrast(colours['level-high']!, colours['level-low']!)).toBeGreaterThan(1.2)
    expect(new Set(seen).size).toBe(4)
  })
})
