/** Labels of who fills in a form, the best of each kind first. */
export const names = '姓名|来信人|写信人|投诉人|反映人|诉求人|举报人|留言人|提交人|联系人|称呼|name'.split(
  '|',
)
export const phones =
  '手机|手机号|手机号码|移动电话|联系手机|联系电话|联系方式|联系号码|电话|电话号码|固定电话|固话|座机|家庭电话|mobile|phone|tel|telephone'.split(
    '|',
  )
export const emails = '邮箱|电子邮箱|联系邮箱|邮箱地址|电子邮件|电子邮件地址|电邮|邮件|email|e-mail'.split(
  '|',
)
const personal = new Set([...names, ...phones, ...emails])

/** Below these the citizen speaks, and may name anybody. */
const content =
  /(?:内容|描述|详情|正文|留言|经过|意见|建议|message|content|comments?)$|^(?:诉求|事由|事项|(?:具体|反映|问题)?(?:情况|问题|说明))$/
const heading = /(?:标题|主题|题目|subject)$/
/** Those whom a form is about, or who deal with it. */
export const others =
  /^(?:被|承办|经办|受理|办理|处理|接收|责任|涉事|涉诉|(?:投诉|举报|反映)(?:对象|单位|企业|商家)|商家|商户|店|企业|公司|对方)/
/** An office or a firm has no 姓名: that is the writer's again. */
export const otherPerson = /[人者]|对象|^(?:被|对方)(?!.*(?:单位|企业|公司|部门))/
/** By these somebody names himself, whoever was named above. */
export const writers = /^(?:来信人|写信人|投诉人|反映人|诉求人|举报人|留言人|提交人|您|我|本人)/
/** A heading of the fields below it. */
export const section = /^被?(?:投诉|反映|诉求|举报|来信|写信|留言|提交)人?(?:基本)?(?:信息|资料)$/

/** Whether a label asks for a name, a phone or an address. */
export function isPersonal(label: string): boolean {
  return personal.has(bareLabel(label))
}

export function isContent(label: string): boolean {
  return content.test(bareLabel(label))
}

/** Whether what stands behind a label is the citizen's own words: the content or its heading. */
export function isSpeech(label: string): boolean {
  return isContent(label) || heading.test(bareLabel(label))
}

export function isKnown(label: string): boolean {
  return isPersonal(label) || isSpeech(label) || section.test(label) || others.test(bareLabel(label))
}

const whoseName = '来信人|写信人|投诉人|反映人|诉求人|举报人|留言人|提交人|联系人'
const nameOfWriter = new RegExp(`^(${whoseName})的?(?:姓名|名字|名称)$`)
const contactOfWriter = new RegExp(`^(?:${whoseName})的?(?!姓名|名字|名称)(?=.)`)

/** A label without what forms add: 您的姓名, 手机(必填), 投诉人电话. */
export function bareLabel(label: string): string {
  return label
    .toLowerCase()
    .replace(/\((?:必填|选填|可选|必须|\*)\)|\*/g, '')
    .replace(/^(?:您的?|我的?|你的?|本人|用户|真实)+(?=.)/, '')
    .replace(nameOfWriter, '$1')
    .replace(contactOfWriter, '')
}
