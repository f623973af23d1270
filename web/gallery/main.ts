import { startPage } from '@ui/start'
import Root from './Root.vue'
import { en, zh } from './messages'

const page = { render: () => null }
startPage({ page: Root, routes: [{ path: '/:any(.*)*', component: page, meta: { title: 'gallery.title' } }], messages: { zh, en }, kind: 'desk', open: true })
