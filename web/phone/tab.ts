// Which tab of the inbox one was at, for coming back to it.
import { ref } from 'vue'

export const chosen_tab = ref<string>('todo')
