// Pieces of a file by HTTP; waits as long as the server asks for when it has enough of us.
import { api, ask, Problem } from '@ui/api'
import { once } from '../write'
import type { Notes, Wire } from './pieces'

const PATIENCE = 6 // times

async function patient<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof Problem) || (error.status !== 429 && error.status !== 503) || tries >= PATIENCE) throw error
      await new Promise((go) => setTimeout(go, Math.max(1, error.retryAfter) * 1000))
    }
  }
}

export const wire: Wire = {
  begin: async (file, size) => {
    const key = once()
    const body = { file_name: file.name, size, ...(file.feed ? { feed: file.feed } : {}) }
    return (await patient(() => ask(api.POST('/api/v1/deliveries', { params: { header: key }, headers: key, body })))).id
  },
  arriving: async (id) => {
    try {
      return (await ask(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } }))).state === 'arriving'
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return false
      throw error
    }
  },
  piece: async (id, number, bytes) => {
    await patient(() => ask(api.PUT('/api/v1/deliveries/{id}/pieces/{number}', {
      params: { path: { id, number } },
      headers: { 'Content-Type': 'application/octet-stream' },
      body: bytes as unknown as string, // the description says "binary", which a type has no word for
      bodySerializer: (body) => body as unknown as BodyInit,
    })))
  },
  close: async (id, sha256) => {
    const key = once()
    const body = sha256 ? { sha256 } : {}
    return (await patient(() => ask(api.POST('/api/v1/deliveries/{id}/close', { params: { path: { id }, header: key }, headers: key, body })))).id
  },
  drop: async (id) => {
    await ask(api.DELETE('/api/v1/deliveries/{id}', { params: { path: { id } } }))
  },
}

const PLACE = 'humiao.arriving'
const MOST = 20

type Kept = Record<string, { id: string; pieces: number }>

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Kept
  } catch {
    return {}
  }
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(Object.entries(kept).slice(-MOST))))
  } catch {
    // without it, a file that was left half way is sent whole
  }
}

export const notes: Notes = {
  find: (sha256) => read()[sha256],
  keep: (sha256, id, pieces) => write({ ...read(), [sha256]: { id, pieces } }),
  forget: (sha256) => {
    const { [sha256]: _, ...others } = read()
    write(others)
  },
}
