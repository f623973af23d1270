// A file on its way to the server in pieces of one MiB. What failed is sent again from where it stopped; a file that was
// left half way is known again by its digest, and only the pieces that lack are sent.

export const PIECE = 1 << 20 // bytes
export const MOST = 512 * PIECE

export interface Handed {
  name: string
  feed: string // '': it is to be looked at
}

/** How pieces come to the server. */
export interface Wire {
  begin: (file: Handed, size: number) => Promise<string>
  /** Whether it is still on its way. */
  arriving: (id: string) => Promise<boolean>
  piece: (id: string, number: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  /** The delivery that it is now, or that it is the double of. */
  close: (id: string, sha256: string | null) => Promise<string>
  /** It is given up: nothing of it stays. */
  drop: (id: string) => Promise<void>
}

/** Which files are on their way from here, and how many pieces the server has of them. Of a file no more is kept than
 *  its digest. */
export interface Notes {
  find: (sha256: string) => { id: string; pieces: number } | undefined
  keep: (sha256: string, id: string, pieces: number) => void
  forget: (sha256: string) => void
}

export type Step = 'reading' | 'sending' | 'stopped' | 'closing' | 'done'

export interface Progress {
  step: Step
  sent: number // bytes
  size: number
  resumed: boolean // pieces of it were there already
  id: string // of the delivery; '' before there is one
}

export interface FileLike {
  size: number
  slice: (from: number, to: number) => { arrayBuffer: () => Promise<ArrayBuffer> }
  arrayBuffer: () => Promise<ArrayBuffer>
}

export const piecesOf = (size: number): number => Math.max(1, Math.ceil(size / PIECE))

const sizeOf = (size: number, number: number): number => Math.min(PIECE, size - number * PIECE)

/** SHA-256 of a file in hex; null where the page came without TLS, and the browser keeps its digests to itself. */
export async function digestOf(file: FileLike): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return [...hash].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export class Handing {
  readonly progress: Progress
  private stop = false
  private sha256: string | null | undefined
  private next = 0 // piece

  constructor(
    private readonly file: FileLike, private readonly handed: Handed, private readonly wire: Wire,
    private readonly notes: Notes, private readonly told: (p: Progress) => void,
  ) {
    this.progress = { step: 'stopped', sent: 0, size: file.size, resumed: false, id: '' }
  }

  pause(): void {
    this.stop = true
  }

  /** Begins, or goes on where it stopped. Throws what failed; called again it goes on. */
  async run(): Promise<Progress> {
    const p = this.progress
    this.stop = false
    try {
      this.say('reading')
      if (this.sha256 === undefined) this.sha256 = await digestOf(this.file)
      if (p.id === '') await this.begin()
      this.say('sending')
      while (this.next < piecesOf(p.size) && !this.stop) {
        const from = this.next * PIECE
        const bytes = new Uint8Array(await this.file.slice(from, from + sizeOf(p.size, this.next)).arrayBuffer())
        await this.wire.piece(p.id, this.next, bytes)
        this.next++
        p.sent += bytes.length
        if (this.sha256) this.notes.keep(this.sha256, p.id, this.next)
        this.say('sending')
      }
      if (this.next < piecesOf(p.size)) return this.say('stopped')
      this.say('closing')
      p.id = await this.wire.close(p.id, this.sha256)
      if (this.sha256) this.notes.forget(this.sha256)
      return this.say('done')
    } catch (error) {
      this.say('stopped')
      throw error
    }
  }

  /** It is given up, as if it had never come. */
  async cancel(): Promise<void> {
    this.stop = true
    if (this.sha256) this.notes.forget(this.sha256)
    if (this.progress.id && this.progress.step !== 'done') await this.wire.drop(this.progress.id)
  }

  private async begin(): Promise<void> {
    const p = this.progress
    const before = this.sha256 ? this.notes.find(this.sha256) : undefined
    if (before && (await this.wire.arriving(before.id))) {
      p.id = before.id
      this.next = Math.min(before.pieces, piecesOf(p.size))
      p.sent = Math.min(this.next * PIECE, p.size)
      p.resumed = this.next > 0
      return
    }
    p.id = await this.wire.begin(this.handed, p.size)
    if (this.sha256) this.notes.keep(this.sha256, p.id, 0)
  }

  private say(step: Step): Progress {
    this.progress.step = step
    this.told(this.progress)
    return this.progress
  }
}
