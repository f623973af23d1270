// How many notices nobody has seen yet, for the number in the navigation.
import { reactive } from 'vue'
import { api, ask } from '@ui/api'
import { may } from '@ui/session'

export const notices = reactive({
  unseen: 0,
  async read(): Promise<void> {
    if (!may('notice:own')) return
    notices.unseen = await ask(api.GET('/api/v1/notices', { params: { query: { limit: 1 } } })).then((page) => page.unseen, () => notices.unseen)
  },
})
