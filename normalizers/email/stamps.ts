const brands =
  '华为|小米|红米|荣耀|三星|魅族|一加|联想|中兴|苹果|安卓|网易|新浪|搜狐|阿里|腾讯|(?:中国)?移动|电信|联通|企业微信|微信|钉钉|飞书'
const forms = '智能|适配|手机|手機|平板|专属商务|邮箱|郵箱|电子邮件|邮件|大师|客户端|应用|企业版|版'
/** Models and names in Latin letters; a long number is no model. */
const latin = '[a-z+()./ -]|\\d{1,4}(?!\\d)'
/** What must be in the name of a device or program that nobody calls his own. */
const telling =
  'iPhone|iPad|Outlook|Foxmail|Android|OPPO|vivo|HUAWEI|Flyme|Mail|App|企业微信|手机|手機|邮箱|郵箱|客户端|邮件'
const device = `\\s*(?:我的|(?=.*(?:${telling})))(?:${latin}|${brands}|${forms}){1,40}`
const products =
  'iPhone|iPad|Outlook|Gmail|Yahoo|Proton|Thunderbird|BlackBerry|Android|Samsung|Galaxy|HUAWEI|Xiaomi|Redmi|OPPO|vivo|Foxmail|QQ ?Mail|WeChat|Mail for Windows|(?:smart|mobile )?phone|mobile'

/** Lines that mail programs and phones add; whole lines only, which name nothing but a device or a program. */
const stamps = [
  new RegExp(`^(?:发送?自|寄自|来自|來自)${device}(?:发送|傳送)?[。.]?$`, 'i'),
  /^(?:发自|寄自)\s*[\u4e00-\u9fff]{1,6}的\s*(?:iPhone|iPad|手机|手機)[。.]?$/i,
  new RegExp(`^(?:从|從|由|使用|通过)${device}(?:发送|发出|傳送|寄出)[。.]?$`, 'i'),
  new RegExp(
    `^(?:Sent|Enviado|Envoyé) (?:from|via) (?:my )?[\\w.()+-]*(?: [\\w.()+-]+){0,3}?\\b(?:${products})(?: [\\w.()+-]+){0,3}\\.?$`,
    'i',
  ),
  /^(?:获取|下载|Get)\s*Outlook\s(?:for|的)[^，。！？,!?]{0,60}$/i,
  /^(?:获取|下载)\s*适用于\s*[\w ]{2,20}\s*的\s*Outlook$/i,
  /^(?:签名由|本邮件由)?\s*网易邮箱大师\s*(?:定制|发送)?$/,
]

/** Whether a line is nothing but a mail program's advertisement for itself. */
export function isStamp(line: string): boolean {
  const bare = line.trim().replace(/^\[|\]$|(?<!\s)\s*(?:\(https?:[^\s(]+\)|<https?:[^\s<>]+>)/g, '')
  return bare.length > 0 && bare.length <= 80 && stamps.some((stamp) => stamp.test(bare))
}

/** Whether a text has words besides such advertisements. */
export function saysMore(text: string): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !isStamp(line))
}
