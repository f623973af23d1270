// Builds the pages into build/web: types, Vite, the service worker with the list of what it keeps, and beside each file
// its compressed copies (.gz, .br), so that the server compresses nothing.
//
//   node web/tools/build.mjs [--out DIR]
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { kept } from './entries.mjs'

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const at = process.argv.indexOf('--out')
const out = at > 0 ? resolve(process.argv[at + 1]) : resolve(web, '../build/web')
const part = `${out}.part-${process.pid}`
const COMPRESSED = /\.(html|js|css|svg|json|webmanifest)$/
const LEAST = 512 // bytes; below, a compressed copy gains nothing

function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}

/** The worker's code with the files it keeps, under a name made of their content. */
async function makeWorker() {
  const shell = kept(part)
  const hash = createHash('sha256')
  for (const file of shell) hash.update(file).update(readFileSync(join(part, file === '/' ? 'index.html' : file.endsWith('/') ? file + 'index.html' : file)))
  await build({
    configFile: false,
    root: join(web, 'worker'),
    logLevel: 'warn',
    define: { SHELL: JSON.stringify(shell), VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)) },
    build: {
      outDir: part,
      emptyOutDir: false,
      target: 'es2020',
      rollupOptions: { input: join(web, 'worker/worker.ts'), output: { format: 'es', entryFileNames: 'worker.js' } },
    },
  })
}

function compress() {
  for (const file of files(part)) {
    if (!COMPRESSED.test(file)) continue
    const bytes = readFileSync(file)
    if (bytes.length < LEAST) continue
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    } }))
  }
}

await import('./types.mjs')
mkdirSync(dirname(out), { recursive: true })
try {
  await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: part } })
  await makeWorker()
  // The manifest is for the tools here; it is no page.
  mkdirSync(`${out}-types`, { recursive: true })
  writeFileSync(join(`${out}-types`, 'manifest.json'), readFileSync(join(part, '.vite/manifest.json')))
  rmSync(join(part, '.vite'), { recursive: true })
  compress()
  if (existsSync(out)) renameSync(out, `${part}.old`)
  renameSync(part, out)
  console.error(`${relative(process.cwd(), out) || out}: ${files(out).length} files`)
} finally {
  rmSync(part, { recursive: true, force: true })
  rmSync(`${part}.old`, { recursive: true, force: true })
}
