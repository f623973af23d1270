// A village without a network: whatever is done on the phone there is kept, also over a reload, and comes to the server
// once and whole when there is a network again.
import { type Browser, type Page } from '@playwright/test'
import { district, expect, handIn, http, type Http, PHONE, picture, signIn, story, test } from './page'
import { filled, Phone } from './phone'

async function atPhone(page: Page, account = 'director'): Promise<Phone> {
  await signIn(page, account)
  const phone = new Phone(page)
  await phone.asked()
  // The worker that keeps the pages is there before the network goes.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  return phone
}

const cut = (phone: Phone) => phone.page.context().setOffline(true)
const mend = (phone: Phone) => phone.page.context().setOffline(false)

/** The page is closed and opened again where there is no network. */
async function again(phone: Phone): Promise<void> {
  await phone.page.reload()
  await expect(phone.page.locator('main h1')).toBeAttached()
}

interface Seen {
  state: string
  history: { event: string; state: string }[]
  visits: { id: string; state: string; outcome?: string }[]
}

const alertOf = (thread: string) => thread.replace('alert-', '')

async function seen(supervisor: Http, thread: string): Promise<Seen> {
  return (await supervisor.get(`/alerts/${alertOf(thread)}`)).body as Seen
}

async function visitOf(supervisor: Http, thread: string): Promise<string> {
  return (await seen(supervisor, thread)).visits[0]!.id
}

async function valuesOf(supervisor: Http, visit: string): Promise<Record<string, string>> {
  const { body } = await supervisor.get(`/visits/${visit}`)
  const values = (body as { values: { field: string; value: string; standing: string }[] }).values
  return Object.fromEntries(values.filter((v) => v.standing === 'in_force').map((v) => [v.field, v.value]))
}

test('the network is cut at each step of a visit', async ({ browser, person }) => {
  test.setTimeout(150_000)
  const supervisor = await http(browser, 'supervisor')
  const phone = await atPhone(await person(PHONE))
  const { thread } = await phone.arrival(() => handIn(browser, story().records))
  await phone.open(thread)

  await test.step('before it is accepted', async () => {
    await cut(phone)
    await phone.accept()
    await again(phone)
    await expect(phone.button(phone.said.step.start)).toBeVisible()
    await picture(phone.page, 'offline-accepted')
    expect((await seen(supervisor, thread)).state).toBe('pushed')
    await mend(phone)
    await expect.poll(async () => (await seen(supervisor, thread)).state).toBe('accepted')
  })
  const visit = await visitOf(supervisor, thread)
  const stateOf = async () => ((await supervisor.get(`/visits/${visit}`)).body as { state: string }).state

  await test.step('before it is begun', async () => {
    await cut(phone)
    await phone.start()
    await again(phone)
    await expect(phone.button(phone.said.back.button, phone.page.locator('aside'))).toBeVisible()
    expect(await stateOf()).toBe('planned')
    await mend(phone)
    await expect.poll(stateOf).toBe('under_way')
  })

  await test.step('in the middle of the sheet', async () => {
    await phone.sheet()
    await phone.choose('met', 'child')
    await phone.saved(true)
    await cut(phone)
    await phone.choose('met', 'guardian')
    await phone.saved(false)
    await phone.next()
    await phone.choose('safety', 'no_sign')
    await phone.saved(false)
    await again(phone)
    await phone.part('safety')
    await expect(phone.page.getByLabel(phone.words.sheet_word.no_sign, { exact: true })).toBeChecked()
    await picture(phone.page, 'offline-sheet')
    expect(await valuesOf(supervisor, visit)).toEqual({ met: 'child' })
    await mend(phone)
    await expect.poll(() => valuesOf(supervisor, visit)).toEqual({ met: 'child,guardian', safety: 'no_sign' })
    await phone.saved(true)
  })

  await test.step('before one is back', async () => {
    await phone.open(thread, '/sheet/words')
    await cut(phone)
    await phone.write('findings', '没有网络时写下的话')
    await phone.saved(false)
    await phone.checkIn()
    await again(phone)
    await expect(phone.page.locator('aside')).toHaveCount(0)
    expect(await stateOf()).toBe('under_way')
    await mend(phone)
    await expect.poll(stateOf).toBe('back')
    await expect.poll(() => valuesOf(supervisor, visit)).toMatchObject({ findings: '没有网络时写下的话' })
  })

  await test.step('before it is recorded', async () => {
    await phone.open(thread, '/finish')
    await cut(phone)
    await phone.record('verified')
    await again(phone)
    await phone.inbox('done')
    await expect(phone.page.getByText(phone.said.sheet.phone, { exact: true })).toBeVisible()
    await picture(phone.page, 'offline-recorded')
    expect(await stateOf()).toBe('back')
    await mend(phone)
    await expect.poll(stateOf).toBe('recorded')
  })
  await phone.settled()
  const end = await seen(supervisor, thread)
  expect(end.state).toBe('verified')
  expect(end.history.map((e) => e.event).filter((e) => ['accept', 'visit', 'verify'].includes(e)).sort()).toEqual(['accept', 'verify', 'visit'])
  expect(end.visits.map((v) => [v.state, v.outcome])).toEqual([['recorded', 'verified']])
})

test('after days without a network all arrives once, what was done last first', async ({ browser, person }) => {
  test.setTimeout(120_000)
  const supervisor = await http(browser, 'supervisor')
  const phone = await atPhone(await person(PHONE))
  const threads: string[] = []
  for (let n = 0; n < 2; n++) threads.push((await phone.arrival(() => handIn(browser, story().records))).thread)
  const sent: { path: string; event: string }[] = []
  phone.page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    if (request.method() === 'POST' && /\/(alerts|visits)\//.test(path))
      sent.push({ path, event: (request.postDataJSON() as { event?: string }).event ?? 'fields' })
  })
  await cut(phone)
  for (const thread of threads) {
    await phone.open(thread)
    await phone.accept()
    await phone.start()
    await phone.sheet()
    await phone.choose('met', 'child')
    await phone.saved(false)
    await phone.checkIn()
    await phone.open(thread, '/finish')
    await phone.record('false_alarm')
    await again(phone)
  }
  await phone.page.locator('nav a[href$="#/me"]').click()
  await picture(phone.page, 'offline-me')
  expect(sent.filter((s) => s.event !== 'accept' && !s.path.includes(alertOf(threads[0]!)) && !s.path.includes(alertOf(threads[1]!)))).toEqual([])
  sent.length = 0
  await mend(phone)
  await phone.settled()
  for (const thread of threads) {
    const { state, history, visits } = await seen(supervisor, thread)
    expect(state).toBe('false_alarm')
    expect(history.filter((e) => e.event === 'accept')).toHaveLength(1)
    expect(visits.map((v) => [v.state, v.outcome])).toEqual([['recorded', 'false_alarm']])
    expect(await valuesOf(supervisor, visits[0]!.id)).toEqual({ met: 'child' })
  }
  expect(sent[0], 'what was worked on last goes first').toEqual({ path: `/api/v1/alerts/${alertOf(threads[1]!)}/events`, event: 'accept' })
  expect(sent.map((s) => s.event)).toEqual([...Array<string[]>(2)].flatMap(() => ['accept', 'start', 'fields', 'check_in', 'record']))
})

/** A visit that is back, its sheet still empty. */
async function backVisit(browser: Browser, phone: Phone): Promise<{ thread: string; visit: string }> {
  const { thread } = await phone.arrival(() => handIn(browser, story().records))
  await phone.open(thread)
  await phone.accept()
  await phone.start()
  await phone.checkIn()
  await phone.settled()
  return { thread, visit: await visitOf(await http(browser, 'supervisor'), thread) }
}

async function handOver(by: Http, visit: string, to: Http): Promise<void> {
  const answer = await by.post(`/visits/${visit}/events`, { event: 'hand_over', to: to.id, reason: '替班' })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

test('two people write one field: both are shown, and merged', async ({ browser, person }) => {
  test.setTimeout(120_000)
  const [supervisor, director, deputy] = [await http(browser, 'supervisor'), await http(browser, 'director'), await http(browser, 'deputy')]
  const first = await atPhone(await person(PHONE))
  const { thread, visit } = await backVisit(browser, first)
  await handOver(supervisor, visit, deputy)
  const second = await atPhone(await person(PHONE), 'deputy')
  await second.open(thread, '/sheet/words')
  await cut(second)
  await second.write('findings', '代班人看到的')
  await second.saved(false)
  // Meanwhile it is the first one's again, who writes without having seen that.
  await handOver(supervisor, visit, director)
  const saved = await director.post(`/visits/${visit}/fields`, { fields: [{ field: 'findings', base: 0, value: '主任看到的' }] })
  expect(saved.status).toBe(200)
  await handOver(supervisor, visit, deputy)
  await mend(second)
  await second.settled()
  await second.open(thread)
  await second.page.getByRole('link', { name: filled(second.said.card.rivals, { n: 1 }) }).click()
  const main = second.page.locator('main')
  await expect(main.getByText('代班人看到的', { exact: true })).toBeVisible()
  await expect(main.getByText('主任看到的', { exact: true })).toBeVisible()
  await picture(second.page, 'offline-rivals')
  await second.button(second.said.settle.anew).click()
  const both = second.page.getByRole('textbox', { name: new RegExp(`^${second.said.settle.anew}`) })
  await expect(both).toHaveValue(/主任看到的\n代班人看到的/)
  await both.fill('主任和代班人都看到的')
  await second.button(second.said.settle.save).click()
  await expect.poll(() => valuesOf(supervisor, visit)).toEqual({ findings: '主任和代班人都看到的' })
  await second.settled()
})

test('what was written before a visit was handed over still arrives', async ({ browser, person }) => {
  test.setTimeout(120_000)
  const [supervisor, deputy] = [await http(browser, 'supervisor'), await http(browser, 'deputy')]
  const phone = await atPhone(await person(PHONE))
  const { thread, visit } = await backVisit(browser, phone)
  await phone.open(thread, '/sheet/words')
  await cut(phone)
  await phone.write('findings', '交出去以前写下的')
  await phone.saved(false)
  await handOver(supervisor, visit, deputy)
  await mend(phone)
  await expect.poll(() => valuesOf(supervisor, visit)).toEqual({ findings: '交出去以前写下的' })
  await phone.settled()
})

test('what the server refuses is put in front of the person', async ({ browser, person }) => {
  test.setTimeout(120_000)
  const supervisor = await http(browser, 'supervisor')
  const phone = await atPhone(await person(PHONE))
  const { thread } = await phone.arrival(() => handIn(browser, story().records))
  await phone.open(thread)
  await phone.accept()
  await phone.settled()
  const visit = await visitOf(supervisor, thread)
  await phone.open(thread)
  await cut(phone)
  await phone.start()
  const cancelled = await supervisor.post(`/visits/${visit}/events`, { event: 'cancel', reason: '孩子今天在医院' })
  expect(cancelled.status, JSON.stringify(cancelled.body)).toBe(200)
  await mend(phone)
  await phone.page.getByRole('link', { name: filled(phone.said.card.stopped, { n: 1 }) }).click()
  await expect(phone.page.getByText(phone.said.settle.stopped_text)).toBeVisible()
  await expect(phone.page.getByText(new RegExp(phone.words.visit_event.start)).first()).toBeVisible()
  await picture(phone.page, 'offline-refused')
  await phone.button(phone.said.settle.drop).click()
  await phone.button(phone.said.settle.drop, phone.dialog()).click()
  await phone.settled()
})

test('signing out with unsent work warns, and another account finds nothing', async ({ browser, person }) => {
  test.setTimeout(120_000)
  const page = await person(PHONE)
  const phone = await atPhone(page)
  const { thread } = await phone.arrival(() => handIn(browser, story().records))
  await phone.open(thread)
  await cut(phone)
  await phone.accept()
  await page.locator('nav a[href$="#/me"]').click()
  await phone.button(phone.said.me.sign_out).click()
  await expect(phone.dialog()).toContainText(filled(phone.said.me.out_unsent, { n: 1 }))
  await picture(page, 'offline-sign-out')
  await page.keyboard.press('Escape')
  await mend(phone)
  await phone.settled()
  await phone.button(phone.said.me.sign_out).click()
  await expect(phone.dialog()).toContainText(phone.said.me.out_text)
  await phone.button(phone.said.me.out_go, phone.dialog()).click()
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible()
  const left = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map((d) => d.name!)
    const rows = []
    for (const name of names) {
      const db = await new Promise<IDBDatabase>((done, fail) => {
        const open = indexedDB.open(name)
        open.onsuccess = () => done(open.result)
        open.onerror = () => fail(open.error)
      })
      for (const store of db.objectStoreNames)
        rows.push(...await new Promise<unknown[]>((done) => (db.transaction(store).objectStore(store).getAllKeys().onsuccess = (e) => done((e.target as IDBRequest<unknown[]>).result))))
      db.close()
    }
    return rows
  })
  expect(left, 'nothing of the account that has gone').toEqual([])
  const other = await atPhone(page, 'neighbour')
  await expect(other.card(thread)).toHaveCount(0)
  await page.goto(`${district().url}/phone/#/case/${thread}`)
  await expect(page.getByText(other.said.empty.gone).first()).toBeAttached()
})
