// Sends records; waits as long as the server asks for when it has enough of us.
import { api, ask, Problem } from '@ui/api'
import type { Push, PushAnswer } from './send'

const PATIENCE = 6 // times

export const pushRecords: Push = async (records, key): Promise<PushAnswer> => {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(api.POST('/api/v1/records', { params: { header: { 'Idempotency-Key': key } }, headers: { 'Idempotency-Key': key }, body: { records } }))
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 429 || tries >= PATIENCE) throw error
      await new Promise((go) => setTimeout(go, Math.max(1, error.retryAfter) * 1000))
    }
  }
}
