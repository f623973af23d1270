// Files as departments write and read them: CSV in GB 18030, and what stands in a workbook.
import { inflateRawSync } from 'node:zlib'

let codes: Map<string, [number, number]> | undefined

/** Text in the two-byte part of GB 18030, which holds all that these tests write. */
export function gb18030(text: string): Buffer {
  if (!codes) {
    codes = new Map()
    const decoder = new TextDecoder('gb18030')
    for (let high = 0x81; high <= 0xfe; high++) {
      for (let low = 0x40; low <= 0xfe; low++) if (low !== 0x7f) codes.set(decoder.decode(new Uint8Array([high, low])), [high, low])
    }
  }
  return Buffer.from([...text].flatMap((c) => {
    if (c < '\x80') return [c.charCodeAt(0)]
    const pair = codes!.get(c)
    if (!pair) throw new Error(`${c} is not in the two-byte part of GB 18030`)
    return pair
  }))
}

export const csv = (rows: string[][]): string => rows.map((row) => `${row.join(',')}\r\n`).join('')

/** The files of an archive, by name, from its directory. */
export function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('this is no archive')
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size, name, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(from, from + size)
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 8 ? inflateRawSync(data) : data).toString('utf8'))
    at += 46 + name + extra + comment
  }
  return files
}
