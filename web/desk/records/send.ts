// Sends records fifty at a time. Nothing is lost: a batch that failed is kept and sent again with the same key, which
// the server answers alike; and a record that is there already is counted as known, whoever sends it again.
import type { FileRecord, PushedRecord } from './file'

export interface PushAnswer {
  accepted: number
  duplicate: number
  quarantined: number
  unlinked: number
  refusals: { index: number; column: string | null; message: string; hint: string | null }[]
}

export interface LineRefusal {
  line: number
  key: string
  column: string | null
  message: string
  hint: string | null
}

export interface Progress {
  sent: number
  total: number
  accepted: number
  duplicate: number
  quarantined: number
  unlinked: number
  refusals: LineRefusal[]
  state: 'sending' | 'done' | 'stopped'
}

export const BATCH = 50

export type Push = (records: PushedRecord[], key: string) => Promise<PushAnswer>

export class Sender {
  readonly progress: Progress
  private stop = false

  constructor(private readonly records: FileRecord[], private readonly push: Push, private readonly told: (p: Progress) => void) {
    this.progress = { sent: 0, total: records.length, accepted: 0, duplicate: 0, quarantined: 0, unlinked: 0, refusals: [], state: 'stopped' }
  }

  pause(): void {
    this.stop = true
  }

  /** Begins, or goes on where it stopped. Throws what the last batch failed with; calling again goes on with it. */
  async run(): Promise<Progress> {
    const p = this.progress
    this.stop = false
    p.state = 'sending'
    this.told(p)
    try {
      while (p.sent < p.total && !this.stop) {
        const batch = this.records.slice(p.sent, p.sent + BATCH)
        const answer = await this.push(batch.map((r) => r.record), await keyOf(batch))
        this.add(batch, answer)
        this.told(p)
      }
      p.state = p.sent === p.total ? 'done' : 'stopped'
    } catch (e) {
      p.state = 'stopped'
      throw e
    } finally {
      this.told(p)
    }
    return p
  }

  private add(batch: FileRecord[], a: PushAnswer): void {
    const p = this.progress
    p.sent += batch.length
    p.accepted += a.accepted
    p.duplicate += a.duplicate
    p.quarantined += a.quarantined
    p.unlinked += a.unlinked
    for (const r of a.refusals) {
      const of = batch[r.index]
      p.refusals.push({ line: of?.line ?? 0, key: of?.record.record_key ?? '', column: r.column, message: r.message, hint: r.hint })
    }
  }
}

/** The same records have the same key, in this visit to the page and in the next. */
export async function keyOf(batch: FileRecord[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(batch.map((b) => b.record)))
  if (globalThis.crypto?.subtle) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return 'r-' + [...hash.slice(0, 20)].map((b) => b.toString(16).padStart(2, '0')).join('')
  }
  return 'r-' + fnv(bytes, 0x811c9dc5) + fnv(bytes, 0x01000193) + '-' + bytes.length
}

/** Where the page came without TLS there is no digest; this one tells batches apart as well. */
function fnv(bytes: Uint8Array, seed: number): string {
  let h = seed
  for (const b of bytes) h = Math.imul(h ^ b, 0x01000193) >>> 0
  return h.toString(16).padStart(8, '0')
}
