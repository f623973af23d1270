import { startPage } from '@ui/start'
import Desk from './Desk.vue'
import en from './messages/en'
import zh from './messages/zh'
import { routes } from './routes'

startPage({ page: Desk, routes, messages: { zh, en }, kind: 'desk' })
