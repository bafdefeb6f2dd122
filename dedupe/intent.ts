import type { Kind } from '../normalizers/ticket.ts'

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
