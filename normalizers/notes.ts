import type { LocalText } from '../config/locale.ts'

/** What can be doubtful in the interpretation of an item. Codes are stable: tickets carry them. */
export const noteTexts = {
  // ── times ──────────────────────────────────────────────────────────────────
  'time-unknown': { en: 'the time of day is not known', zh: '具体时刻不明' },
  'out-of-range': { en: 'the date is too long ago or too far ahead', zh: '日期过早或过晚' },
  'dst-gap': { en: 'summer time began: there is no such time', zh: '夏令时开始，该时刻不存在' },
  'dst-overlap': { en: 'summer time ended: this time came twice', zh: '夏令时结束，该时刻出现两次' },
  'day-month-unknown': {
    en: 'which is the day and which the month is not known; dateOrder can tell',
    zh: '无法判断月日顺序，可设置 dateOrder',
  },
  'no-year': { en: 'the date has no year', zh: '日期缺少年份' },
  'no-date': { en: 'there is a time of day without a date', zh: '只有时刻，没有日期' },
  'no-such-date': { en: 'there is no such date', zh: '不存在这一日期' },
  unreadable: { en: 'the time cannot be read', zh: '无法识别时间' },
  'date-unreadable': { en: 'the date of the mail cannot be read', zh: '无法识别邮件日期' },
  'date-zone-unknown': { en: 'the date of the mail has no known zone', zh: '邮件日期的时区不明' },
  'date-nonstandard': {
    en: 'the date of the mail is written in a form of its own',
    zh: '邮件日期格式不规范',
  },
  'date-several': { en: 'the mail has several dates', zh: '邮件有多个日期' },
  'date-impossible': {
    en: 'the date of the mail cannot be true; the time of its arrival stands in',
    zh: '邮件日期不可能属实，以到达时间代替',
  },
  'date-long-before-received': { en: 'the mail came long after its date', zh: '邮件到达时间远晚于其日期' },
  // ── people ─────────────────────────────────────────────────────────────────
  'phone-invalid': { en: 'not a valid telephone number', zh: '电话号码无效' },
  'phone-masked': { en: 'the telephone number is masked', zh: '电话号码已脱敏' },
  'phone-no-area-code': { en: 'the telephone number lacks its area code', zh: '电话号码缺少区号' },
  'phone-several': { en: 'several telephone numbers; the first counts', zh: '有多个电话号码，取第一个' },
  'email-several': { en: 'several e-mail addresses; the first counts', zh: '有多个电子邮箱，取第一个' },
  'phone-zero-restored': {
    en: 'the leading zero of the area code was lost',
    zh: '区号开头的 0 丢失，已补上',
  },
  'from-missing': { en: 'the mail has no sender', zh: '邮件没有发件人' },
  'from-several': { en: 'the mail has several senders; the first counts', zh: '邮件有多个发件人，取第一个' },
  'from-office': {
    en: 'an office hands on what somebody else wrote',
    zh: '由单位转来，诉求人为原作者',
  },
  'from-program': { en: 'the sender is a program', zh: '发件人是程序' },
  'reply-to-differs': { en: 'answers go to another address than the sender’s', zh: '回复地址与发件人不同' },
  // ── places ─────────────────────────────────────────────────────────────────
  'coordinates-swapped': { en: 'latitude and longitude were swapped', zh: '经纬度颠倒，已调换' },
  'coordinates-invalid': { en: 'the coordinates are not valid', zh: '坐标无效' },
  'division-unknown': { en: 'the division is not known', zh: '无法识别行政区划' },
  'division-ambiguous': { en: 'several divisions have this name', zh: '有多个同名行政区划' },
  'division-several': { en: 'several divisions are named', zh: '提到多个行政区划' },
  // ── what a row says ────────────────────────────────────────────────────────
  'column-missing': {
    en: 'the configured column is missing; common names stood in',
    zh: '缺少所配置的列，已按常见列名识别',
  },
  'html-read': { en: 'the cell held HTML, read as text', zh: '单元格为 HTML，已读作文本' },
  'kind-unknown': { en: 'the kind of report is not known', zh: '无法识别诉求类型' },
  'kind-several': { en: 'several kinds of report; the first counts', zh: '有多个诉求类型，取第一个' },
  'urgency-unknown': { en: 'the urgency is not known', zh: '无法识别紧急程度' },
  'url-invalid': { en: 'not a valid web address', zh: '网址无效' },
  // ── what a mail says ───────────────────────────────────────────────────────
  'alternatives-differ': {
    en: 'the plain text and the HTML of the mail say different things',
    zh: '邮件的纯文本与 HTML 内容不同',
  },
  'attachments-cut': { en: 'not all attachments were kept', zh: '附件过多，未全部保留' },
  'body-empty': { en: 'the mail has no text', zh: '邮件没有正文' },
  'forwarded-text-kept': { en: 'a forwarded text was kept', zh: '保留了转发的内容' },
  'history-uncertain': { en: 'text that may be quoted was kept', zh: '疑似引用的内容，已保留' },
  'only-quoted-text': { en: 'there is only quoted text, which was kept', zh: '只有引用的内容，已保留' },
  'inline-answers-kept': {
    en: 'there are answers between quoted lines; all text was kept',
    zh: '引文中夹有答复，已全部保留',
  },
  'quoted-history-cut': { en: 'quoted mails were cut off', zh: '已去除引用的往来邮件' },
  'signature-cut': { en: 'the signature was cut off', zh: '已去除签名' },
  'text-cut': { en: 'the text is too long and was cut', zh: '正文过长，已截断' },
  'title-cut': { en: 'the subject is too long and was cut', zh: '主题过长，已截断' },
  'text-of-attached-file': { en: 'the text is that of an attached file', zh: '正文取自附件文件' },
  'text-of-nested-mail': { en: 'the text is that of an attached mail', zh: '正文取自附件中的邮件' },
  'html-cut': { en: 'the HTML is too long and was cut', zh: 'HTML 过长，已截断' },
  'html-too-deep': {
    en: 'the HTML is nested too deeply; its layout is lost',
    zh: 'HTML 嵌套过深，版式未保留',
  },
  'mime-structure-broken': { en: 'the structure of the mail is damaged', zh: '邮件结构损坏' },
  'transfer-encoding-broken': { en: 'the transfer encoding is damaged', zh: '传输编码损坏' },
  'transfer-encoding-ignored': {
    en: 'the declared transfer encoding does not hold',
    zh: '声明的传输编码不符，已忽略',
  },
  'charset-broken': { en: 'some characters do not fit the charset', zh: '部分字符与编码不符' },
  'charset-corrected': {
    en: 'the declared charset is wrong; it was corrected',
    zh: '声明的编码有误，已更正',
  },
  'charset-doubtful': { en: 'the charset is doubtful', zh: '编码存疑' },
  'charset-guessed': { en: 'no charset is declared; it was guessed', zh: '未声明编码，为推断所得' },
  'charset-unknown': { en: 'the declared charset is unknown', zh: '声明的编码未知' },
} as const satisfies Record<string, LocalText>

type Code = keyof typeof noteTexts
/** A code that may begin with where it holds and may go on with detail: `header-charset-guessed:gb18030`. */
export type Note = `${'' | 'header-'}${Code}${'' | `:${string}`}`
