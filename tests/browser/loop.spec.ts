// The loop, each step by the person whose step it is: a department hands in, the director's phone says "please visit
// this child", the visit's outcome goes to the supervisor, who closes.
import { type Page } from '@playwright/test'
import { Desk } from './desk'
import { axe, DESK, district, expect, field, handIn, http, type Language, PHONE, picture, say, signIn, story, test } from './page'
import { Phone } from './phone'

const alertOf = (thread: string): string => thread.replace('alert-', '')

async function atDesk(page: Page, account: string, language: Language): Promise<Desk> {
  await signIn(page, account, language)
  return new Desk(page, language)
}

async function atPhone(page: Page, account: string, language: Language): Promise<Phone> {
  await signIn(page, account, language)
  const phone = new Phone(page, language)
  await phone.asked()
  return phone
}

/** A file of records, chosen on the desk's page. */
async function handInFile(desk: Desk, record: Record<string, string>): Promise<void> {
  const { said, page } = desk
  await desk.go('/records')
  await page.getByRole('tab', { name: said.records.file }).click()
  const names = Object.keys(record)
  await page.locator('input[type=file]').setInputFiles({
    name: 'records.csv', mimeType: 'text/csv', buffer: Buffer.from(`${names.join(',')}\n${names.map((n) => record[n]).join(',')}\n`),
  })
  await desk.button(said.records.send_all.replace('{n}', '1')).click()
  await expect(page.getByRole('heading', { name: said.records.state_done })).toBeVisible()
}

/** One record, written into the form. Gives what sends it. */
async function fillForm(desk: Desk, record: Record<string, string>): Promise<() => Promise<void>> {
  const { said, words, page } = desk
  await desk.go('/records')
  await page.getByRole('tab', { name: said.records.one }).click()
  await page.getByRole('combobox', { name: new RegExp(`^${said.records.kind}`) }).selectOption({ label: words.record_kind.imprisoned })
  await field(page, said.records.record_key).fill(record.record_key!)
  await field(page, said.records.id_no).fill(record.id_no!)
  await field(page, said.records.name).first().fill(record.name!)
  await field(page, said.records.from).fill(record.from!)
  await field(page, said.records.from).press('Tab')
  await field(page, said.records.term_years).fill('2')
  return async () => {
    await desk.button(said.records.send).click()
    await expect(page.locator('li').filter({ hasText: record.record_key! }).getByText(said.records.accepted, { exact: true })).toBeVisible()
  }
}

for (const language of ['zh', 'en'] as const) {
  test(`from a record to a closed alert (${language})`, async ({ person }) => {
    test.setTimeout(150_000)
    const { records } = story()
    const phone = await atPhone(await person(PHONE), 'director', language)
    const justice = await atDesk(await person(DESK), 'justice', language)
    await picture(phone.page, `loop-${language}-1-inbox`)

    await handInFile(justice, records[0]!)
    const send = await fillForm(justice, records[1]!)
    await picture(justice.page, `loop-${language}-2-record`)
    const { thread, took } = await phone.arrival(send)
    expect(took, 'milliseconds from the answer to the department until the phone shows it').toBeLessThan(5000) // 2 s are promised, and measured by script/bench loop: here a busy machine must not fail
    await picture(phone.page, `loop-${language}-3-arrived`)

    // It says which child, how urgent, with whom: never why.
    const card = phone.card(thread)
    await expect(card).toContainText('**')
    await expect(card).toContainText(phone.words.level.high)
    await expect(card).toContainText(phone.words.escort.pair)
    await card.click()
    await expect(phone.page.locator('h1')).toContainText('**')
    await axe(phone.page)
    await picture(phone.page, `loop-${language}-4-alert`)
    await phone.accept()

    // Name and address by a tap, and kept for the road.
    await phone.button(phone.said.where.open).click()
    await expect(phone.page.locator('h1')).not.toContainText('**')
    await expect(phone.page.getByText(phone.said.where.address, { exact: true })).toBeVisible()
    await picture(phone.page, `loop-${language}-5-opened`)
    await phone.inbox()
    await phone.page.getByRole('link', { name: phone.said.road.button }).click()
    const take = phone.page.getByRole('button', { name: new RegExp(say(language, '^带上这', '^Take these')) })
    await expect(take.or(phone.page.getByText(phone.said.road.all)).first()).toBeVisible()
    if (await take.count()) await take.click()
    await expect(phone.page.getByText(phone.said.road.all)).toBeVisible({ timeout: 20_000 })
    await picture(phone.page, `loop-${language}-6-road`)

    await phone.open(thread)
    await phone.start()
    await phone.sheet()
    await phone.choose('met', 'child')
    await phone.choose('met', 'guardian')
    await phone.saved(true)
    await axe(phone.page)
    await picture(phone.page, `loop-${language}-7-sheet`)
    await phone.next()
    await phone.choose('safety', 'no_sign')
    await phone.next()
    await phone.choose('living', 'fair')
    await phone.choose('care', 'poor')
    await phone.next()
    await phone.choose('mood', 'fair')
    await phone.next()
    await phone.choose('needs', 'company')
    await phone.next()
    const finding = say(language, '奶奶照看，孩子想念父母。', 'Grandmother looks after the child, who misses the parents.')
    await phone.write('findings', finding)
    await phone.saved(true)
    await picture(phone.page, `loop-${language}-8-words`)
    await phone.checkIn()
    await phone.next()
    await picture(phone.page, `loop-${language}-9-finish`)
    await phone.record('verified')
    await expect(phone.card(thread)).toHaveCount(0)
    await phone.inbox('done')
    await picture(phone.page, `loop-${language}-10-done`)

    // The supervisor: what has come back, why it arose, and the end.
    const alert = alertOf(thread)
    const supervisor = await atDesk(await person(DESK), 'supervisor', language)
    await supervisor.board()
    await expect(supervisor.row(alert)).toBeVisible()
    await axe(supervisor.page)
    await picture(supervisor.page, `loop-${language}-11-board`)
    await supervisor.row(alert).click()
    await supervisor.state('verified')
    await supervisor.button(supervisor.said.visit.sheet).click()
    await expect(supervisor.page.getByText(finding)).toBeVisible()
    await axe(supervisor.page)
    await picture(supervisor.page, `loop-${language}-12-alert`)
    await supervisor.page.getByRole('link', { name: supervisor.words.category.de_facto_unattended }).click()
    await expect(supervisor.page.getByRole('heading', { name: supervisor.said.explain.title })).toBeVisible()
    await expect(supervisor.page.getByRole('heading', { name: supervisor.said.explain.clause })).toBeVisible()
    await axe(supervisor.page)
    await picture(supervisor.page, `loop-${language}-13-timeline`)

    // Station and centre see the same alert; another village's director does not.
    for (const account of ['station', 'centre'] as const) {
      const desk = await atDesk(await person(DESK), account, language)
      await desk.board()
      await expect(desk.row(alert)).toBeVisible()
      await desk.go(`/alerts/${alert}`)
      await desk.state('verified')
      await desk.page.context().close()
    }
    await supervisor.go(`/alerts/${alert}`)
    await supervisor.step('assess')
    await supervisor.state('assessed')
    await supervisor.step('close')
    await supervisor.state('closed')
    await picture(supervisor.page, `loop-${language}-14-closed`)
    await supervisor.board('closed')
    await expect(supervisor.row(alert)).toBeVisible()
  })
}

/** A visit by the director, through the phone, from accepting to the outcome. */
async function visit(phone: Phone, thread: string, outcome: 'false_alarm' | 'refused'): Promise<void> {
  await phone.open(thread)
  await phone.accept()
  await phone.start()
  await phone.checkIn()
  await phone.page.getByRole('link', { name: phone.said.step.record, exact: true }).click()
  await phone.record(outcome)
  await phone.settled()
}

test('a visit that is refused becomes a watch, and another visit is planned (en)', async ({ browser, person }) => {
  const { records } = story()
  const phone = await atPhone(await person(PHONE), 'director', 'en')
  const { thread } = await phone.arrival(() => handIn(browser, records))
  await visit(phone, thread, 'refused')
  const supervisor = await atDesk(await person(DESK), 'supervisor', 'en')
  await supervisor.board('watch')
  await expect(supervisor.row(alertOf(thread))).toBeVisible()
  await supervisor.go(`/alerts/${alertOf(thread)}`)
  await supervisor.state('watch')
  await picture(supervisor.page, 'loop-en-watch')
  // The next visit is on the phone by itself.
  await phone.inbox()
  await expect(phone.card(thread)).toContainText(/planned/)
})

test('a false alarm needs a second pair of eyes (zh)', async ({ browser, person }) => {
  const { records } = story()
  const phone = await atPhone(await person(PHONE), 'director', 'zh')
  const { thread } = await phone.arrival(() => handIn(browser, records))
  await visit(phone, thread, 'false_alarm')
  const supervisor = await atDesk(await person(DESK), 'supervisor', 'zh')
  await supervisor.go(`/alerts/${alertOf(thread)}`)
  await supervisor.state('false_alarm')
  await supervisor.step('visit_again', '请再看看孩子的作业和住处')
  await supervisor.state('again')
  await phone.inbox()
  await expect(phone.card(thread)).toBeVisible()
})

test('a record that is taken back takes its alert from the phone', async ({ browser, person }) => {
  const { records } = story()
  const phone = await atPhone(await person(PHONE), 'director', 'zh')
  const { thread } = await phone.arrival(() => handIn(browser, records))
  await expect(phone.card(thread)).toBeVisible()
  await handIn(browser, [{ ...records[1]!, value: 'retracted' }])
  await expect(phone.card(thread)).toHaveCount(0)
  const { body } = await (await http(browser, 'supervisor')).get(`/alerts/${alertOf(thread)}`)
  expect(body.state).toBe('recalled')
})

test('an alert is of its own village: a neighbour neither lists nor opens it', async ({ browser, person }) => {
  const { records } = story()
  const phone = await atPhone(await person(PHONE), 'director', 'zh')
  const { thread } = await phone.arrival(() => handIn(browser, records))
  const neighbour = await http(browser, 'neighbour')
  expect((await neighbour.get(`/alerts/${alertOf(thread)}`)).status).toBe(404)
  const page = await person(PHONE)
  await signIn(page, 'neighbour')
  await page.goto(`${district().url}/phone/#/case/${thread}`)
  await expect(page.getByText(phone.said.empty.gone).first()).toBeAttached()
})
