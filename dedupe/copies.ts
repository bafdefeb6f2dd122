import type { Pair } from './features.ts'
import type { NameRelation } from './persons.ts'

/** Texts shorter than this (「没水了」) are alike by chance: they repeat a report only when the reporter is known to be the same. */
const tellingCharacters = 10
/** Near-equal: this much of the lighter text's weight is shared, and so much in all. */
const nearlyAll = 0.75
const substantial = 60

/** What is plain without weighing, as scores in [0, 1]; 0: nothing is. */
export interface Copy {
  readonly duplicate: number
  readonly incident: number
}

/** Equal texts: the same report unless the reporters differ, and then a letter that several sent. */
export function equalTexts(plain: string, person: NameRelation): Copy {
  const telling = plain.length >= tellingCharacters
  const maySame = person !== 'different' && person !== 'unclear'
  return { duplicate: person === 'same' || (telling && maySame) ? 1 : 0, incident: telling ? 0.99 : 0 }
}

/** Long texts that share nearly all, name by name: letters that several sent with changes of their own. */
export function nearlyEqualTexts({ comparison }: Pair): Copy {
  const elsewhere = comparison.namesDiffer || comparison.otherOrdinals > 0
  const nearEqual = comparison.cover >= nearlyAll && comparison.shared >= substantial && !elsewhere
  return { duplicate: 0, incident: nearEqual ? 0.97 : 0 }
}
