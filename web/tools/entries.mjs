// What each page loads, by Vite's manifest.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const pages = { 'sign-in': 'index.html', phone: 'phone/index.html', desk: 'desk/index.html', gallery: 'gallery/index.html' }

function walk(manifest, key, withLazy, seen) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return
  seen.add(key)
  for (const next of chunk.imports ?? []) walk(manifest, next, withLazy, seen)
  if (withLazy) for (const next of chunk.dynamicImports ?? []) walk(manifest, next, withLazy, seen)
}

/** Addresses of the files that a page loads first, or with `withLazy` ever. */
export function filesOf(manifest, page, withLazy = false) {
  const seen = new Set()
  walk(manifest, pages[page], withLazy, seen)
  const list = new Set()
  for (const key of seen) {
    list.add(`/${manifest[key].file}`)
    for (const css of manifest[key].css ?? []) list.add(`/${css}`)
  }
  return [...list].filter((file) => !file.endsWith('.html'))
}

/** What the service worker keeps from the start: all of the phone, and of the sign-in page. */
export function kept(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  const list = new Set(['/', '/phone/', '/icon.svg', '/phone.webmanifest'])
  for (const page of ['sign-in', 'phone']) for (const file of filesOf(manifest, page, true)) list.add(file)
  return [...list].sort()
}
