// The types of the API, from the description that tools/apigen.py bundles out of api/*.yaml.
// Leaves build/web-types/{openapi.json,api.d.ts}; touches them only if the description has changed.
//
// HUMIAO_API_MORE=DIR takes further descriptions, of routes under way, from that folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import openapi, { astToString } from 'openapi-typescript'

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')
const out = join(root, 'build/web-types')

function descriptions() {
  const own = readdirSync(join(root, 'api')).filter((name) => name.endsWith('.yaml') && name !== 'openapi.yaml').sort()
  const files = ['openapi.yaml', ...own].map((name) => join(root, 'api', name))
  const more = process.env.HUMIAO_API_MORE
  if (!more || !existsSync(more)) return files
  return files.concat(readdirSync(more).filter((name) => name.endsWith('.yaml') && !own.includes(name)).map((name) => join(more, name)))
}

mkdirSync(out, { recursive: true })
const work = mkdtempSync(join(out, 'part-'))
try {
  const run = spawnSync('/usr/bin/python3', [join(root, 'tools/apigen.py'), '--out', work, '--source', root, ...descriptions()],
    { stdio: ['ignore', 'inherit', 'inherit'] })
  if (run.status !== 0) throw new Error('tools/apigen.py refuses api/')
  const text = readFileSync(join(work, 'openapi.json'), 'utf8')
  const old = join(out, 'openapi.json')
  if (!existsSync(join(out, 'api.d.ts')) || !existsSync(old) || readFileSync(old, 'utf8') !== text) {
    const types = astToString(await openapi(JSON.parse(text), { alphabetize: true }))
    writeFileSync(join(work, 'api.d.ts'), '// Made from api/*.yaml by web/tools/types.mjs.\n' + types)
    renameSync(join(work, 'api.d.ts'), join(out, 'api.d.ts'))
    renameSync(join(work, 'openapi.json'), old)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
