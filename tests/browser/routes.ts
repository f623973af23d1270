// The routes of the pages, read from where they are written: a page that comes is tested by itself.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Route {
  path: string // as the router has it: /children/:id/timeline
  may: string[] // permissions, one of which suffices; none: everybody
}

export function routesOf(place: 'phone' | 'desk'): Route[] {
  const text = readFileSync(fileURLToPath(new URL(`../../web/${place}/routes.ts`, import.meta.url)), 'utf8')
  const list = text.slice(text.indexOf('routes: RouteRecordRaw[]'))
  return list.slice(0, list.indexOf('\n]')).split('\n').filter((line) => line.includes('path:')).map((line) => {
    const path = /path: ((?:'[^']*'|`[^`]*`|id\('[^']*'\)))/.exec(line)?.[1]
    if (!path) throw new Error(`web/${place}/routes.ts: the path of this line is not understood: ${line}`)
    const plain = path.replace(/\$\{id\('([^']*)'\)\}/, '$1/:id').replace(/^id\('([^']*)'\)$/, '$1/:id').replace(/[`']/g, '')
    return { path: plain, may: [...(/may: \[([^\]]*)\]/.exec(line)?.[1] ?? '').matchAll(/'([^']+)'/g)].map((m) => m[1]!), redirects: line.includes('redirect:') }
  }).filter((route) => !route.redirects).map(({ path, may }) => ({ path, may }))
}
