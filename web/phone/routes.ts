// One line a page. The inbox is loaded at once, the rest when it is asked for; the service worker keeps all of them.
// Addresses hold random ids: alert-ID or visit-ID. `of`: where "back" leads.
import type { RouteRecordRaw } from 'vue-router'
import Inbox from './pages/Inbox.vue'

export const routes: RouteRecordRaw[] = [
  { path: '/', component: Inbox, meta: { title: 'phone.inbox' } },
  { path: '/case/:thread', component: () => import('./pages/Visit.vue'), props: true, meta: { title: 'phone.child', of: 'inbox' } },
  { path: '/case/:thread/sheet/:part', component: () => import('./pages/Sheet.vue'), props: true, meta: { title: 'phone.sheet', of: 'case' } },
  { path: '/case/:thread/finish', component: () => import('./pages/Finish.vue'), props: true, meta: { title: 'phone.finish', of: 'case' } },
  { path: '/case/:thread/settle', component: () => import('./pages/Settle.vue'), props: true, meta: { title: 'phone.settle', of: 'case' } },
  { path: '/case/:thread/history', component: () => import('./pages/History.vue'), props: true, meta: { title: 'phone.history', of: 'case' } },
  { path: '/road', component: () => import('./pages/Road.vue'), meta: { title: 'phone.road', of: 'inbox' } },
  { path: '/notices', component: () => import('./pages/Notices.vue'), meta: { title: 'phone.notices' } },
  { path: '/me', component: () => import('./pages/Me.vue'), meta: { title: 'phone.me' } },
  { path: '/:rest(.*)*', redirect: '/' },
]
