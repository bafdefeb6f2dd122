/**
 * What a line that ends in `wrote:` is. `addressed`: nothing but who, with an address, and when, as mail programs
 * draw it. `named`: the same with no more than a name, or one such as 市长信箱答复, as a sentence of the writer's may look
 * too. `prose`: a sentence such as 贵局于2023年5月1日的答复中写道：
 */
export type Attribution = 'addressed' | 'named' | 'prose'

const wrote = '(?:写道|寫道|编写|撰写|wrote)\\s?:'
const lead = '(?:on|at|在|于|於)\\s?'
const clock = '\\d{1,2}:\\d{2}(?::\\d{2})?'
const weekday =
  '[(]?(?:(?:星期|周|週|礼拜)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?![a-z]))[)]?'
const day =
  '(?:\\d{1,4}\\s?[年/.-]\\s?\\d{1,2}\\s?[月/.-]\\s?\\d{1,4}\\s?日?|[a-z]{3,9}\\.?\\s\\d{1,2}(?:st|nd|rd|th)?,?\\s\\d{4}|\\d{1,2}\\.?\\s[a-z]{3,9}\\.?,?\\s\\d{4})'
const daytime =
  '(?:上午|下午|中午|早上|晚上|凌晨|at\\b|[ap]\\.?m\\b\\.?|\\[?(?:gmt|utc)?[+-]\\d{1,2}:?(?:\\d{2})?\\]?|gmt\\b|utc\\b)'
// Bounded: figures can be read in several ways, and each further one would double the time that a line takes.
const moment = `(?:${weekday}[,\\s]*)?${day}(?:[,\\s]*(?:${weekday}|${daytime}|${clock})){0,6}`
const name = '[^<>@:;。！？!?]{0,80}?'
const address =
  '(?:<[^<>\\s]{1,100}@[^<>\\s]{1,100}>|[[(](?:mailto:)?[^\\s@<>]{1,100}@[^\\s@<>]{1,100}[\\])]|(?<![^\\s,"])[\\w.+-]{1,64}@[\\w.-]{1,100})'
/** Programs that know no name put the address in its place too; within quotes a name may hold anything. */
const nameAtAddress = `"?[\\w.+-]{1,64}@[\\w.-]{1,100}"?|"[^"<>]{0,80}"|${name}`
// All of it: else each of its ends would be tried with each end of the name.
const gap = '[,\\s]*(?![,\\s])'

const addressed = [
  new RegExp(`^(?:${lead})?${moment}${gap}(?<who>${nameAtAddress})\\s?${address}${gap}${wrote}$`, 'i'),
  new RegExp(
    `^(?:在\\s?)?(?<who>${nameAtAddress})\\s?${address}${gap}(?:${lead})?${moment}${gap}${wrote}$`,
    'i',
  ),
]
const named = [
  new RegExp(`^(?:${lead})?${moment}${gap}(?<who>${name})\\s?${wrote}$`, 'i'),
  new RegExp(`^(?<who>${name})\\s?${lead}${moment}${gap}${wrote}$`, 'i'),
]
/** What NetEase's programs for phones draw: `在2023年05月01日 09:00，张三 写道：` */
const onPhone = new RegExp(`^在${day}\\s${clock},(?<who>[^\\s,<>@:;]{1,20})\\s写道:$`)

/** Sentences that end alike, whatever stands in them. */
const sentences = [
  /^(?:on|at)\b.{5,300}\bwrote:$/i,
  /^.{0,120}\d{1,4}\s?[年/.-].{1,200}(?:写道|寫道|编写|撰写|wrote)\s?:$/i,
]

/** Words that a sentence has and the name of a writer has not. */
const saying =
  /我|您|你|本人|[贵貴]|给|的|来信|回信|写信|去信|发[邮信送出来布文]|回复|答复|答覆|公告|通知|告示|[上中里内裡]$|\b(?:I|we|you|your|my|our|they|their|he|she|his|her|sent|letter)\b/

/** What a line says, wide forms folded; null where it is no attribution. */
export function attributionOf(line: string): Attribution | null {
  if (line.length > 500 || !/(?:写道|寫道|编写|撰写|wrote)\s?:$/i.test(line)) return null
  if (isWrittenBy(addressed, line)) return 'addressed'
  if (isWrittenBy([onPhone], line)) return 'addressed'
  if (isWrittenBy(named, line) || addressed.some((form) => form.test(line))) return 'named'
  return sentences.some((form) => form.test(line)) ? 'prose' : null
}

function isWrittenBy(forms: readonly RegExp[], line: string): boolean {
  return forms.some((form) => {
    const match = form.exec(line)
    return match !== null && !saying.test(match.groups?.who?.trim() ?? '')
  })
}
