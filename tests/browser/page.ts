// What every browser test uses: the district, signing in as a person does, axe, and a picture.
import AxeBuilder from '@axe-core/playwright'
import { test as base, type Browser, type BrowserContext, expect, type Page } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PASSWORD, type Story, type Told } from './district'

export { expect }

export const district = (): Told => JSON.parse(process.env.HUMIAO_BROWSER_DISTRICT!) as Told

export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1280, height: 800 }

export const test = base

/** A browser of one's own for one person: no cookie and no store is shared. */
export async function person(browser: Browser, viewport = DESK, more: Record<string, unknown> = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport, ...(viewport === PHONE ? { hasTouch: true, isMobile: true } : {}), ...more })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (e) => faults.push(String(e)))
  page.on('console', (m) => {
    // A refused policy is a fault of the page; a refused request is the test's affair.
    if (m.type() === 'error' && /Content Security Policy|Uncaught/.test(m.text())) faults.push(m.text())
  })
  Object.assign(page, { faults })
  return page
}

export const faultsOf = (page: Page): string[] => (page as unknown as { faults: string[] }).faults

/** Signs in through the page; ends where the role's pages begin. */
export async function signIn(page: Page, account: string, language: 'zh' | 'en' = 'zh', password = PASSWORD): Promise<void> {
  await page.goto(`${district().url}/`)
  if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
  const zh = language === 'zh'
  await page.getByLabel(zh ? '账号' : 'Account', { exact: true }).fill(account)
  await page.getByLabel(zh ? '密码' : 'Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: zh ? '登录' : 'Sign in' }).click()
  await page.waitForURL(/\/(phone|desk)\//)
  await expect(page.locator('h1')).toBeVisible()
}

/** axe finds nothing, also of WCAG AA and best practices. */
export async function axe(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html.slice(0, 300)).join('\n  ')}`)).toEqual([])
}

/** Keeps a picture of the whole page where HUMIAO_SCREENSHOTS says. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.HUMIAO_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** A story that no other test has. */
export function story(index: number): Story {
  const { stories } = district()
  expect(stories.length, 'children of the village for whom a story can be told').toBeGreaterThan(index)
  return stories[index]
}

/** A department's records, handed in through the server as its liaison. */
export async function handIn(browser: Browser, records: Record<string, string>[]): Promise<void> {
  const { url } = district()
  const context = await browser.newContext()
  const begun = await context.request.post(`${url}/api/v1/session`, { data: { account: 'justice', password: PASSWORD } })
  expect(begun.status()).toBe(200)
  const { csrf } = (await begun.json()) as { csrf: string }
  const answer = await context.request.post(`${url}/api/v1/records`, {
    data: { records: records.map(({ department, ...r }) => Object.fromEntries(Object.entries(r).filter(([, v]) => v !== ''))) },
    headers: { 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'same-origin' },
  })
  expect(await answer.json()).toMatchObject({ accepted: records.length, quarantined: 0, unlinked: 0 })
  await context.close()
}
