const writer = '(?:我们?|本人|举报人|投诉人|反映人|诉求人|来信人|写信人|来电人|来电者|当事人|市民)'
const facts = '(?:姓名|名字|身份|信息|资料|电话|手机|号码|联系方式)'
const secret = '(?<!(?:不需?要?|无需|不必|不用)[^，。！？!?\\n]{0,6})保密(?!协议|局|法|工作|单位|义务|期)'
const text = '[^，。！？!?；;\\n]'
const tell = '(?:透露|泄露|泄漏|公开|公布|告知|告诉)'

/** What those write who do not want to be named, and operators of them. Whoever is heard wrongly is named less than need be. */
const wishes = [
  `(?:为|替|给|对|将)${writer}${text}{0,12}${secret}`,
  `${writer}的?${facts}${text}{0,8}${secret}`,
  `${writer}(?:要求|请求|希望|申请)${text}{0,8}(?:${secret}|匿名)`,
  `(?:不要|请勿|切勿|不得|不能|别)(?:把|将)?${text}{0,4}${tell}${text}{0,4}${writer}的?${text}{0,4}${facts}`,
  `(?:不要|请勿|切勿|不得|不能|别)(?:把|将)${writer}的?${facts}${text}{0,6}${tell}`,
  `^[ \\t]*${writer}?(?:要|想)?匿名(?:举报|投诉|反映|求助)`,
  `(?:请|要求|申请|希望)匿名`,
  `(?:请|要求|申请|希望|需要?)(?:予以|给予|严格)?${secret}`,
  `^[| \\t]{0,5}(?:是否)?(?:匿名|保密|要求保密)[| \\t]{0,5}[:：|][| \\t]{0,5}是`,
  `^[| \\t]{0,5}是否(?:公开|实名)[| \\t]{0,5}[:：|][| \\t]{0,5}(?:否|不)`,
].map((form) => new RegExp(form, 'm'))

/** Whether a report asks that who reports not be named. */
export function asksForSecrecy(report: string): boolean {
  return (
    /保密|匿名|实名|公开|公布|透露|泄[露漏]|告[知诉]/.test(report) && wishes.some((wish) => wish.test(report))
  )
}
