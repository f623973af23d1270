// In which order the people of a timeline stand: the child, its parents, who else has care of it, the rest.
const ORDER = [
  'self', 'father', 'mother', 'adoptive_father', 'adoptive_mother', 'guardian', 'step_father', 'step_mother', 'grandparent',
  'sibling', 'relative', 'foster_parent', 'institution',
]

export function personRank(about: string): number {
  const i = ORDER.indexOf(about)
  return i < 0 ? ORDER.length : i
}

export function byPerson(a: string, b: string): number {
  return personRank(a) - personRank(b) || (a < b ? -1 : a > b ? 1 : 0)
}
