import { gateStore } from '@ui/store/gate'
import { onSessionLost } from '@ui/api'
import { startPage } from '@ui/start'
import en from './messages/en'
import zh from './messages/zh'
import Phone from './Phone.vue'
import { routes } from './routes'

startPage({ page: Phone, routes, messages: { zh, en }, kind: 'phone', store: gateStore })
// Nobody is torn from the sheet that is being written: the pages say that the session has ended, and all is kept.
onSessionLost(() => {})
