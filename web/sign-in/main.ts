import { startPage } from '@ui/start'
import en from './messages/en'
import zh from './messages/zh'
import Frame from './Frame.vue'
import SignIn from './SignIn.vue'

startPage({
  page: Frame,
  routes: [
    { path: '/', component: SignIn, meta: { title: 'sign_in.title' } },
    { path: '/sessions', component: () => import('./Sessions.vue'), meta: { title: 'sign_in.sessions' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  messages: { zh, en },
  kind: 'desk',
  open: true,
})
