const reporter = '(?:举报|投诉|反映|诉求|来信|写信|来电)[人者]'
const writer = `(?:我们?|本人|${reporter}|当事人|市民)`
const facts = '(?:姓名|名字|身份|信息|资料|电话|手机|号码|联系方式)'
const secret = '(?<!(?:不需?要?|无需|不必|不用)[^，。！？!?\\n]{0,6})保密(?!协议|局|法|工作|单位|义务|期)'
const text = '[^，。！？!?；;\\n]'
const tell = '(?:透露|泄露|泄漏|外泄|公开|公布|告知|告诉)'
const never = '(?:不要|请勿|切勿|不得|不能|别)'
const refuse = '(?:不愿意?|不想|不肯|不敢|不便于?|不方便|不同意|不希望|拒绝|要求不)'
const clause = '(?:^|[，。；、（(【\\s])'
const form = '(?:^|[，。；（(\\s])[| \\t]{0,5}'
const colon = '[| \\t]{0,5}[:：|][| \\t]{0,5}'

/** What those write who do not want to be named, and operators of them. Whoever is heard wrongly is named less than need be. */
const wishes = [
  `(?:为|替|帮|给|对|将)${writer}${text}{0,12}${secret}`,
  `${writer}的?${facts}(?:${text}{0,8}${secret}|不公开)`,
  `${writer}(?:要求|请求|希望|申请)${text}{0,8}(?:${secret}|匿名)`,
  `${never}(?:把|将)?${text}{0,10}${tell}${text}{0,4}${writer}的?${text}{0,4}${facts}`,
  `${never}(?:把|将)${writer}的?${facts}${text}{0,6}${tell}`,
  `${never}让${text}{0,8}知道${writer}的?${facts}`,
  `(?:${never}|不想|不愿|不希望)${text}{0,8}(?:知道|告诉|透露)${text}{0,4}(?<!告诉)(?:是我们?(?:举报|投诉|反映|说)|我们?是谁)`,
  `${writer}(?:表示)?${refuse}(?:${tell}|提供|留下?)${text}{0,4}${facts}`,
  `${clause}${refuse}(?:${tell}|提供|留下?)(?:本人|个人|自己|的|真实)*(?:真?名|姓名|身份|个人信息)`,
  `${clause}${writer}?(?:要|想)?匿名(?:群众|市民|网友|用户|人士)?(?:举报|投诉|反映|求助)`,
  `[（(【](?:个人)?(?:信息)?(?:匿名|保密|不公开)[）)】]`,
  `(?:请求?|要求|申请|希望|本人|[此本]件)能?匿名`,
  `(?:要求|申请|希望|务必|一定|望|请(?!问)${text}{0,6}|需)(?:予以|给予|严格|要|(?:个人)?${facts})?${secret}`,
  `(?:请|望|要求)${text}{0,4}(?:隐去|隐藏)${writer}的?${text}{0,4}${facts}`,
  `保护好?${reporter}的?(?:个人)?(?:隐私|信息|身份)`,
  `${form}(?:是否)?(?:匿名|保密|要求保密)${colon}(?:是|匿名|保密)`,
  `${form}是否(?:同意)?(?:公开|实名)${colon}(?:否|不)`,
].map((wish) => new RegExp(wish, 'm'))

/** One of these is part of every wish; most reports have neither, and to look for all wishes costs ten times as much. */
const asking = /保[密护]|匿名|隐[去藏]|公开|实名/
const refusing = new RegExp(`[不勿别拒]${text}{0,18}(?:透露|泄|公布|告[知诉]|知道|提供|留)`)

/** Whether a report asks that who reports not be named. */
export function asksForSecrecy(report: string): boolean {
  return (asking.test(report) || refusing.test(report)) && wishes.some((wish) => wish.test(report))
}
