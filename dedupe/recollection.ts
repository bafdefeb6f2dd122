import { daysSaid } from './numbers.ts'
import { arabicFigures, Pattern } from './pattern.ts'

const reminding =
  /催办|催促|没有?回音|没有?回复|没回|进展|还没|还不|还是|至今|再次|重复来电|反映过|打过电话|写过信|发过短信|没人理|没人联系|没有人联系|怎么还|什么时候来|没人管|此前反映|上次|上周反映/

const filing =
  '反映|投诉|举报|留言|写信|来信|来电|致电|打电话|打热线|打12345|发短信|发帖|求助|建议|咨询|发邮件'
const before =
  '上次|上回|上周|上星期|上礼拜|上个?月|月初|前几天|前段时间|前天|昨天|此前|之前|曾|已|多次|第[二三四五六]次|再次|又|接|针对|\\d{1,2}[日号]'
const unanswered = '没有?回|没有?答复|没有?下文|没有?动静|没有?消息|没有?结果|没人|无果|未果'
export const referring = new Pattern(
  [
    `(?:${filing}|说|讲|提|写|问|发|打|报)过`,
    `(?:${before})[^\\n]{0,12}(?:${filing})`,
    `(?:${filing})[^\\n]{0,10}(?:${unanswered})`,
    '催办|催促|催一下|再问|重复来电|没有?回音|没有?下文|没动静',
  ].join('|'),
  `反投举留写来致打发求建咨说讲提问报上月前昨此之曾已多第再又接针催重没${arabicFigures}`,
)

/** Whether a folded text speaks of an earlier filing: 上个月反映过, 26号留的言, 再次来电. */
export function refersBack(text: string): boolean {
  return referring.isIn(text)
}

/**
 * What a report says of what was before it. Worked out when it is asked for, because of two reports that are compared
 * mostly the later one is asked.
 */
export class Recollection {
  private readonly text: string
  private isReminding: boolean | null = null
  private isReferring: boolean | null = null
  private days: readonly number[] | null = null

  /** @param text folded */
  constructor(text: string) {
    this.text = text
  }

  /** Whether it asks after something reported before. */
  get reminds(): boolean {
    this.isReminding ??= reminding.test(this.text)
    return this.isReminding
  }

  /** Whether it speaks of an earlier filing. */
  get refersBack(): boolean {
    this.isReferring ??= refersBack(this.text)
    return this.isReferring
  }

  /** The days that it speaks of, see {@link daysSaid}. */
  get daysSaid(): readonly number[] {
    this.days ??= daysSaid(this.text)
    return this.days
  }
}
