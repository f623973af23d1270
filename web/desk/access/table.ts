// The clearance table, read from its text so that it can be looked at from the side of the class or of the role. The
// server decides by the table itself; this only shows it.

export interface ClearanceLine {
  line: number
  roles: string[]
  relations: string[]
  purposes: string[]
  sight: 'shown' | 'masked'
  way: string
  minutes: number
}

export interface ClearanceClass {
  name: string
  lines: ClearanceLine[]
}

export interface Clearance {
  classes: ClearanceClass[]
  approvals: { roles: string[]; by: string[] }[]
  permissions: { name: string; roles: string[] }[]
  roles: string[]
}

const list = (text: string | undefined) => (text ? text.split(',').filter((w) => w !== '') : [])

export function readClearance(text: string): Clearance {
  const table: Clearance = { classes: [], approvals: [], permissions: [], roles: [] }
  let carry: string[] | undefined
  text.split('\n').forEach((raw, at) => {
    const words = raw.replace(/#.*/, '').trim().split(/\s+/).filter((w) => w !== '')
    if (words.length === 0) return
    const indented = /^\s/.test(raw)
    if (!indented && words[0] === 'class') {
      table.classes.push({ name: words[1] ?? '', lines: [] })
      carry = undefined
    } else if (!indented && words[0] === 'approval') {
      table.approvals.push({ roles: list(words[1]), by: list(words[3]) })
      carry = undefined
    } else if (!indented && words[0] === 'permission') {
      const permission = { name: words[1] ?? '', roles: list(words[2]) }
      table.permissions.push(permission)
      carry = permission.roles
    } else if (indented && carry) {
      carry.push(...words.flatMap(list))
    } else if (indented) {
      const line = lineOf(words, at + 1)
      if (line) table.classes.at(-1)?.lines.push(line)
    }
  })
  table.roles = rolesOf(table)
  return table
}

function lineOf(words: string[], line: number): ClearanceLine | undefined {
  const [roles, relations, purposes, sight, way, minutes] = words
  if (sight !== 'shown' && sight !== 'masked') return undefined
  return {
    line,
    roles: list(roles),
    relations: list(relations),
    purposes: list(purposes),
    sight,
    way: way ?? 'free',
    minutes: Number.parseInt(minutes ?? '0', 10) || 0,
  }
}

/** In the order in which the table first names them. */
function rolesOf(t: Clearance): string[] {
  const seen = new Set<string>()
  for (const c of t.classes) for (const l of c.lines) for (const r of l.roles) seen.add(r)
  for (const p of t.permissions) for (const r of p.roles) seen.add(r)
  seen.delete('everybody')
  return [...seen]
}

/** The lines by which one role sees one class; empty: it does not. */
export function linesFor(c: ClearanceClass, role: string): ClearanceLine[] {
  return c.lines.filter((l) => l.roles.includes(role) || l.roles.includes('everybody'))
}

export type Sight = 'absent' | 'masked' | 'shown' | 'opened'

/** The most that a role sees of a class: at once, by opening it, masked, or nothing. */
export function sightOf(c: ClearanceClass, role: string): Sight {
  const lines = linesFor(c, role)
  if (lines.some((l) => l.sight === 'shown' && l.purposes.includes('routine'))) return 'shown'
  if (lines.some((l) => l.sight === 'shown')) return 'opened'
  return lines.length ? 'masked' : 'absent'
}
