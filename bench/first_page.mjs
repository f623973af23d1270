// How soon a phone's first page can be used, with nothing in its cache and on a processor slowed down fourfold, and
// how much it loads until then. Called by bench/loop.py; prints JSON, in milliseconds and bytes.
//
//   node bench/first_page.mjs URL ACCOUNT [TIMES]       the password comes on the standard input
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const SLOWED = 4
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' }
const [url, account, times = '5'] = process.argv.slice(2)
const password = readFileSync(0, 'utf8').trim()

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

/** A phone that was never here; or one that has signed in, and has kept no more than `storageState`. */
async function phone(storageState) {
  const context = await browser.newContext({ ...PHONE, storageState })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const loaded = { bytes: 0 }
  await devtools.send('Network.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
  devtools.on('Network.loadingFinished', (one) => (loaded.bytes += one.encodedDataLength))
  return { context, page, loaded }
}

/** From the first byte asked for until `usable` has come true. */
async function open({ page, loaded }, path, usable) {
  const began = performance.now()
  await page.goto(url + path, { waitUntil: 'commit' })
  await usable(page)
  return { ms: performance.now() - began, bytes: loaded.bytes }
}

const form = (page) => ({
  account: page.getByRole('textbox', { name: /^账号/ }),
  password: page.getByRole('textbox', { name: /^密码/ }),
  enter: page.getByRole('button', { name: '登录', exact: true }),
})

/** The form takes what is typed. */
const canSignIn = (page) => form(page).account.fill(account)

/** The first child's card can be touched. */
const seesWork = (page) => page.locator('main a[href*="/case/"]').first().click({ trial: true })

async function signIn(page) {
  await form(page).password.fill(password)
  await form(page).enter.click()
  await page.waitForURL(/\/phone\//)
  return page.context().storageState()
}

const middle = (list, key) => list.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(list.length / 2)]
const told = (list) => ({ ms: middle(list, 'ms'), worst: Math.max(...list.map((one) => one.ms)), bytes: middle(list, 'bytes') })

const first = []
const inbox = []
let signedIn
for (let i = 0; i < Number(times); i++) {
  const fresh = await phone()
  first.push(await open(fresh, '/', canSignIn))
  signedIn ??= await signIn(fresh.page)
  await fresh.context.close()
  const known = await phone(signedIn)
  inbox.push(await open(known, '/phone/', seesWork))
  await known.context.close()
}
await browser.close()
console.log(JSON.stringify({ times: Number(times), first: told(first), inbox: told(inbox) }))
