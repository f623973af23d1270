// How each page begins: preferences, catalogues, routes, the gate, and then the page.
//
// Routes stand after '#', so that the address of a child never leaves the browser: not in a log, not in a referrer.
import { createApp, h, nextTick, type Component } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import './tokens.css'
import './base.css'
import './controls.css'
import { onSessionLost } from './api'
import Gate from './Gate.vue'
import type { GateStore } from './gate'
import { makeI18n } from './i18n'
import { applyPreferences } from './preferences'

type Tree = { [key: string]: string | Tree }

export interface PageOptions {
  page: Component // with an AppShell and a RouterView in it
  routes: RouteRecordRaw[] // `meta.title`: key of the catalogue
  messages: { zh: Tree; en: Tree }
  kind: 'phone' | 'desk'
  store?: GateStore // web/ui/store/gate.ts, for what works without a network
  open?: boolean // for everybody: nobody is asked who they are
}

/** To the sign-in page, and back here afterwards. */
export function toSignIn(): void {
  const here = location.pathname + location.hash
  location.replace(`/?to=${encodeURIComponent(here)}`)
}

export function startPage(options: PageOptions): void {
  applyPreferences()
  const i18n = makeI18n(options.messages)
  const router = createRouter({
    history: createWebHashHistory(),
    routes: options.routes,
    scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  })
  const t = i18n.global.t as (key: string) => string
  const title = () => {
    const key = router.currentRoute.value.meta.title as string | undefined
    document.title = key ? `${t(key)} · ${t('app.name')}` : t('app.name')
  }
  router.afterEach((to, from) => {
    title()
    // A screen reader hears of a new page by the focus on its heading.
    if (from.matched.length > 0 && to.path !== from.path) {
      void nextTick(() => {
        const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main')
        heading?.focus({ preventScroll: true })
      })
    }
  })
  // A session that was ended at the server opens nothing on this device either: the password does, and signing in asks for it.
  if (!options.open) onSessionLost(() => void (options.store?.lock() ?? Promise.resolve()).finally(toSignIn))
  // A page of an older version asks for a part that the new one has no more.
  window.addEventListener('vite:preloadError', (event) => {
    if (sessionStorage.getItem('humiao.reloaded')) return
    sessionStorage.setItem('humiao.reloaded', '1')
    event.preventDefault()
    location.reload()
  })
  const root = options.open
    ? options.page
    : { render: () => h(Gate, { page: options.page, kind: options.kind, store: options.store ?? null }) }
  const app = createApp(root)
  app.use(i18n).use(router)
  app.mount('#app')
}
