// The desk of a supervisor, a station or a centre, in either language.
import { type Locator, type Page } from '@playwright/test'
import en from '../../web/desk/messages/en'
import zh from '../../web/desk/messages/zh'
import uiEn from '../../web/ui/words/en'
import uiZh from '../../web/ui/words/zh'
import { district, expect, type Language } from './page'

export class Desk {
  readonly said: typeof zh
  readonly words: typeof uiZh

  constructor(readonly page: Page, readonly language: Language = 'zh') {
    this.said = language === 'zh' ? zh : (en as typeof zh)
    this.words = language === 'zh' ? uiZh : (uiEn as unknown as typeof uiZh)
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${district().url}/desk/#${path}`)
    await expect(this.page.locator('h1')).toBeVisible()
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true })
  }

  /** The alert in the list that is shown. */
  row(alert: string): Locator {
    return this.page.locator(`main a[href$="#/alerts/${alert}"]`).first()
  }

  async board(view: 'open' | 'overdue' | 'watch' | 'withdrawn' | 'held' | 'closed' = 'open'): Promise<void> {
    await this.go(view === 'open' ? '/board' : `/board?view=${view}`)
  }

  /** Takes a step of the alert that is shown, with its reason where a dialog asks for one. */
  async step(event: 'assess' | 'close' | 'visit_again', reason = ''): Promise<void> {
    const name = this.words.alert_event[event]
    await this.button(name, this.page.locator('main')).click()
    const dialog = this.page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    if (reason) await dialog.getByRole('textbox', { name: new RegExp(`^${this.said.step.reason}`) }).fill(reason)
    await this.button(name, dialog.locator('footer')).click()
    await expect(dialog).toHaveCount(0)
  }

  async state(state: keyof typeof uiZh.alert_state): Promise<void> {
    await expect(this.page.locator('main').getByText(this.words.alert_state[state], { exact: true }).first()).toBeVisible()
  }
}
