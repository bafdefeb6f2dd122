import { isStamp } from './stamps.ts'

const greetings = [
  /^(?:尊敬的|敬爱的|亲爱的|親愛的)?[\u4e00-\u9fff]{0,12}(?:您好|你好|您们好|你们好|大家好|早上好|上午好|下午好|晚上好|[长导师记任生士]好)$/,
  /^(?:尊敬的|敬爱的|亲爱的|致)[\u4e00-\u9fff、]{1,16}$/,
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|to)\b[\w .']{0,40}$/i,
]

/** Whether a text is a greeting and nothing else: what the writer wanted to say must stand elsewhere. */
export function isGreeting(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !isStamp(line))
  return lines.length > 0 && lines.every(greets)
}

function greets(line: string): boolean {
  const parts = line.split(/[，,：:！!。.、\s]+/).filter((part) => part !== '')
  const bare = line.trim().replace(/(?<![，,：:！!。.\s])[，,：:！!。.\s]+$/, '')
  return (
    greetings.some((form) => form.test(bare)) ||
    parts.every((part) => greetings.some((form) => form.test(part)))
  )
}

/** Words that say of the quotation that the writer wrote in it. */
const inside = [
  /红字|紅字|红色|紅色|标红|蓝字|蓝色字|批注|逐条|逐項|逐项|原(?:文|信|邮件)[里中上内]/,
  /[黄绿橙紫]色(?:的?部分|的?字|标|是)|粗体|斜体|加粗/,
  /每(?:一?[条项段题问]|个问题)的?[后下]/,
  /(?:请[见看]|见|我[都已]{0,2}在|(?<![局委办处会门位们您])已在)[^，。！？,!?\n]{0,4}(?:邮件|来信|原文)[里中内][面边]?的?(?:答复|回复|回答|答案|说明|补充)/,
  /(?:答复|回复|回答|答案|说明|意见|解释|补充)[我都已]{0,2}(?:写|附|标|加|放|列)?在[^，。！？,!?\n]{0,12}[里中内上后下间旁]/,
  /\binline\b|\bin (?:red|blue)\b|\bbetween the lines\b/i,
]
/** Words that point to what stands below them. */
const pointer =
  /见下|見下|如下|以下|下列|(?<![楼桥地脚底树])下面|下文|下方|下边|往下|附后|附於後|\bbelow\b|\bas follows\b|\bfollowing\b/i
/** A pointer further up points to the words that follow it. */
const lastLines = 2

/** How far a text sends its reader on to what stands below it. */
export function pointing(text: string): 'into' | 'below' | null {
  if (inside.some((form) => form.test(text))) return 'into'
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !isStamp(line))
  return lines.slice(-lastLines).some(pointsBelow) ? 'below' : null
}

/** The colon of a greeting leads to the writer's own words. */
function pointsBelow(line: string): boolean {
  return pointer.test(line) || (/[:：]\s*$/.test(line) && !greets(line))
}
