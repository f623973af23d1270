// The titles of sources, asked for once and kept while the page is open.
import { reactive } from 'vue'
import { api, ask, type Schemas } from '@ui/api'
import { preferences } from '@ui/preferences'

export type Glance = Schemas['feed_glance']

const titles = reactive(new Map<string, { zh: string; en: string }>())
let asked: Promise<void> | null = null

export function learn(items: readonly { name?: string; title_zh?: string | null; title_en?: string | null }[]): void {
  for (const f of items) if (f.name) titles.set(f.name, { zh: f.title_zh || f.name, en: f.title_en || f.title_zh || f.name })
}

export async function readFeeds(signal?: AbortSignal): Promise<Glance[]> {
  const { items } = await ask(api.GET('/api/v1/feeds', signal ? { signal } : {}))
  learn(items)
  return items
}

/** A source as one calls it; its name where no more is known. */
export function feedTitle(name: string | null | undefined): string {
  if (!name) return ''
  const known = titles.get(name)
  if (!known && typeof window !== 'undefined') asked ??= readFeeds().then(() => undefined, () => undefined)
  return known ? known[preferences.language === 'zh' ? 'zh' : 'en'] : name
}

/** Department by department, and within by title. */
export function byDepartment<T extends { department?: string; name?: string }>(items: readonly T[], order: readonly string[]): T[] {
  const place = (f: T) => (order.includes(f.department ?? '') ? order.indexOf(f.department ?? '') : order.length)
  return [...items].sort((a, b) => place(a) - place(b) || (a.name ?? '').localeCompare(b.name ?? ''))
}

export const DEPARTMENTS = [
  'civil_affairs', 'public_security', 'education', 'health', 'justice', 'court', 'procuratorate', 'disabled_federation',
  'womens_federation', 'medical_insurance', 'human_resources', 'youth_league', 'town',
] as const
