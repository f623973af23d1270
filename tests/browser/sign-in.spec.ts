// Signing in, in both languages, by keyboard alone; the gallery in each state.
import { axe, district, expect, faultsOf, person, PHONE, picture, signIn, test } from './page'

test('the sign-in page passes axe in both languages, and remembers the choice', async ({ browser }) => {
  const page = await person(browser, PHONE)
  await page.goto(`${district().url}/`)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await axe(page)
  await picture(page, 'sign-in-zh')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await axe(page)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  expect(faultsOf(page)).toEqual([])
})

test('a wrong password is told plainly, and says nothing of the account', async ({ browser }) => {
  const page = await person(browser, PHONE)
  const said = []
  for (const account of ['director', 'nobody-of-this-name']) {
    await page.goto(`${district().url}/`)
    await page.getByLabel('账号', { exact: true }).fill(account)
    await page.getByLabel('密码', { exact: true }).fill('not-the-password-1')
    await page.getByRole('button', { name: '登录' }).click()
    const alert = page.getByRole('alert').first()
    await expect(alert).toBeVisible()
    said.push(await alert.innerText())
  }
  expect(said[0]).toBe(said[1])
})

test('keyboard alone signs in and out', async ({ browser }) => {
  const page = await person(browser)
  await page.goto(`${district().url}/`)
  await page.getByLabel('账号', { exact: true }).focus()
  await page.keyboard.type('supervisor')
  await page.keyboard.press('Tab')
  await page.keyboard.type('stride-Lantern-417')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/desk\//)
  await expect(page.locator('h1')).toBeVisible()
  expect(faultsOf(page)).toEqual([])
})

test('each role comes to its own place', async ({ browser }) => {
  for (const [account, place] of [['director', 'phone'], ['supervisor', 'desk'], ['justice', 'desk']]) {
    const page = await person(browser)
    await signIn(page, account)
    expect(new URL(page.url()).pathname).toBe(`/${place}/`)
    await page.context().close()
  }
})

test('the gallery passes axe, light and dark', async ({ browser }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await person(browser, undefined, { colorScheme })
    await page.goto(`${district().url}/gallery/`)
    await expect(page.locator('h1')).toBeVisible()
    await axe(page)
    await picture(page, `gallery-${colorScheme}`)
    expect(faultsOf(page)).toEqual([])
    await page.context().close()
  }
})
