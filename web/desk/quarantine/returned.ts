// The department's own sheet with what is wrong beside each row, saved as a file.
import { api, ask } from '@ui/api'

const DELAY = 60_000 // ms; the browser takes the file from memory when it likes

export async function saveReturned(filter: { feed?: string; delivery?: string }, feed: string): Promise<void> {
  const blob = (await ask(api.POST('/api/v1/quarantine/return', { body: filter, parseAs: 'blob' }))) as unknown as Blob
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `returned${feed ? `-${feed}` : ''}.xlsx`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), DELAY)
}
