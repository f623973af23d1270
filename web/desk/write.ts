// Sending something that somebody did: busy meanwhile, a word of success, or what the server says against it.
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { idempotencyKey } from '@ui/api'
import { toast } from '@ui/toast'

export const once = () => ({ 'Idempotency-Key': idempotencyKey() })

export function useWrite() {
  const { t } = useI18n()
  const busy = ref(false)

  /** Whether it was done. */
  async function write(action: () => Promise<unknown>, told?: string): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await action()
      if (told) toast.say(told)
      return true
    } catch (error) {
      toast.fail(error, t('state.offline'))
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, write }
}
