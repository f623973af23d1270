// What departments really send, at the desk: an unknown list becomes records through the mapping assistant; a column that
// was renamed overnight holds a delivery until it is known again; refused rows are mended, one and all alike, and sent
// back; a department's system pushes with a token.
import { type Locator, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { Desk } from './desk'
import { csv, gb18030, unzip } from './files'
import { axe, deliver, DESK, district, enter, expect, field, picture, signIn, story, test } from './page'

const chosen = (desk: Desk, label: string): Locator => desk.page.getByRole('combobox', { name: new RegExp(`^${label}`) })
const main = (page: Page): Locator => page.locator('main')

/** An identity number with another check digit. */
const wrong = (id: string): string => id.slice(0, 17) + (id.endsWith('0') ? '1' : '0')

/** A row for each of a family's admissions to prison; each calls for a family of its own. */
function prisoners(columns: (record: Record<string, string>, n: number) => string[]): string[][] {
  return story().records.map(columns)
}

async function choose(desk: Desk, file: { name: string; buffer: Buffer }, source: string): Promise<void> {
  const { said, page } = desk
  await desk.go('/records')
  await page.getByRole('tab', { name: said.hand_in.file }).click()
  await chosen(desk, said.hand_in.which).selectOption({ label: source })
  await page.locator('#hand-in-file').setInputFiles({ mimeType: 'text/csv', ...file })
  await desk.button(said.hand_in.send).click()
  await expect(page.getByRole('heading', { name: said.hand_in.done })).toBeVisible()
}

/** The number under a word of the story. */
const count = (page: Page, word: string): Locator => main(page).locator('dl.pairs > div').filter({ has: page.getByText(word, { exact: true }) }).locator('dd').first()

async function done(desk: Desk): Promise<void> {
  await expect(main(desk.page).getByText(desk.said.intake.state.done, { exact: true }).first()).toBeVisible({ timeout: 30_000 })
}

test('an unknown list becomes records, and a renamed column is learnt', async ({ person }) => {
  test.setTimeout(180_000)
  const page = await person(DESK)
  await enter(page, 'officer')
  const desk = new Desk(page)
  const { said, words } = desk
  await desk.go('/sources')
  await axe(page)
  await picture(page, 'intake-sources')

  await test.step('from an unknown GB 18030 file to the assistant', async () => {
    const rows = prisoners((r, n) => [`HM-${n}`, r.name!, r.id_no!, r.from!, '2年', `1380000${1000 + n}`])
    await choose(desk, { name: '名册.csv', buffer: gb18030(csv([['登记号', '人员姓名', '证件号', '收监时间', '原判', '联系方式'], ...rows])) }, said.hand_in.unknown)
    await axe(page)
    await picture(page, 'intake-hand-in')
    await main(page).getByRole('link', { name: said.hand_in.map }).click()
    await expect(page.getByRole('heading', { name: said.mapping.columns, exact: true })).toBeVisible({ timeout: 20_000 })
  })

  await test.step('what the columns are', async () => {
    await field(page, said.mapping.name).fill('custody-list')
    await field(page, said.mapping.title_zh).fill('羁押名册')
    await field(page, said.mapping.title_en).fill('Custody list')
    await chosen(desk, said.mapping.department).selectOption({ label: words.department.justice })
    await chosen(desk, said.mapping.kind).selectOption({ label: words.record_kind.imprisoned })
    const use = (column: string, as: keyof typeof said.intake.use) => chosen(desk, `${said.mapping.use}: ${column}`).selectOption({ label: said.intake.use[as] })
    for (const [column, as] of [['登记号', 'record_key'], ['人员姓名', 'name'], ['证件号', 'id_no'], ['收监时间', 'from'], ['原判', 'value']] as const) await use(column, as)
    // The telephones are sensitive: nothing goes on before somebody has decided.
    const undecided = main(page).getByText(said.mapping.lack_undecided.replace('{columns}', '联系方式'))
    if (await chosen(desk, `${said.mapping.use}: 联系方式`).inputValue() === '') {
      await expect(undecided).toBeVisible()
      await expect(desk.button(said.mapping.save)).toBeDisabled()
      await axe(page)
      await picture(page, 'intake-assistant')
    }
    await use('联系方式', 'ignore')
    await expect(undecided).toHaveCount(0)
    await page.getByRole('button', { name: said.mapping.details_of.replace('{column}', '原判') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: new RegExp(`^${said.mapping.form}`) }).selectOption({ label: said.intake.form.term })
    await axe(page)
    await desk.button('保存', dialog).click()
    await expect(main(page).locator('pre')).toContainText('ignore: [联系方式]')
  })

  await test.step('a preview, and nothing is written before the confirmation', async () => {
    await desk.button(said.mapping.preview_ask).click()
    await expect(main(page).getByText(`2 ${said.mapping.preview_good}`)).toBeVisible({ timeout: 20_000 })
    await picture(page, 'intake-preview')
    await axe(page)
    const own = await page.evaluate(async () => (await fetch('/api/v1/feeds')).json() as Promise<{ items: { name: string }[] }>)
    expect(own.items.map((f) => f.name)).not.toContain('custody-list')
    await desk.button(said.mapping.save).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('custody-list')
    await desk.button(said.mapping.save, dialog).click()
    await page.waitForURL(/#\/deliveries\/\d+$/)
    await done(desk)
    await expect(count(page, said.delivery.accepted)).toHaveText('2')
    await expect(main(page).locator('li.step').last().locator('.big')).not.toHaveText('0')
    await picture(page, 'intake-story')
    await axe(page)
  })

  await test.step('a column is called otherwise overnight', async () => {
    const rows = prisoners((r, n) => [`HM-R${n}`, r.name!, r.id_no!, r.from!, '2年'])
    await choose(desk, { name: '名册二.csv', buffer: gb18030(csv([['登记号', '人员姓名', '证件号', '收押的日子', '原判'], ...rows])) }, `${words.department.justice} · 羁押名册`)
    await main(page).getByRole('link', { name: said.hand_in.story }).click()
    await expect(main(page).getByText(said.intake.state.held, { exact: true }).first()).toBeVisible({ timeout: 30_000 })
    await expect(main(page).getByText(said.delivery.held_none)).toBeVisible()
    await picture(page, 'intake-held')
    await axe(page)
    await main(page).getByRole('link', { name: said.delivery.map }).click()
    await expect(page.getByRole('heading', { name: said.mapping.renamed })).toBeVisible({ timeout: 20_000 })
    await picture(page, 'intake-renamed')
    await axe(page)
    await expect(desk.button(said.mapping.save)).toBeDisabled()
    await chosen(desk, said.mapping.renamed_text.slice(0, 4)).selectOption({ label: '收押的日子' })
    await expect(main(page).locator('pre')).toContainText('named: [收押的日子, 收监时间]')
    await desk.button(said.mapping.save).click()
    await desk.button(said.mapping.save, page.getByRole('dialog')).click()
    await page.waitForURL(/#\/deliveries\/\d+$/)
    await done(desk)
    await expect(count(page, said.delivery.accepted)).toHaveText('2')
  })

  await test.step('its source has two editions', async () => {
    await desk.go('/sources/custody-list')
    await page.getByRole('tab', { name: said.source.mapping }).click()
    await expect(main(page).locator('li.edition')).toHaveCount(2)
    await axe(page)
    await page.getByRole('tab', { name: said.source.coverage }).click()
    await desk.button(said.source.add).click()
    await expect(main(page).locator('ul.list li')).toHaveCount(1)
    await axe(page)
  })
})

test('refused rows are mended, one and all alike, and the rest goes back', async ({ browser, person }) => {
  test.setTimeout(180_000)
  const page = await person(DESK)
  await signIn(page, 'justice', 'en')
  const desk = new Desk(page, 'en')
  const { said } = desk
  const [first, second, third, fourth] = [0, 0].flatMap(() => story().records) as [Record<string, string>, Record<string, string>, Record<string, string>, Record<string, string>]
  const row = (key: string, r: Record<string, string>, term: string, id = r.id_no!): string[] => [key, id, r.name!, r.from!, term, '', '在押']
  await deliver(browser, 'justice', 'admissions.csv', Buffer.from(csv([
    ['入监编号', '身份证号', '姓名', '入监日期', '刑期', '刑期止日', '状态'],
    row('Q-1', first, '2年', wrong(first.id_no!)), row('Q-2', second, '两三载'), row('Q-3', third, '两三载'), row('Q-4', { ...fourth, from: '3月1日' }, '2年'),
  ])), 'prison-admissions')

  await desk.go('/quarantine?feed=prison-admissions')
  const groups = main(page).locator('tbody tr')
  await expect(async () => {
    await page.reload()
    await expect(groups).toHaveCount(3, { timeout: 2000 })
  }).toPass({ timeout: 40_000 })
  await axe(page)
  await picture(page, 'intake-quarantine')

  await test.step('all alike', async () => {
    await groups.filter({ hasText: '两三载' }).getByRole('button').click()
    await expect(main(page).locator('tbody tr')).toHaveCount(2)
    await axe(page)
    await picture(page, 'intake-group')
    await desk.button(said.quarantine.mend_all).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Mend 2 rows')
    await field(dialog, said.quarantine.new_value).fill('2年')
    await axe(page)
    await desk.button('Mend 2 rows', dialog).click()
    await expect(dialog).toHaveCount(0)
    await expect(page.getByText(/^Taken 2, /)).toBeVisible()
  })

  await test.step('one', async () => {
    await desk.go('/quarantine?feed=prison-admissions')
    await expect(groups).toHaveCount(2)
    await page.getByRole('tab', { name: said.quarantine.rows_tab }).click()
    await groups.filter({ hasText: wrong(first.id_no!) }).getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await expect(field(dialog, '身份证号')).toHaveValue(wrong(first.id_no!))
    await axe(page)
    await picture(page, 'intake-row')
    await field(dialog, '身份证号').fill(first.id_no!)
    await desk.button(said.quarantine.mend, dialog.locator('footer')).click()
    await expect(dialog).toHaveCount(0)
    await expect(groups).toHaveCount(1)
  })

  await test.step('the rest goes back as the department wrote it', async () => {
    await desk.button(said.quarantine.send_back).click()
    const [download] = await Promise.all([page.waitForEvent('download'), desk.button(said.quarantine.send_back_go, page.getByRole('dialog')).click()])
    const bytes = readFileSync(await download.path())
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04')
    const text = [...unzip(bytes)].filter(([name]) => /sharedStrings|worksheets/.test(name)).map(([, xml]) => xml).join('')
    for (const word of ['入监编号', '刑期止日', 'why it was returned', 'what to do', 'Q-4', '3月1日']) expect(text, word).toContain(word)
    expect(text).not.toContain('Q-2')
    await expect(main(page).getByText(said.quarantine.none)).toBeVisible()
  })

  await desk.go('/unlinked')
  await axe(page)
})

test("a department's system pushes with a token until it ends", async ({ person, request }) => {
  const page = await person(DESK)
  await enter(page, 'keys')
  const desk = new Desk(page)
  const { said, words } = desk
  await desk.go('/tokens')
  await chosen(desk, said.token.feed).selectOption({ label: `${words.department.justice} · 入监人员名单` })
  await desk.button(said.token.make).click()
  const dialog = page.getByRole('dialog')
  const token = await dialog.locator('.token').innerText()
  expect(token).toMatch(/^hmf_/)
  await axe(page)
  await dialog.locator('footer').getByRole('button', { name: '关闭' }).click()
  await expect(page.getByText(token)).toHaveCount(0)

  const [record] = story().records
  const push = () => request.post(`${district().url}/api/v1/feeds/prison-admissions/rows`, {
    headers: { Authorization: `Bearer ${token}` },
    data: { rows: [{ 入监编号: 'T-1', 身份证号: record!.id_no, 姓名: record!.name, 入监日期: record!.from, 刑期: '2年' }] },
  })
  const taken = await push()
  expect(taken.status(), await taken.text()).toBe(200)
  expect(await taken.json()).toMatchObject({ accepted: 1, quarantined: 0 })
  await axe(page)
  await picture(page, 'intake-tokens')
  await main(page).getByRole('button', { name: new RegExp(`^${said.token.end}`) }).first().click()
  await desk.button(said.token.end, page.getByRole('dialog').locator('footer')).click()
  await expect(main(page).getByText(said.source.token_ended, { exact: true })).toBeVisible()
  expect((await push()).status()).toBe(401)
})

test('a file of several pieces goes on after a break, and after the page was left', async ({ person }) => {
  const page = await person(DESK)
  await signIn(page, 'justice')
  const desk = new Desk(page)
  const { said } = desk
  const file = { name: '大表.csv', mimeType: 'text/csv', buffer: Buffer.from(csv([['编号', '说明'], ...Array.from({ length: 60_000 }, (_, n) => [`B-${n}`, `第${n}行的一些文字，没有任何人`])])) }
  expect(file.buffer.length).toBeGreaterThan(2 << 20)
  const sent: string[] = []
  page.on('response', (response) => {
    const piece = /pieces\/(\d+)$/.exec(response.url())?.[1]
    if (piece) sent.push(piece)
  })
  // The network is gone for the second piece, until the page is left.
  await page.evaluate(() => {
    const open = window.fetch
    window.fetch = (input, init) => ((input as Request).url.endsWith('/pieces/1') ? Promise.reject(new TypeError('no network')) : open(input, init))
  })
  const choose = async () => {
    await desk.go('/records')
    await chosen(desk, said.hand_in.which).selectOption({ label: said.hand_in.unknown })
    await page.locator('#hand-in-file').setInputFiles(file)
    await desk.button(said.hand_in.send).click()
  }
  await choose()
  await expect(page.getByRole('heading', { name: said.hand_in.stopped })).toBeVisible()
  await desk.button(said.hand_in.go_on).click()
  await expect(desk.button(said.hand_in.go_on)).toBeEnabled()
  await axe(page)
  await page.reload()
  await choose()
  await expect(page.getByRole('heading', { name: said.hand_in.done })).toBeVisible()
  await expect(main(page).getByText(said.hand_in.resumed)).toBeVisible()
  expect(sent).toEqual(['0', '1', '2', '3'].slice(0, Math.ceil(file.buffer.length / (1 << 20)))) // none of them twice
})
