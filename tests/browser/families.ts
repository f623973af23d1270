// Families of the director's village, so ordinary that no category holds for their children: what the tests tell of
// each is then all that happens to it. Names, addresses and numbers stand nowhere else, so that wherever one turns
// up, it is known whose it is.

export interface Family {
  ref: string
  people: Record<string, string>[] // child, father, mother
  relations: Record<string, string>[]
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'
const GIVEN = ['荞', '苇', '棠', '槿', '葵', '蓼', '蕖', '榆']

/** A number of an area that does not exist, with its check digit. */
function idNumber(birth: string, serial: number, sex: 'M' | 'F'): string {
  const order = serial * 2 + (sex === 'M' ? 1 : 0)
  const digits = `999999${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  return digits + '10X98765432'[sum % 11]
}

export function families(count: number, village: string, year: number): Family[] {
  return Array.from({ length: count }, (_, n) => {
    const ref = `E${String(n).padStart(3, '0')}`
    const surname = SURNAMES[n % SURNAMES.length]!
    const given = GIVEN[n % GIVEN.length]!
    const day = `-0${1 + (n % 9)}-1${n % 10}`
    const person = (who: string, name: string, sex: 'M' | 'F', born: number): Record<string, string> => ({
      ref: `${ref}${who}`, id_no: idNumber(`${born}${day}`, 300 + n, sex), name, sex, birth_date: `${born}${day}`,
      hukou_division: village, residence_division: village, residence_since: '2020-01-01',
      address: `荻花巷${100 + n}弄${n + 1}号`, phone: who === 'c' ? '' : `1940077${String(n).padStart(2, '0')}${who === 'f' ? '11' : '22'}`,
      household: `HE${ref}`,
    })
    const people = [
      person('c', `${surname}小${given}`, n % 2 ? 'F' : 'M', year - 4 - (n % 9)),
      person('f', `${surname}望${given}`, 'M', year - 36),
      person('m', `${SURNAMES[(n + 7) % SURNAMES.length]}采${given}`, 'F', year - 34),
    ]
    const relation = (who: string, kind: string) => ({ child_ref: `${ref}c`, person_ref: `${ref}${who}`, relation: kind, from: '', to: '' })
    return { ref, people, relations: [relation('f', 'father'), relation('m', 'mother')] }
  })
}
