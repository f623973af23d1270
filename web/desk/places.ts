// Names of divisions, asked for once a town and kept while the page is open: they are nobody's secret.
import { reactive } from 'vue'
import { api, ask } from '@ui/api'

const names = reactive(new Map<string, string>())
const asked = new Map<string, Promise<void>>()

/** The code of the division above: of a village its town, of a town its county. Its answer names all below it. */
export function above(code: string): string {
  if (!code.endsWith('000')) return code.slice(0, 9) + '000'
  if (code.slice(6, 9) !== '000') return code.slice(0, 6) + '000000'
  return code
}

function learn(code: string): Promise<void> {
  const under = asked.get(code)
  if (under) return under
  const asking = ask(api.GET('/api/v1/divisions/{code}', { params: { path: { code } } })).then(
    (tree) => {
      names.set(tree.division.code!, tree.division.name!)
      for (const d of tree.items) names.set(d.code!, d.name!)
    },
    () => {
      asked.delete(code) // offline, or outside the tree: its number stands in for it
    },
  )
  asked.set(code, asking)
  return asking
}

function nameOf(code: string): string {
  const name = names.get(code)
  if (name === undefined && typeof window !== 'undefined') void learn(above(code))
  return name ?? code
}

/** A division as one says it: "town village". What is masked stays as it came. */
export function placeName(code: string | null | undefined): string {
  if (!code) return '–'
  if (!/^\d{12}$/.test(code)) return code
  if (code.endsWith('000')) return nameOf(code)
  const [town, village] = [nameOf(above(code)), nameOf(code)]
  return town === above(code) ? village : `${town} ${village}`
}

export function shortName(code: string | null | undefined): string {
  return code && /^\d{12}$/.test(code) ? nameOf(code) : code || '–'
}

/** The divisions directly below one, for choosing. */
export async function divisionsBelow(code: string): Promise<{ code: string; name: string; level: string }[]> {
  const tree = await ask(api.GET('/api/v1/divisions/{code}', { params: { path: { code } } }))
  names.set(tree.division.code!, tree.division.name!)
  for (const d of tree.items) names.set(d.code!, d.name!)
  return tree.items.map((d) => ({ code: d.code!, name: d.name!, level: d.level! }))
}
