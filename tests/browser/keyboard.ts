// A walk by Tab through a page: whatever can be used by a finger is come to by the key, and one sees where one is.
import { type Page } from '@playwright/test'

/** What is wrong, in words; nothing if all is well. */
export async function walk(page: Page): Promise<string[]> {
  const expected = await page.evaluate(() => {
    const shown = (e: HTMLElement) => {
      const box = e.getBoundingClientRect()
      return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility !== 'hidden' && !e.closest('[inert], [aria-hidden="true"], fieldset:disabled') && e.role !== 'tablist' // it hands the focus on to its tab
    }
    const groups = new Set<string>()
    let n = 0
    for (const e of document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]')) {
      if (e.tabIndex < 0 || (e as HTMLButtonElement).disabled || !shown(e)) continue
      if (e instanceof HTMLInputElement && e.type === 'radio') {
        if (groups.has(e.name)) continue
        groups.add(e.name) // the arrows go on from one to the next
        for (const other of document.getElementsByName(e.name)) other.dataset.walk = String(n)
      }
      e.dataset.walk = String(n++)
    }
    const marked = (of: Element | null) => {
      if (!of) return false
      const style = getComputedStyle(of)
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow.includes('inset')
    }
    const lines = (e: Element) => [e, ...e.querySelectorAll('*')].map((part) => {
      const style = getComputedStyle(part)
      return [style.stroke, style.strokeWidth, style.fill, style.outline].join(' ')
    }).join()
    const come: { walk: string; seen: boolean; html: string }[] = []
    Object.assign(window, { walked: come })
    document.addEventListener('focusin', (event) => {
      const e = event.target as HTMLElement
      const seen = marked(e) || marked(e.closest('label')) || marked(e.nextElementSibling) || marked(e.parentElement)
      const at = { walk: e.dataset.walk ?? '', seen, html: e.outerHTML.slice(0, 120) }
      come.push(at)
      // A drawing shows it by its own lines: they are others once the focus has gone.
      if (!seen && event.target instanceof SVGElement) {
        const before = lines(e)
        e.addEventListener('focusout', () => requestAnimationFrame(() => (at.seen = lines(e) !== before)), { once: true })
      }
    })
    ;(document.activeElement as HTMLElement | null)?.blur()
    return n
  })
  // A little more than once around: what is put in by a focus is come to as well.
  for (let n = 0; n < expected + 4; n++) await page.keyboard.press('Tab')
  const walked = await page.evaluate(() => (window as unknown as { walked: { walk: string; seen: boolean; html: string }[] }).walked)
  const come = new Set(walked.map((at) => at.walk))
  const unseen = new Set(walked.filter((at) => !at.seen).map((at) => at.html))
  const missed = await page.evaluate((reached) => [...document.querySelectorAll<HTMLElement>('[data-walk]')]
    .filter((e) => !reached.includes(e.dataset.walk!)).map((e) => e.outerHTML.slice(0, 120)), [...come])
  await page.evaluate(() => document.querySelectorAll<HTMLElement>('[data-walk]').forEach((e) => delete e.dataset.walk))
  return [...missed.map((html) => `not come to by Tab: ${html}`), ...[...unseen].map((html) => `the focus is not seen: ${html}`)]
}
