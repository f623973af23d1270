// What the phone keeps and sends. The shapes are those of api/{work,visits,alerts}.yaml, as far as the phone
// reads them; every field of a child may be absent, as the clearance table decides.

export interface Masked { masked?: Record<string, string> }

/** One line of the inbox as the server gives it: an alert or a visit. */
export interface WorkItem extends Masked {
  kind: 'alert' | 'visit'
  id: string
  alert?: string | null
  child: string
  name?: string | null
  birth_date?: string | null
  division?: string | null
  level?: string | null
  state?: string | null
  due?: string | null
  planned?: string | null
  escort?: string | null
  events?: string[] | null
  stands_in?: boolean | null
  changed?: string | null
}

/** `whole`: these are all there are, and what is not among them is gone. */
export interface WorkPage { items: WorkItem[]; gone: string[]; whole?: boolean; now: string }

/** One version of one field of the sheet. */
export interface SheetValue extends Masked {
  id: string
  field?: string | null
  version?: number | null
  base?: number | null
  standing?: string | null // in_force, replaced, rival
  account?: string | null
  at?: string | null
  value?: string | null
}

export interface VisitFile extends Masked {
  id: string
  alert?: string | null
  child: string
  name?: string | null
  birth_date?: string | null
  division?: string | null
  level?: string | null
  escort?: string | null
  state?: string | null
  owner?: string | null
  planned?: string | null
  postponed?: number | null
  due?: string | null
  started?: string | null
  back?: string | null
  recorded?: string | null
  outcome?: string | null
  values?: SheetValue[] | null
  events?: string[] | null
  changed?: string | null
  /** Of a copy: when it was asked for, by the server's clock, in milliseconds. */
  read?: number
}

export interface AlertFile extends Masked {
  id: string
  child: string
  state?: string | null
  due?: string | null
  events?: string[] | null
  visits?: { id: string; state?: string | null; planned?: string | null }[] | null
}

/** An RFC 9457 problem, as far as a person is told of it. */
export interface Problem { status: number; code: string; title: string; detail?: string; hint?: string }

/** Status 0: the network did not carry the request, or not its answer. */
export type Answer<T> =
  | { ok: true; body: T }
  | { ok: false; status: number; problem?: Problem; retryAfter?: number }

/** What an operation is about. A visit that arises by accepting offline has no id before the server answers. */
export type Target =
  | { kind: 'alert'; id: string }
  | { kind: 'visit'; id: string }
  | { kind: 'visit_of'; alert: string }

export interface FieldDraft {
  value: string
  /** The version that the writer had in view. */
  base: number
  /** Key of an operation not yet answered that wrote this field before: the base is then what its answer says. */
  follows: string | null
  at: string
  /** Ids of the rivals that this value settles. */
  merges?: string[]
}

/** Why an operation waits for a person: what the server said. */
export interface Stop { at: string; problem: Problem }

interface OperationHead {
  /** Idempotency key. */
  key: string
  /** Order of taps on this phone. */
  seq: number
  /** Whoever was signed in; nobody else's session sends it. */
  account: string
  /** What has to keep its order: an alert with its visits, or a routine visit. */
  thread: string
  child: string
  /** The phone's clock at the tap. */
  at: string
  tries: number
  stopped: Stop | null
}
export interface StepOperation extends OperationHead {
  kind: 'step'
  target: Target
  event: string
  outcome?: string
  reason?: string
  day?: string
}
export interface FieldsOperation extends OperationHead {
  kind: 'fields'
  target: Target
  fields: Record<string, FieldDraft>
}
export type Operation = StepOperation | FieldsOperation

/** A visit that was recorded from this phone: for the tab "done". It holds no more than the inbox did. */
export interface DoneVisit {
  visit: string
  child: string
  name: string | null
  division: string | null
  level: string | null
  outcome: string
  at: string
  sent: boolean
}

export const thread_of = (item: { kind?: string; id: string; alert?: string | null }): string =>
  item.kind === 'alert' ? `alert-${item.id}` : item.alert ? `alert-${item.alert}` : `visit-${item.id}`
