import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestOf, Handing, type Notes, PIECE, piecesOf, type Progress, type Wire } from '../deliveries/pieces'

function fileOf(size: number) {
  const bytes = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 12)) & 0xff)
  const buffer = (from: number, to: number) => bytes.slice(from, to).buffer
  return { bytes, size, slice: (from: number, to: number) => ({ arrayBuffer: async () => buffer(from, to) }), arrayBuffer: async () => buffer(0, size) }
}

class Server implements Wire {
  readonly pieces = new Map<number, Uint8Array>()
  begun = 0
  closed: string | null | undefined
  failAt = -1
  onPiece = () => {}
  begin = async () => `${100 + this.begun++}`
  arriving = async (id: string) => id === '100'
  piece = async (_id: string, number: number, bytes: Uint8Array<ArrayBuffer>) => {
    this.onPiece()
    if (number === this.failAt) throw new Error('the network is gone')
    this.pieces.set(number, bytes)
  }
  drop = async () => this.pieces.clear()
  close = async (id: string, sha256: string | null) => {
    this.closed = sha256
    return id
  }
  whole = () => Buffer.concat([...this.pieces.entries()].sort((a, b) => a[0] - b[0]).map(([, b]) => b))
}

function notesOf(): Notes & { kept: Map<string, { id: string; pieces: number }> } {
  const kept = new Map<string, { id: string; pieces: number }>()
  return { kept, find: (s) => kept.get(s), keep: (s, id, pieces) => void kept.set(s, { id, pieces }), forget: (s) => void kept.delete(s) }
}
const handed = { name: '名单.csv', feed: 'prison' }
const start = (file: ReturnType<typeof fileOf>, server: Server, notes = notesOf()) => {
  const seen: Progress[] = []
  return { handing: new Handing(file, handed, server, notes, (p) => seen.push({ ...p })), seen, notes }
}

describe('a file in pieces', () => {
  it('comes whole, with its digest', async () => {
    for (const size of [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17]) {
      const [file, server] = [fileOf(size), new Server()]
      const { handing, seen, notes } = start(file, server)
      const done = await handing.run()
      expect(done).toMatchObject({ step: 'done', sent: size, resumed: false, id: '100' })
      expect(server.pieces.size).toBe(piecesOf(size))
      expect(server.whole().equals(Buffer.from(file.bytes))).toBe(true)
      expect(server.closed).toBe(createHash('sha256').update(file.bytes).digest('hex'))
      expect(seen.map((p) => p.sent)).toEqual([...seen.map((p) => p.sent)].sort((a, b) => a - b))
      expect(notes.kept.size).toBe(0)
    }
  })
  it('goes on where it failed, and sends no piece twice', async () => {
    const [file, server] = [fileOf(4 * PIECE), new Server()]
    const { handing } = start(file, server)
    let sent = 0
    server.onPiece = () => sent++
    server.failAt = 2
    await expect(handing.run()).rejects.toThrow('gone')
    expect(handing.progress).toMatchObject({ step: 'stopped', sent: 2 * PIECE })
    server.failAt = -1
    expect((await handing.run()).step).toBe('done')
    expect(sent).toBe(5) // four, and the one that failed
    expect(server.begun).toBe(1)
  })
  it('stops when it is told to, and goes on', async () => {
    const [file, server] = [fileOf(3 * PIECE), new Server()]
    const { handing } = start(file, server)
    server.onPiece = () => handing.pause()
    expect(await handing.run()).toMatchObject({ step: 'stopped', sent: PIECE })
    server.onPiece = () => {}
    expect((await handing.run()).step).toBe('done')
  })
  it('is known again after the page was left', async () => {
    const [file, server, notes] = [fileOf(3 * PIECE + 5), new Server(), notesOf()]
    server.failAt = 2
    await expect(start(file, server, notes).handing.run()).rejects.toThrow()
    server.failAt = -1
    let sent = 0
    server.onPiece = () => sent++
    const { handing } = start(file, server, notes)
    expect(await handing.run()).toMatchObject({ step: 'done', resumed: true, sent: file.size })
    expect([sent, server.begun]).toEqual([2, 1])
    expect(server.whole().equals(Buffer.from(file.bytes))).toBe(true)
  })
  it('begins anew when the server knows nothing of it any more', async () => {
    const [file, server, notes] = [fileOf(2), new Server(), notesOf()]
    notes.keep((await digestOf(file))!, '77', 1)
    expect(await start(file, server, notes).handing.run()).toMatchObject({ step: 'done', resumed: false, id: '100' })
  })
  it('is forgotten when it is given up', async () => {
    const [file, server] = [fileOf(2 * PIECE), new Server()]
    const { handing, notes } = start(file, server)
    server.failAt = 1
    await expect(handing.run()).rejects.toThrow()
    expect([...notes.kept.values()]).toEqual([{ id: '100', pieces: 1 }])
    await handing.cancel()
    expect([server.closed, server.pieces.size, notes.kept.size]).toEqual([undefined, 0, 0])
  })
})
