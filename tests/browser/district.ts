// A small invented district with the accounts of the demo, and a server over it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { families, type Family } from './families'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const humiao = process.env.HUMIAO_BINARY ?? join(root, 'build/humiao')
const CHILDREN = 1500
const FAMILIES = 32

export const VILLAGE = '330782001001'
export const NEIGHBOUR = '330782001002'
export const TOWN = '330782001000'
export const COUNTY = '330782000000'
export const PASSWORD = 'stride-Lantern-417'

export interface Story {
  child: Record<string, string> // its row of people.csv
  records: Record<string, string>[]
}

export interface Told {
  url: string
  folder: string
  pid: number
  environment: Record<string, string>
  stories: Story[]
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((done) => {
      const server = createServer().listen(0, '127.0.0.1', () => done(server))
    })),
  )
  const ports = servers.map((s) => (s.address() as { port: number }).port)
  await Promise.all(servers.map((s) => new Promise((done) => s.close(done))))
  return ports
}

/** The rows of a CSV file whose cells hold no quotes, as the generator writes them. */
export function rows(path: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const names = head!.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

/** More rows for such a file, in the order of its columns. */
function append(path: string, more: Record<string, string>[]): void {
  const names = readFileSync(path, 'utf8').split('\n', 1)[0]!.split(',')
  appendFileSync(path, more.map((row) => `${names.map((name) => row[name] ?? '').join(',')}\n`).join(''))
}

export const today = (): string => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)

const daysAgo = (n: number): string => new Date(Date.now() + 8 * 3600_000 - n * 86400_000).toISOString().slice(0, 10)

/** Name, post, and what goes with it: the accounts of the demo. */
const ACCOUNTS: [string, string, ...string[]][] = [
  ['director', 'child_director', '--division', VILLAGE],
  ['deputy', 'child_director', '--division', VILLAGE],
  ['neighbour', 'child_director', '--division', NEIGHBOUR],
  ['supervisor', 'supervisor', '--division', TOWN],
  ['station', 'station_worker', '--division', TOWN],
  ['centre', 'centre_worker', '--division', COUNTY],
  ['leader', 'bureau_leader', '--division', COUNTY],
  ['justice', 'department_liaison', '--division', COUNTY, '--department', 'justice'],
  ['data', 'data_officer', '--division', COUNTY],
  ['officer', 'data_officer', '--division', COUNTY],
  ['system', 'system_administrator'],
  ['security', 'security_administrator'],
  ['keys', 'security_administrator'],
  ['audit', 'audit_administrator'],
]

export class District {
  readonly folder = join(process.env.HUMIAO_BROWSER_FOLDER ?? join(root, 'build/browser'), 'district')
  url = ''
  private server?: ChildProcess
  private told_of: Family[] = []
  readonly environment = {
    ...(process.env as Record<string, string>),
    HUMIAO_DB: `sqlite:${this.folder}/humiao.db`,
    HUMIAO_KEY_FILE: `${this.folder}/humiao.key`,
    HUMIAO_AUDIT_KEY_FILE: `${this.folder}/humiao.audit.key`,
    HUMIAO_AUDIT_HEADS: `${this.folder}/humiao.heads`,
    HUMIAO_LANG: 'en',
    HUMIAO_ARGON2: 'interactive',
  }

  /** Runs the program; exit status 1 is "done, with rows refused": the district has faulty rows on purpose. */
  run(args: string[], input?: string): string {
    try {
      return execFileSync(humiao, args, { env: this.environment, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
    } catch (error) {
      const e = error as { status: number; stdout: string; stderr: string }
      if (e.status === 1) return e.stdout
      throw new Error(`humiao ${args.join(' ')} ended with ${e.status}: ${e.stderr.slice(-2000)}`)
    }
  }

  async make(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    this.run(['synth', '--children', String(CHILDREN), '--seed', '11', '--as-of', today(), '--out', this.folder])
    const mine = new RegExp(`^[cs](${VILLAGE}|${NEIGHBOUR}|${TOWN}),`)
    const accounts = readFileSync(join(this.folder, 'accounts.csv'), 'utf8').split('\n').filter((l) => !mine.test(l))
    writeFileSync(join(this.folder, 'accounts.csv'), accounts.join('\n'))
    this.told_of = families(FAMILIES, VILLAGE, Number(today().slice(0, 4)))
    append(join(this.folder, 'people.csv'), this.told_of.flatMap((f) => f.people))
    append(join(this.folder, 'relations.csv'), this.told_of.flatMap((f) => f.relations))
    this.run(['init'])
    this.run(['load', 'divisions', join(root, 'build/divisions.csv')])
    for (const kind of ['people', 'relations', 'accounts']) this.run(['load', kind, join(this.folder, `${kind}.csv`)])
    this.run(['ingest', join(this.folder, 'records.csv')])
    for (const [name, role, ...scope] of ACCOUNTS) {
      this.run(['account', 'add', name, '--role', role, ...scope])
      this.run(['account', 'password', name], `${PASSWORD}\n`)
    }
    // The day begins with everybody at their post: routine visits are dealt to those who are there.
    this.run(['tick', '--date', today()])
  }

  /** For each family the two admissions to prison that make its child a de facto unattended one. Each test takes a
   *  family of its own. */
  private stories(told: Family[]): Story[] {
    return told.map(({ ref, people: [child, ...parents] }) => ({
      child: child!,
      records: parents.map((p, n) => ({
        record_key: `SF-${ref}-${n}`, department: 'justice', kind: 'imprisoned', id_no: p.id_no!, name: p.name!,
        birth_date: p.birth_date!, division: p.residence_division!, from: daysAgo(3), to: '', value: 'P2Y', note: '',
      })),
    }))
  }

  async serve(): Promise<void> {
    const [port, live] = await freePorts(2)
    const log = openSync(join(this.folder, 'serve.log'), 'a')
    // The pages stand beside the program, or where HUMIAO_WEB says.
    const pages = process.env.HUMIAO_WEB ?? join(root, 'build/web')
    if (!existsSync(join(pages, 'index.html'))) throw new Error(`${pages} is not there: script/build makes it`)
    this.server = spawn(humiao, ['serve', '--listen', `127.0.0.1:${port}`, '--live', `127.0.0.1:${live}`], {
      env: this.environment, stdio: ['ignore', log, log],
    })
    this.url = `http://localhost:${port}`
    for (let tries = 0; tries < 300; tries++) {
      try {
        if ((await fetch(`http://127.0.0.1:${port}/readyz`)).ok) return
      } catch {
        // not yet
      }
      if (this.server.exitCode !== null) break
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`the server does not get ready:\n${readFileSync(join(this.folder, 'serve.log'), 'utf8').slice(-2000)}`)
  }

  told(): Told {
    return { url: this.url, folder: this.folder, pid: this.server!.pid!, environment: this.environment, stories: this.stories(this.told_of) }
  }

  async stop(): Promise<void> {
    if (!this.server || this.server.exitCode !== null) return
    const ended = new Promise((done) => this.server!.once('exit', done))
    this.server.kill('SIGTERM')
    await ended
  }
}
