// Signing in, in both languages, by keyboard alone; the gallery in each state.
import { PASSWORD } from './district'
import { axe, district, expect, field, PHONE, picture, signIn, test } from './page'

test('the sign-in page passes axe in both languages, and remembers the choice', async ({ person }) => {
  const page = await person(PHONE)
  await page.goto(`${district().url}/`)
  await expect(page.locator('h1')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await axe(page)
  await picture(page, 'sign-in-zh')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await axe(page)
  await picture(page, 'sign-in-en')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('a wrong password is told plainly, and says nothing of the account', async ({ person }) => {
  const page = await person(PHONE)
  const said = []
  for (const account of ['director', 'nobody-of-this-name']) {
    await page.goto(`${district().url}/`)
    await field(page, '账号').fill(account)
    await field(page, '密码').fill('not-the-password-1')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    const alert = page.getByRole('alert').first()
    await expect(alert).toBeVisible()
    // Each request has a number of its own.
    said.push((await alert.innerText()).replace(/[0-9a-f]{16}/, ''))
  }
  expect(said[0]).toBe(said[1])
})

test('keyboard alone signs in', async ({ person }) => {
  const page = await person()
  await page.goto(`${district().url}/`)
  await field(page, '账号').focus()
  await page.keyboard.type('supervisor')
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/desk\//)
  await expect(page.locator('h1')).toBeVisible()
})

test('each role comes to its own place', async ({ person }) => {
  for (const [account, place] of [['director', 'phone'], ['supervisor', 'desk'], ['justice', 'desk']] as const) {
    const page = await person()
    await signIn(page, account)
    expect(new URL(page.url()).pathname).toBe(`/${place}/`)
  }
})

test('the gallery passes axe, light and dark', async ({ person }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await person(undefined, { colorScheme })
    await page.goto(`${district().url}/gallery/`)
    await expect(page.locator('h1').first()).toBeVisible()
    await axe(page)
    await picture(page, `gallery-${colorScheme}`)
  }
})
