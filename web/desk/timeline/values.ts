// The value of a record in words: a term, a kind and level of disability, a word of a short list. What is free text
// stays as it is. Of a marriage or divorce the value is another person's identity number: it proves who the parties are,
// and is nothing that a timeline has to show.
type Tell = (key: string, named?: Record<string, unknown>) => string

export function valueText(kind: string, value: string, tell: Tell, place: (code: string) => string): string {
  if (value === '' || kind === 'divorced' || kind === 'married') return ''
  const term = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(value)
  if (term && value !== 'P') {
    return ['years', 'months', 'weeks', 'days']
      .map((unit, i) => (term[i + 1] ? tell(`value.${unit}`, { n: Number(term[i + 1]) }) : ''))
      .filter((s) => s !== '')
      .join(' ')
  }
  const disability = kind === 'disability' ? /^([a-z]+)\/([1-4])$/.exec(value) : null
  if (disability) return tell('value.disability', { form: tell(`value.${disability[1]}`), level: tell(`value.level_${disability[2]}`) })
  if (['natural', 'declared', 'reported', 'determined'].includes(value)) return tell(`value.${value}`)
  if (kind === 'residence') return place(value)
  return value
}
