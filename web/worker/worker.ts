/// <reference lib="webworker" />
// The service worker: keeps the phone's pages, so that they open without a network. It never touches /api: what a phone
// keeps of children lies sealed in the local store, and nowhere else.
//
// A version is the hash of what it keeps. A new one is fetched whole, waits until somebody takes it ("take over"), and
// only then replaces the old: a page never mixes two versions. The desk's files, which are hashed too, are kept as they
// are asked for.
declare const SHELL: string[]
declare const VERSION: string

const worker = self as unknown as ServiceWorkerGlobalScope

const SHELF = `shell-${VERSION}`
const DESK = 'desk'
const DESK_MOST = 80 // files; of older versions too

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(SHELF).then((shelf) => shelf.addAll(SHELL.map((file) => new Request(file, { cache: 'reload', credentials: 'omit' })))),
  )
})

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting()
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== SHELF && name !== DESK) await caches.delete(name)
      await worker.clients.claim()
    })(),
  )
})

async function trim(shelf: Cache): Promise<void> {
  const keys = await shelf.keys()
  for (const key of keys.slice(0, Math.max(0, keys.length - DESK_MOST))) await shelf.delete(key)
}

/** A hashed file: what is kept is what it is. */
async function asset(request: Request): Promise<Response> {
  const found = (await caches.match(request, { ignoreVary: true })) ?? null
  if (found) return found
  const response = await fetch(request)
  if (response.ok) {
    const shelf = await caches.open(DESK)
    await shelf.put(request, response.clone())
    await trim(shelf)
  }
  return response
}

/** A page of the shell: of this version, whatever the network does. */
async function page(path: string, request: Request): Promise<Response> {
  const shelf = await caches.open(SHELF)
  return (await shelf.match(path, { ignoreVary: true })) ?? fetch(request)
}

/** The desk: what the server has now; without it what was there last. */
async function desk(path: string, request: Request): Promise<Response> {
  const shelf = await caches.open(DESK)
  try {
    const response = await fetch(request)
    if (response.ok) await shelf.put(path, response.clone())
    return response
  } catch (error) {
    const found = await shelf.match(path, { ignoreVary: true })
    if (found) return found
    throw error
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') {
    if (url.pathname === '/' || url.pathname === '/phone/') event.respondWith(page(url.pathname, request))
    else if (url.pathname === '/desk/') event.respondWith(desk(url.pathname, request))
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(request))
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(page(url.pathname, request))
  }
})
