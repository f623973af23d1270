// What every browser test uses: the district, people with browsers of their own, axe, and a picture.
import AxeBuilder from '@axe-core/playwright'
import { test as base, type APIRequestContext, type Browser, type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PASSWORD, type Story, type Told } from './district'
import { totp } from './totp'

export { expect }

export type Language = 'zh' | 'en'

export const district = (): Told => JSON.parse(process.env.HUMIAO_BROWSER_DISTRICT!) as Told

/** A phone as directors have them, and a desk. */
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }

/** What the pages said to the console that is a fault of theirs: a refused policy, an error not caught. A request
 *  that the server refuses is the test's affair. */
const faults = new WeakMap<Page, string[]>()

export const faultsOf = (page: Page): string[] => faults.get(page) ?? []

function listen(page: Page): void {
  const said: string[] = []
  faults.set(page, said)
  page.on('pageerror', (e) => said.push(`${page.url()}: ${e.stack ?? e.message}`))
  page.on('console', (m) => {
    if (m.type() === 'error' && !/Failed to load resource|net::ERR_INTERNET_DISCONNECTED/.test(m.text())) said.push(`${page.url()}: ${m.text()}`)
    if (m.type() === 'warning' && /\[Vue|Content Security Policy/.test(m.text())) said.push(`${page.url()}: ${m.text()}`)
  })
}

type Person = (device?: BrowserContextOptions, more?: BrowserContextOptions) => Promise<Page>

/** `person` gives a browser of one's own: no cookie and no store is shared. All are closed when the test ends, and
 *  none may have had a fault. */
export const test = base.extend<{ person: Person }>({
  person: async ({ browser }, use) => {
    const pages: Page[] = []
    await use(async (device = DESK, more = {}) => {
      const page = await (await browser.newContext({ ...device, ...more })).newPage()
      listen(page)
      pages.push(page)
      return page
    })
    const said = pages.flatMap(faultsOf)
    for (const page of pages) await page.context().close()
    expect(said).toEqual([])
  },
})

/** A field by the words before it; "required" stands behind them. */
export const field = (within: Page | Locator, label: string): Locator => within.getByRole('textbox', { name: new RegExp(`^${label}`) })

export const say = <T>(language: Language, zh: T, en: T): T => (language === 'zh' ? zh : en)

/** Signs in through the page; ends where the role's pages begin. */
export async function signIn(page: Page, account: string, language: Language = 'zh', password = PASSWORD): Promise<void> {
  await page.goto(`${district().url}/`)
  if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
  await field(page, say(language, '账号', 'Account')).fill(account)
  await field(page, say(language, '密码', 'Password')).fill(password)
  await page.getByRole('button', { name: say(language, '登录', 'Sign in'), exact: true }).click()
  await page.waitForURL(/\/(phone|desk)\//)
  await expect(page.locator('h1')).toBeAttached()
}

/** Signs in, sets a second factor where the post wants one; gives what the account may. */
export async function enter(page: Page, account: string): Promise<string[]> {
  await page.goto(`${district().url}/`)
  await field(page, '账号').fill(account)
  await field(page, '密码').fill(PASSWORD)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  const heading = page.getByRole('heading', { name: '请设置动态口令' })
  await Promise.race([page.waitForURL(/\/(phone|desk)\//), heading.waitFor()])
  if (!/\/(phone|desk)\//.test(page.url())) {
    await page.getByRole('button', { name: '开始' }).click()
    const secret = await page.locator('strong.mono').innerText()
    expect(await axeFinds(page), 'the page of the second factor').toEqual([])
    await picture(page, 'sign-in-totp')
    await field(page, '验证器显示的 6 位数字').fill(totp(secret))
    await page.getByRole('button', { name: '确认' }).click()
    await page.waitForURL(/\/(phone|desk)\//)
  }
  const own = await page.evaluate(async () => (await fetch('/api/v1/session')).json() as Promise<{ permissions: string[] }>)
  return own.permissions
}

/** axe finds nothing, also of WCAG AA and best practices. */
export async function axe(page: Page): Promise<void> {
  expect(await axeFinds(page)).toEqual([])
}

/** What axe finds, a line each; `rules`: by these alone. */
export async function axeFinds(page: Page, rules?: string[]): Promise<string[]> {
  const builder = new AxeBuilder({ page })
  const found = await (rules ? builder.withRules(rules) : builder).analyze()
  return found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => `${n.target.join(' ')} ${n.html.slice(0, 200)}`).join('\n  ')}`)
}

/** Keeps a picture of the whole page where HUMIAO_SCREENSHOTS says. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.HUMIAO_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** A family that no test has told of yet, also not one that failed in a process before this. */
export function story(): Story {
  const { stories, folder } = district()
  const path = join(folder, 'told')
  const told = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  expect(stories.length, 'families of the village').toBeGreaterThan(told)
  writeFileSync(path, String(told + 1))
  return stories[told]!
}

export interface Http {
  id: string // of the account
  get: (path: string) => Promise<{ status: number; body: any }>
  post: (path: string, data: unknown) => Promise<{ status: number; body: any }>
  put: (path: string, bytes: Buffer) => Promise<{ status: number; body: any }>
  request: APIRequestContext
}

/** An account over HTTP, without pages: for what a test needs beside that which it is about. */
export async function http(browser: Browser, account: string): Promise<Http> {
  const { url } = district()
  const { request } = await browser.newContext()
  const begun = await request.post(`${url}/api/v1/session`, { data: { account, password: PASSWORD } })
  expect(begun.status(), `${account} signs in`).toBe(200)
  const { csrf, account: own } = (await begun.json()) as { csrf: string; account: { id: string } }
  return {
    id: own.id,
    request,
    get: async (path) => {
      const answer = await request.get(`${url}/api/v1${path}`)
      return { status: answer.status(), body: await answer.json() }
    },
    post: async (path, data) => {
      const answer = await request.post(`${url}/api/v1${path}`, { data, headers: { 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'same-origin' } })
      return { status: answer.status(), body: answer.headers()['content-type']?.includes('json') ? await answer.json() : null }
    },
    put: async (path, bytes) => {
      const headers = { 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/octet-stream' }
      const answer = await request.put(`${url}/api/v1${path}`, { data: bytes, headers })
      return { status: answer.status(), body: answer.headers()['content-type']?.includes('json') ? await answer.json() : null }
    },
  }
}

const cells = ({ department: _, ...row }: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''))

/** A department's records, handed in through the server as its liaison. */
export async function handIn(browser: Browser, records: Record<string, string>[]): Promise<void> {
  const justice = await http(browser, 'justice')
  const answer = await justice.post('/records', { records: records.map(cells) })
  expect(answer.body).toMatchObject({ accepted: records.length, quarantined: 0, unlinked: 0 })
}

/** A file of a department, handed in over HTTP by its liaison; gives the delivery. No feed: for the mapping assistant. */
export async function deliver(browser: Browser, account: string, name: string, bytes: Buffer, feed?: string): Promise<string> {
  const liaison = await http(browser, account)
  const begun = await liaison.post('/deliveries', { file_name: name, size: bytes.length, ...(feed ? { feed } : {}) })
  expect(begun.status, JSON.stringify(begun.body)).toBe(201)
  const { id } = begun.body as { id: string }
  const piece = await liaison.put(`/deliveries/${id}/pieces/0`, bytes)
  expect(piece.status, JSON.stringify(piece.body)).toBe(204)
  const closed = await liaison.post(`/deliveries/${id}/close`, {})
  expect(closed.status, JSON.stringify(closed.body)).toBe(200)
  return (closed.body as { id: string }).id
}
