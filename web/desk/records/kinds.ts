// The kinds of record and what the value of each is (src/people/kinds.def). The server checks again; this helps while
// one types.
import { idFault, normaliseId } from './id_number'

export type ValueForm = 'none' | 'any' | 'death' | 'disability' | 'term' | 'contact' | 'party' | 'division' | 'icd' | 'instrument'

export const KINDS: Record<string, ValueForm> = {
  dead: 'death',
  missing_declared: 'none',
  disability: 'disability',
  serious_illness: 'any',
  imprisoned: 'term',
  compulsory_rehab: 'term',
  other_custody: 'term',
  lost_contact: 'contact',
  guardianship_revoked: 'none',
  deported: 'none',
  parents_not_found: 'none',
  hiv: 'none',
  low_income: 'none',
  low_income_edge: 'none',
  destitute: 'none',
  divorced: 'party',
  married: 'party',
  residence: 'division',
  outside_for_work: 'any',
  school_enrolled: 'any',
  school_suspended: 'any',
  school_dropout: 'any',
  school_absent: 'any',
  self_harm_visit: 'icd',
  sleep_disorder_visit: 'icd',
  psychiatric_diagnosis: 'icd',
  abnormal_injury_visit: 'icd',
  domestic_violence_call: 'any',
  abuse_report: 'any',
  bullying: 'any',
  runaway: 'any',
  vagrant: 'any',
  screening_result: 'instrument',
}

/** Which kinds a department hands in as a rule: they stand first in the list, no more. */
export const USUAL: Record<string, string[]> = {
  justice: ['imprisoned', 'compulsory_rehab', 'other_custody'],
  civil_affairs: ['dead', 'low_income', 'low_income_edge', 'destitute', 'divorced', 'married', 'parents_not_found'],
  public_security: ['dead', 'lost_contact', 'missing_declared', 'compulsory_rehab', 'other_custody', 'deported', 'domestic_violence_call', 'runaway', 'vagrant', 'residence'],
  education: ['school_enrolled', 'school_suspended', 'school_dropout', 'school_absent', 'bullying', 'screening_result'],
  health: ['self_harm_visit', 'sleep_disorder_visit', 'psychiatric_diagnosis', 'abnormal_injury_visit', 'serious_illness', 'hiv', 'dead'],
  court: ['missing_declared', 'guardianship_revoked', 'imprisoned', 'divorced'],
  procuratorate: ['guardianship_revoked', 'other_custody'],
  disabled_federation: ['disability'],
  womens_federation: ['domestic_violence_call', 'abuse_report'],
  medical_insurance: ['serious_illness'],
  human_resources: ['outside_for_work'],
  youth_league: ['screening_result'],
  town: ['outside_for_work', 'residence', 'abuse_report'],
}

export const DISABILITIES = ['visual', 'hearing', 'speech', 'physical', 'intellectual', 'mental', 'multiple']
export const CHOICES: Partial<Record<ValueForm, string[]>> = {
  death: ['natural', 'declared'],
  contact: ['reported', 'determined'],
  disability: DISABILITIES.flatMap((form) => [1, 2, 3, 4].map((level) => `${form}/${level}`)),
}

export type ValueFault = 'not_empty' | 'choose' | 'term' | 'party' | 'party_check' | 'division' | 'instrument'

export function valueFault(kind: string, raw: string): ValueFault | undefined {
  const form = KINDS[kind]
  const value = raw.trim()
  switch (form) {
    case 'none':
      return value === '' ? undefined : 'not_empty'
    case 'death':
    case 'contact':
    case 'disability':
      return CHOICES[form]!.includes(value) ? undefined : 'choose'
    case 'term':
      return value === '' || /^P(?=\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/.test(value) ? undefined : 'term'
    case 'party': {
      const id = normaliseId(value)
      if (id.length < 5) return 'party'
      return id.length === 18 && idFault(id) === 'check_digit' ? 'party_check' : undefined
    }
    case 'division':
      return /^\d{12}$/.test(value) ? undefined : 'division'
    case 'instrument':
      return /^[^/]+\/.+$/.test(value) ? undefined : 'instrument'
    default:
      return undefined
  }
}
