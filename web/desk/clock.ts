// The time of day for "in two hours": it moves while a page stands open.
import { reactive } from 'vue'

export const clock = reactive({ now: Date.now() })

if (typeof window !== 'undefined') setInterval(() => (clock.now = Date.now()), 30_000)
