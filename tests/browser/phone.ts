// A director's phone, as its owner uses it: by the words on it, in either language.
import { type Locator, type Page } from '@playwright/test'
import en from '../../web/phone/messages/en'
import zh from '../../web/phone/messages/zh'
import uiEn from '../../web/ui/words/en'
import uiZh from '../../web/ui/words/zh'
import { district, expect, type Language } from './page'

/** What a page says, with what its sentence names put in. */
export const filled = (text: string, named: Record<string, string | number> = {}): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name] ?? ''))

export class Phone {
  readonly said: typeof zh
  readonly words: typeof uiZh

  constructor(readonly page: Page, readonly language: Language = 'zh') {
    this.said = language === 'zh' ? zh : (en as typeof zh)
    this.words = language === 'zh' ? uiZh : (uiEn as unknown as typeof uiZh)
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true })
  }

  /** The cards of a tab of the inbox. */
  cards(): Locator {
    return this.page.locator('main a[href*="/case/"]')
  }

  /** The phone has heard from the server. */
  async asked(): Promise<void> {
    await expect(this.page.getByText(this.said.line.asked.replace('{at}', ''))).toBeVisible()
  }

  card(thread: string): Locator {
    return this.page.locator(`main a[href$="/case/${thread}"]`)
  }

  async inbox(tab: 'todo' | 'under_way' | 'done' = 'todo'): Promise<void> {
    await this.page.locator('nav a[href$="#/"]').click()
    await this.page.getByRole('tab', { name: new RegExp(`^${this.said.tab[tab]}`) }).click()
  }

  async threads(): Promise<string[]> {
    const all = await this.cards().evaluateAll((links) => links.map((a) => a.getAttribute('href') ?? ''))
    return all.map((href) => /\/case\/([\w-]+)/.exec(href)?.[1] ?? '')
  }

  /** The card that comes by itself when something happens; how long it took, in milliseconds. */
  async arrival(happen: () => Promise<void>): Promise<{ thread: string; took: number }> {
    const before = await this.threads()
    await happen()
    const began = Date.now()
    const is_new = (threads: string[]) => threads.find((thread) => thread.startsWith('alert-') && !before.includes(thread))
    let thread: string | undefined
    await expect.poll(async () => (thread = is_new(await this.threads())) !== undefined, { intervals: [50], timeout: 20_000, message: 'the alert arrives' }).toBe(true)
    return { thread: thread!, took: Date.now() - began }
  }

  /** Opens a card by its address, as a tap on it or on a notice does. */
  async open(thread: string, rest = ''): Promise<void> {
    await this.page.goto(`${district().url}/phone/#/case/${thread}${rest}`)
    await expect(this.page.locator('main h1')).toBeAttached()
  }

  dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  async accept(): Promise<void> {
    await this.button(this.said.step.accept).click()
    await this.button(this.said.accept.go, this.dialog()).click()
    await expect(this.dialog()).toHaveCount(0)
  }

  async start(): Promise<void> {
    await this.button(this.said.step.start).click()
    await this.button(this.said.start.go, this.dialog()).click()
    await expect(this.dialog()).toHaveCount(0)
  }

  async checkIn(): Promise<void> {
    await this.button(this.said.back.button, this.page.locator('aside')).click()
    await this.button(this.said.back.go, this.dialog()).click()
    await expect(this.dialog()).toHaveCount(0)
    await expect(this.page.locator('aside')).toHaveCount(0)
  }

  /** Begins the sheet from the visit's page. */
  async sheet(): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^(${this.said.step.fill}|${this.said.step.go_on})$`) }).click()
    await this.part('met')
  }

  async part(name: 'met' | 'safety' | 'home' | 'child' | 'needs' | 'words' | 'finish'): Promise<void> {
    await expect(this.page.locator('h1')).toHaveText(this.said.sheet[`part_${name}`])
  }

  async next(): Promise<void> {
    await this.page.getByRole('link', { name: this.said.sheet.next, exact: true }).click()
  }

  /** Chooses a word of a field: a radio button or a box. */
  async choose(field: keyof typeof uiZh.sheet_field, word: string): Promise<void> {
    const of = field === 'needs' ? (this.words.need as Record<string, string>) : (this.words.sheet_word as Record<string, string>)
    const group = this.page.locator('fieldset').filter({ has: this.page.locator('legend', { hasText: this.words.sheet_field[field] }) })
    await group.getByLabel(of[word]!, { exact: true }).check()
  }

  async write(field: 'findings' | 'wish' | 'next', text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: new RegExp(`^${this.words.sheet_field[field]}`) }).fill(text)
  }

  /** Nothing of the part that is shown waits to be saved; `sent`: and the server has it. */
  async saved(sent: boolean, marks = 1): Promise<void> {
    await expect(this.page.locator('.mark').filter({ hasText: sent ? this.said.sheet.sent : this.said.sheet.phone })).toHaveCount(marks)
  }

  async record(outcome: 'verified' | 'false_alarm' | 'refused' | 'nobody_home'): Promise<void> {
    await this.part('finish')
    await this.page.getByRole('radio', { name: new RegExp(`^${this.said.finish[outcome]}`) }).check()
    await this.button(this.said.finish.go).click()
    await this.button(this.said.finish.go, this.dialog()).click()
    await expect(this.dialog()).toHaveCount(0)
    await expect(this.page).toHaveURL(/\/phone\/#\/$/)
  }

  /** The server has all that was done here. */
  async settled(): Promise<void> {
    await this.page.locator('nav a[href$="#/me"]').click()
    await expect(this.page.getByText(this.said.me.none_unsent)).toBeVisible({ timeout: 20_000 })
  }
}
