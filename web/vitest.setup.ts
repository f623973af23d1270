// Node 18 has WebCrypto, and does not show it.
import { webcrypto } from 'node:crypto'

if (!globalThis.crypto) Object.defineProperty(globalThis, 'crypto', { value: webcrypto })
