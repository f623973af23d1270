// One line a page; each is loaded when it is asked for. `may`: a permission of masks/clearance.table, one of which
// suffices; the navigation shows what is allowed, and the server refuses the rest in any case.
import type { IconName } from '@ui/icons'
import { may } from '@ui/session'
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    may?: string[]
  }
}

const id = (path: string) => `${path}/:id(\\d{1,19})`

export const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/StartPage.vue') },
  { path: '/board', component: () => import('./pages/BoardPage.vue'), meta: { title: 'board.title', may: ['alert:list'] } },
  { path: id('/alerts'), component: () => import('./pages/AlertPage.vue'), props: true, meta: { title: 'alert.title', may: ['alert:read'] } },
  { path: id('/visits'), component: () => import('./pages/VisitPage.vue'), props: true, meta: { title: 'visit.title', may: ['visit:read'] } },
  { path: '/search', component: () => import('./pages/SearchPage.vue'), meta: { title: 'search.title', may: ['child:search'] } },
  { path: '/children', component: () => import('./pages/ChildrenPage.vue'), meta: { title: 'children.title', may: ['child:list'] } },
  { path: id('/children'), component: () => import('./pages/ChildPage.vue'), props: true, meta: { title: 'child.title', may: ['child:read'] } },
  { path: `${id('/children')}/timeline`, component: () => import('./pages/TimelinePage.vue'), props: true, meta: { title: 'timeline.title', may: ['child:read'] } },
  { path: '/roster', component: () => import('./pages/RosterPage.vue'), meta: { title: 'roster.title', may: ['duty:list'] } },
  { path: '/coming', component: () => import('./pages/ComingPage.vue'), meta: { title: 'coming.page', may: ['town:plan'] } },
  { path: '/review', component: () => import('./pages/ReviewPage.vue'), meta: { title: 'review.title', may: ['town:plan'] } },
  { path: '/waves', component: () => import('./pages/WavePage.vue'), meta: { title: 'wave.title', may: ['town:plan'] } },
  { path: '/openings', component: () => import('./pages/OpeningsPage.vue'), meta: { title: 'opening.title', may: ['opening:own', 'opening:list'] } },
  { path: '/records', component: () => import('./pages/RecordsPage.vue'), meta: { title: 'records.title', may: ['delivery:hand_in', 'record:push'] } },
  { path: '/sources', component: () => import('./sources/SourcesPage.vue'), meta: { title: 'source.title', may: ['feed:read'] } },
  { path: '/sources/:id', component: () => import('./sources/SourcePage.vue'), props: true, meta: { title: 'source.title', may: ['delivery:hand_in', 'delivery:decide'] } },
  { path: '/deliveries', component: () => import('./deliveries/DeliveriesPage.vue'), meta: { title: 'delivery.list', may: ['delivery:hand_in', 'delivery:decide'] } },
  { path: id('/deliveries'), component: () => import('./deliveries/DeliveryPage.vue'), props: true, meta: { title: 'delivery.title', may: ['delivery:hand_in', 'delivery:decide'] } },
  { path: `${id('/deliveries')}/mapping`, component: () => import('./mapping/MappingPage.vue'), props: true, meta: { title: 'mapping.title', may: ['feed:map'] } },
  { path: '/quarantine', component: () => import('./quarantine/QuarantinePage.vue'), meta: { title: 'quarantine.title', may: ['quarantine:read'] } },
  { path: '/unlinked', component: () => import('./quarantine/UnlinkedPage.vue'), meta: { title: 'unlinked.title', may: ['quarantine:read'] } },
  { path: '/tokens', component: () => import('./sources/TokensPage.vue'), meta: { title: 'token.title', may: ['feed:token'] } },
  { path: '/accounts', component: () => import('./pages/AccountsPage.vue'), meta: { title: 'account.title', may: ['account:list', 'account:posts'] } },
  { path: '/alarms', component: () => import('./pages/AlarmsPage.vue'), meta: { title: 'alarm.title', may: ['alarm:read'] } },
  { path: '/clearance', component: () => import('./pages/ClearancePage.vue'), meta: { title: 'clearance.title', may: ['clearance:read'] } },
  { path: '/audit', component: () => import('./pages/AuditPage.vue'), meta: { title: 'audit.title', may: ['trail:read'] } },
  { path: '/notices', component: () => import('./pages/NoticesPage.vue'), meta: { title: 'notice.title', may: ['notice:own'] } },
  { path: '/nothing', component: () => import('./pages/NothingPage.vue'), meta: { title: 'nothing.title' } },
  { path: '/:rest(.*)*', redirect: '/' },
]

/** Whoever works with what departments send; others see its numbers. */
export const INSIDE = ['delivery:hand_in', 'delivery:decide']

/** The pages of the navigation, in its order. */
export const navigation: { to: string; label: string; icon: IconName; may: string[] }[] = [
  { to: '/board', label: 'nav.board', icon: 'board', may: ['alert:list'] },
  { to: '/search', label: 'nav.search', icon: 'search', may: ['child:search'] },
  { to: '/roster', label: 'nav.roster', icon: 'people', may: ['duty:list'] },
  { to: '/coming', label: 'nav.coming', icon: 'calendar', may: ['town:plan'] },
  { to: '/review', label: 'nav.review', icon: 'list', may: ['town:plan'] },
  { to: '/waves', label: 'nav.waves', icon: 'wave', may: ['town:plan'] },
  { to: '/sources', label: 'nav.sources', icon: 'chart', may: ['feed:read'] },
  { to: '/records', label: 'nav.records', icon: 'upload', may: ['delivery:hand_in', 'record:push'] },
  { to: '/deliveries', label: 'nav.deliveries', icon: 'file', may: INSIDE },
  { to: '/quarantine', label: 'nav.quarantine', icon: 'warning', may: ['quarantine:read'] },
  { to: '/unlinked', label: 'nav.unlinked', icon: 'clock', may: ['quarantine:read'] },
  { to: '/children', label: 'nav.children', icon: 'child', may: ['child:list'] },
  { to: '/openings', label: 'nav.openings', icon: 'lock', may: ['opening:own', 'opening:list'] },
  { to: '/accounts', label: 'nav.accounts', icon: 'people', may: ['account:list', 'account:posts'] },
  { to: '/tokens', label: 'nav.tokens', icon: 'key', may: ['feed:token'] },
  { to: '/alarms', label: 'nav.alarms', icon: 'warning', may: ['alarm:read'] },
  { to: '/clearance', label: 'nav.clearance', icon: 'shield', may: ['clearance:read'] },
  { to: '/audit', label: 'nav.audit', icon: 'history', may: ['trail:read'] },
  { to: '/notices', label: 'nav.notices', icon: 'bell', may: ['notice:own'] },
]

export function allowed(one: string[]): boolean {
  return one.some((permission) => may(permission))
}

export function firstPage(): string {
  return navigation.find((item) => allowed(item.may))?.to ?? '/nothing'
}
