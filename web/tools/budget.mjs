// How much each page loads first, compressed, held against what it may. Run after the build.
//
//   node web/tools/budget.mjs [--out DIR]
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { filesOf, pages } from './entries.mjs'

const KIB = 1024
const budgets = { 'sign-in': 150 * KIB, phone: 150 * KIB, desk: 350 * KIB }

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const at = process.argv.indexOf('--out')
const out = at > 0 ? resolve(process.argv[at + 1]) : join(root, 'build/web')
if (!existsSync(`${out}-types/manifest.json`)) {
  console.error('budget: nothing is built: npm run build')
  process.exit(2)
}
const manifest = JSON.parse(readFileSync(`${out}-types/manifest.json`, 'utf8'))

/** As it goes over the network: the brotli copy where there is one. */
function size(file, ending) {
  const path = join(out, file)
  if (existsSync(path + ending)) return readFileSync(path + ending).length
  return ending === '.gz' ? gzipSync(readFileSync(path)).length : readFileSync(path).length
}

let over = false
console.log('page        files     br KiB     gz KiB     budget')
for (const [name, budget] of Object.entries(budgets)) {
  const files = [`/${pages[name]}`, '/icon.svg', ...filesOf(manifest, name)]
  const br = files.reduce((sum, file) => sum + size(file, '.br'), 0)
  const gz = files.reduce((sum, file) => sum + size(file, '.gz'), 0)
  const bad = gz > budget
  over ||= bad
  console.log(`${name.padEnd(10)} ${String(files.length).padStart(6)} ${(br / KIB).toFixed(1).padStart(10)} ${(gz / KIB).toFixed(1).padStart(10)} ${(budget / KIB).toFixed(0).padStart(10)}${bad ? '  OVER' : ''}`)
}
process.exit(over ? 1 : 0)
