import type { Kind } from '../normalizers/ticket.ts'
import { arabicFigures, Pattern } from './pattern.ts'

/** What a report wants: an answer, praise, something new, or (most of them) that something be put right. */
export type Intent = 'question' | 'praise' | 'proposal' | 'grievance'

const asking =
  /咨询|请问|想问|问一下|想了解|需要什么材料|需要哪些|怎么申请|如何申请|如何办理|怎么办理|能不能办|标准及申请/
const praising = /表扬|感谢信|点赞|锦旗|致谢/
const proposing = /建议|希望增设|希望增加|希望开通|能否增设/
const aggrieved = /投诉|举报|反映|扰民|催办|维权|不满|拖欠|违规|违法|强烈反对|坚决反对|曝光|追讨|求助/

/** @param title @param body both folded; the title counts where it says something, else the first words */
export function intentOf(title: string, body: string, kind: Kind): Intent {
  if (kind === 'praise') return 'praise'
  if (kind === 'consultation') return 'question'
  if (kind === 'suggestion') return 'proposal'
  const said = `${title}\n${body.slice(0, 60)}`
  if (praising.test(title)) return 'praise'
  if (asking.test(title)) return 'question'
  if (aggrieved.test(title)) return 'grievance'
  if (proposing.test(title)) return 'proposal'
  if (asking.test(said)) return 'question'
  return proposing.test(said) && !aggrieved.test(said) ? 'proposal' : 'grievance'
}

const reminding =
  /催办|催促|没有?回音|没有?回复|没回|进展|还没|还不|还是|至今|再次|重复来电|反映过|打过电话|写过信|发过短信|没人理|没人联系|没有人联系|怎么还|什么时候来|没人管|此前反映|上次|上周反映/

/** Whether a folded text asks after something reported before. */
export function isReminder(text: string): boolean {
  return reminding.test(text)
}

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
