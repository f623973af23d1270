// What a phone is told and keeps, byte by byte: whoever lives in the district is a canary, with name, number, address
// and telephone. A director's phone may hear of the children of its own village, as far as they were opened, and of
// what was written on it; a neighbour's hears nothing of them; and neither is ever told why (PR-06).
import { type Page } from '@playwright/test'
import { join } from 'node:path'
import uiZh from '../../web/ui/words/zh'
import { rows, VILLAGE } from './district'
import { district, expect, handIn, http, PHONE, signIn, story, test } from './page'
import { Phone } from './phone'

const people = () => rows(join(district().folder, 'people.csv'))

/** What tells who somebody is. Names of two characters are too short to be sure that they mean a person. */
function canaries(of: Record<string, string>[]): string[] {
  return of.flatMap((p) => [p.id_no!, p.phone!, p.address!, ...([...p.name!].length > 2 ? [p.name!] : [])]).filter((text) => text !== '')
}

/** Everything that a page hears, and where it has been. */
class Ear {
  private readonly heard: { path: string; text: string }[] = []
  private readonly waiting: Promise<void>[] = []
  readonly places: string[] = []

  constructor(readonly page: Page) {
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      this.places.push(response.url())
      if (!pathname.startsWith('/api/') || pathname.endsWith('/live')) return
      this.waiting.push(response.text().then((text) => void this.heard.push({ path: pathname, text }), () => {}))
    })
    page.on('framenavigated', (frame) => void this.places.push(frame.url()))
  }

  async all(): Promise<{ path: string; text: string }[]> {
    await Promise.all(this.waiting)
    this.places.push(this.page.url(), await this.page.title())
    return this.heard
  }

  async holds(secrets: string[]): Promise<string[]> {
    const all = (await this.all()).map((one) => one.text).join('\n')
    return secrets.filter((secret) => all.includes(secret))
  }
}

/** All that the browser keeps of this origin, as text: keys, values, and what lies in caches. */
async function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    const told = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return new TextDecoder('utf-8').decode(value) + new TextDecoder('utf-16le').decode(value)
      if (ArrayBuffer.isView(value)) return told(value.buffer)
      if (value && typeof value === 'object') return Object.entries(value).map(([k, v]) => `${k}=${told(v)}`).join(';')
      return String(value)
    }
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((done) => {
        const open = indexedDB.open(name!)
        open.onsuccess = () => done(open.result)
      })
      for (const store of db.objectStoreNames) {
        const from = db.transaction(store).objectStore(store)
        for (const ask of [from.getAllKeys(), from.getAll()] as IDBRequest<unknown>[])
          parts.push(told(await new Promise((done) => (ask.onsuccess = () => done(ask.result)))))
      }
      db.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        parts.push(request.url)
        if (!new URL(request.url).pathname.startsWith('/assets/')) parts.push(await (await cache.match(request))!.text())
      }
    }
    return parts.join('\n')
  })
}

/** The words of why: of categories, of records, of departments, as the API has them and as people say them. */
function reasons(path: string): string[] {
  const of = [uiZh.category, uiZh.record_kind, ...(path.includes('/divisions/') ? [] : [uiZh.department])] as Record<string, string>[]
  return of.flatMap((words) => Object.entries(words).flatMap(([name, word]) => [`"${name}"`, ...([...word].length > 3 ? [word] : [])]))
}

test('a phone hears of its own village what was opened, and never why', async ({ browser, person }) => {
  test.setTimeout(150_000)
  const own = story()
  const mine = people().filter((p) => p.residence_division === VILLAGE)
  const others = people().filter((p) => p.residence_division !== VILLAGE)
  const household = mine.filter((p) => p.household === own.child.household)
  const elsewhere = canaries(others).filter((secret) => !canaries(mine).includes(secret))

  const page = await person(PHONE)
  const ear = new Ear(page)
  await signIn(page, 'director')
  const phone = new Phone(page)
  await phone.asked()
  const { thread } = await phone.arrival(() => handIn(browser, own.records))
  await phone.open(thread)
  await expect(page.locator('h1')).toContainText('**')
  expect(await ear.holds(canaries(household)), 'before anything is opened').toEqual([])

  await phone.accept()
  await phone.button(phone.said.where.open).click()
  await expect(page.locator('h1')).toHaveText(own.child.name!)
  const opened = await ear.holds(canaries(mine))
  const allowed = [own.child.name!, own.child.address!, ...household.map((p) => p.phone!)]
  expect(opened.filter((secret) => !allowed.includes(secret)), 'opened: name, address, telephones of this child alone').toEqual([])
  expect(opened).toContain(own.child.name)
  expect(opened).toContain(own.child.address)

  const written = 'CANARY 荻花巷的孩子想念爸爸'
  await phone.start()
  await phone.open(thread, '/sheet/words')
  await phone.write('findings', written)
  await phone.saved(true)
  await phone.checkIn()
  for (const rest of ['/history', '', '/finish']) await phone.open(thread, rest)
  for (const path of ['/road', '/notices', '/me', '/']) await page.goto(`${district().url}/phone/#${path}`)
  await phone.asked()

  expect(await ear.holds(elsewhere), 'nobody of another village').toEqual([])
  expect((await ear.holds(canaries(mine))).filter((secret) => !allowed.includes(secret))).toEqual([])
  expect(await ear.holds([written])).toEqual([written])
  for (const { path, text } of await ear.all())
    expect(reasons(path).filter((word) => text.includes(word)), `${path} says why`).toEqual([])
  // The supervisor is told: so the words would be found.
  const { body: file } = await (await http(browser, 'supervisor')).get(`/alerts/${thread.replace('alert-', '')}`)
  expect(reasons('').filter((word) => JSON.stringify(file).includes(word))).not.toEqual([])

  // On the disk all of it is sealed; an address, a title, the history name nobody.
  const disk = await kept(page)
  expect(disk.length).toBeGreaterThan(1000)
  expect([...canaries(people()), written, own.child.name!].filter((secret) => disk.includes(secret))).toEqual([])
  const places = decodeURIComponent(ear.places.join('\n'))
  expect([...canaries(people()), written].filter((secret) => places.includes(secret))).toEqual([])

  // The second director of the village sees the child's name under its mask, and not what was written.
  const second = await person(PHONE)
  const secondEar = new Ear(second)
  await signIn(second, 'deputy')
  await new Phone(second).asked()
  const deputy = await http(browser, 'deputy')
  const visits = await deputy.get(`/alerts/${thread.replace('alert-', '')}`)
  expect(JSON.stringify(visits.body)).not.toContain(written)
  expect(await secondEar.holds([written, ...canaries(people())])).toEqual([])

  // A neighbour's phone hears nothing of any of it.
  const far = await person(PHONE)
  const farEar = new Ear(far)
  await signIn(far, 'neighbour')
  const neighbour = new Phone(far)
  await neighbour.asked()
  await neighbour.open(thread)
  for (const path of ['/notices', '/me', '/']) await far.goto(`${district().url}/phone/#${path}`)
  await neighbour.asked()
  expect(await farEar.holds([written, thread.replace('alert-', ''), ...canaries(people())])).toEqual([])
  expect(canaries(people()).filter((secret) => far.url().includes(secret))).toEqual([])
})
