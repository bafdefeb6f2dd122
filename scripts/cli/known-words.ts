import type { ErrorDetails } from '../../config/errors.ts'
import type { Locale } from '../../config/locale.ts'

type Words = readonly (readonly [RegExp, string])[]

/** Reasons that stand inside a message of the catalogue; `$1` is what stands in the place of the group. */
const reasons: Words = [
  [/^plain text$/, '只是纯文本'],
  [/^it is empty$/, '文件为空'],
  [/^no rows$/, '没有任何行'],
  [/^no rows in the sheet that is configured$/, '所配置的工作表中没有任何行'],
  [/^binary data of an unknown format$/, '未知格式的二进制数据'],
  [/^a web archive \(MHTML\)$/, '网页存档（MHTML）'],
  [/^a ZIP archive without an XLSX workbook$/, 'ZIP 压缩包中没有 XLSX 工作簿'],
  [/^a binary Excel workbook \(XLSB\)$/, '二进制 Excel 工作簿（XLSB）'],
  [/^a workbook of Excel 95 or older$/, 'Excel 95 或更早版本的工作簿'],
  [/^an Office file without a workbook$/, '不含工作簿的 Office 文件'],
  [/^a form of one report$/, '单份工单的表单，而不是列表'],
  [/^a Word document$/, 'Word 文档'],
  [/^an OpenDocument file \(ODS\)$/, 'OpenDocument 文件（ODS）'],
  [/^it is being written to$/, '文件正在写入'],
  [/^it ends inside a table$/, '文件在表格中途结束'],
  [/^it is protected by a password$/, '文件设有密码'],
  [/^its structure is damaged$/, '文件结构已损坏'],
  [/^its end is missing$/, '文件末尾缺失'],
  [/^its directory is damaged$/, '文件目录已损坏'],
  [/^a part of it is missing$/, '缺少其中一部分'],
  [/^neither a file nor a folder$/, '既不是文件，也不是文件夹'],
  [/^a quote is not closed$/, '引号未闭合'],
  [/^(\d+) cells where the header has (\d+)$/, '该行有 $1 个单元格，表头有 $2 个'],
  [/^it has too many tables$/, '表格过多'],
  [/^it merges too many cells$/, '合并的单元格过多'],
  [/^its elements nest too deep$/, '元素嵌套过深'],
  [/^cells span too many rows$/, '合并单元格跨行过多'],
  [/^a text that it refers to is missing$/, '所引用的文本缺失'],
  [/^more than (\d+) columns$/, '超过 $1 列'],
  [/^a cell beyond column (\d+)$/, '第 $1 列之后还有单元格'],
  [/^the file ends in it$/, '文件在该行中途结束'],
  [/^the row is no JSON object$/, '该行不是 JSON 对象'],
  [/^no mail header$/, '没有邮件头'],
  [/^several mails in one file \(mbox\)$/, '一个文件中有多封邮件（mbox）'],
  [/^an Outlook file \(\.msg\), to be saved as \.eml$/, 'Outlook 文件（.msg），请另存为 .eml'],
  [/^no structure$/, '没有邮件结构'],
  [/^a link that leads nowhere$/, '链接指向的文件不存在'],
  [/^a link that leads out of the folder$/, '链接指向该文件夹之外'],
  [/^the server gives no body$/, '服务器未给出正文'],
  [/^the server gives no header$/, '服务器未给出邮件头'],
  [/^the server refuses to give it, or gives no valid answer$/, '服务器拒绝给出，或答复无效'],
  [/^the connection was lost each of (\d+) times that it was asked for$/, '索取 $1 次，每次连接都中断'],
  [/^; it is UID (\d+) in (.+)$/, '；该邮件位于文件夹 $2，UID 为 $1'],
  [/^too slow: (\d+) bytes in ([\d.]+) s$/, '过慢：$2 秒内只收到 $1 字节'],
  [/^no end after (\d+) bytes$/, '收到 $1 字节后仍未结束'],
  [/^connection lost$/, '连接中断'],
  [/^no answer$/, '没有答复'],
  [/^SEARCH was not answered\.$/, 'SEARCH 命令未获答复'],
  [/^The folder was closed by the server\.$/, '服务器关闭了该文件夹'],
  [/^no PEM certificate in (.+)$/, '$1 中没有 PEM 格式的证书'],
  [/^it printed no token$/, '未输出令牌'],
  [/^it printed more than a token, or what is none$/, '输出的不只是令牌，或不是令牌'],
  [/^it printed more than (\d+) bytes$/, '输出超过 $1 字节'],
  [/^ended by (SIG\w+)$/, '被信号 $1 终止'],
  [/^exit status (\d+)$/, '退出状态 $1'],
  [/^no end within (\d+) ms$/, '$1 毫秒内未结束'],
  [/^neither MOVE nor UIDPLUS$/, '既不支持 MOVE，也不支持 UIDPLUS'],
  [/^(.+) keeps no flag (\S+)$/, '文件夹 $1 不保存标记 $2'],
  [/^it stopped the program$/, '导致程序中止'],
  [/^the drain thread ended$/, '处理线程意外结束'],
  [/^the drain thread was silent for ([\d.]+) s$/, '处理线程 $1 秒没有响应'],
  [/^no answer within ([\d.]+) s$/, '$1 秒内没有答复'],
  [/^hung up$/, '程序停止时连接已断开'],
  [/^what answers there is no Redis$/, '该地址上的服务不是 Redis，请检查主机和端口'],
  // What the databases say.
  [/^unable to open database file$/, '无法打开数据库文件，可能没有权限，或该路径是文件夹'],
  [/^attempt to write a readonly database$/, '数据库文件只读，或没有写权限'],
  [/^database is locked$/, '数据库被其他进程锁定'],
  [/^database or disk is full$/, '磁盘空间不足'],
  [/^disk I\/O error$/, '磁盘读写出错'],
  [/^file is not a database$/, '该文件不是数据库'],
  [/^database disk image is malformed$/, '数据库文件已损坏'],
  [/^Server selection timed out after (\d+) ms$/, '$1 毫秒内没有可用的服务器'],
  // What systems and networks say; the code stays, to be looked up.
  [/^(ENOENT)\b.*$/, '不存在，$1'],
  [/^(EISDIR)\b.*$/, '这是文件夹，$1'],
  [/^(ENOTDIR)\b.*$/, '路径中有一段不是文件夹，$1'],
  [/^(EEXIST)\b.*$/, '已有同名文件，$1'],
  [/^(ENAMETOOLONG)\b.*$/, '名称过长，$1'],
  [/^(EIO)\b.*$/, '磁盘或网络盘读写出错，$1'],
  [/^(EBUSY|ETXTBSY)\b.*$/, '正被其他程序占用，$1'],
  [/^(EMFILE|ENFILE)\b.*$/, '打开的文件过多，$1'],
  [/^(ESTALE|EHOSTDOWN)\b.*$/, '网络盘已断开，$1'],
  [/^(ENOSPC|EDQUOT)\b.*$/, '空间不足，$1'],
  [/^(EROFS)\b.*$/, '文件系统只读，$1'],
  [/^(ELOOP)\b.*$/, '链接成环，$1'],
  [/^(EACCES|EPERM)\b.*$/, '没有权限，$1'],
  [/^(?:getaddrinfo )?(ENOTFOUND)\b.*$/, '找不到该主机名，$1'],
  [/^(?:getaddrinfo )?(EAI_AGAIN)\b.*$/, '暂时无法解析主机名，$1'],
  [/^(?:connect )?(ECONNREFUSED)\b.*$/, '对方拒绝连接，$1'],
  [/^(?:read |write )?(ECONNRESET|EPIPE)\b.*$/, '对方断开了连接，$1'],
  [/^(?:connect )?(EHOSTUNREACH|ENETUNREACH)\b.*$/, '网络不通，$1'],
  [/^(?:connect |read )?(ETIMEDOUT|CONNECT_TIMEOUT)\b.*$/, '连接超时，$1'],
  [/^(GREETING_TIMEOUT)\b.*$/, '已连接但没有应答，可能应使用 TLS，$1'],
  [/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\b.*$/, '自签名证书，$1'],
  [/^(UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?))\b.*$/, '无法验证证书的签发者，$1'],
  [/^(CERT_HAS_EXPIRED)\b.*$/, '证书已过期，$1'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID)\b.*$/, '证书不是为该主机签发的，$1'],
  [/^it is not in UTF-8$/, '不是 UTF-8 编码'],
  [/^it is no JSON$/, '不是 JSON'],
  [/^the line has more than (\d+) MiB$/, '该行超过 $1 MiB'],
  [/^the id (.+) comes twice$/, 'id $1 重复出现'],
  [/^the reports are read from it$/, '诉求正从该文件读取'],
  [/^row: there is neither title nor body$/, '既无 title 也无 body'],
  [/^row: Invalid input.*$/, '不是 JSON 对象'],
  [/^(\w+): (?:Invalid input|Too small).*$/, '$1 缺失或类型有误'],
  [/^submittedAt: the time "(.*)" cannot be read$/, 'submittedAt 的时间 "$1" 无法识别'],
]

/** What a file holds, by the normalizer that takes it. */
const kinds: Words = [
  [/^hotline$/, '热线导出文件'],
  [/^email$/, '邮件'],
]

/** What a file is called where no format is known. */
const formats: Words = [[/^(?:unknown|file)$/, '未知']]

/** Why an item came to be what it is. */
const outcomes: Words = [
  [/^created$/, '新建'],
  [/^updated$/, '更新'],
  [/^duplicate$/, '重复'],
  [/^follow-up$/, '后续来信'],
  [/^unchanged$/, '内容未变'],
  [/^superseded$/, '已有较新的内容'],
  [/^discarded$/, '人工废弃'],
]

/** What spoke for a verdict. */
const evidence: Words = [
  [/^text$/, '内容'],
  [/^title$/, '标题'],
  [/^reporter$/, '诉求人'],
  [/^place$/, '地点'],
  [/^matter$/, '事项'],
  [/^numbers$/, '数字'],
]

/** What is known of an item besides its bytes. */
const facts: Words = [
  [/^file$/, '文件'],
  [/^sheet$/, '工作表'],
  [/^row$/, '行'],
  [/^columns$/, '表头'],
  [/^dates$/, '日期起算年份'],
  [/^mailbox$/, '邮件文件夹'],
  [/^uidValidity$/, 'UIDVALIDITY'],
  [/^uid$/, 'UID'],
  [/^locator$/, '位置'],
  [/^problem$/, '问题'],
  [/^problemDetail$/, '问题详情'],
  [/^bytes$/, '原始字节数'],
  [/^encoding$/, '编码'],
  [/^pageUrl$/, '网页'],
]

const origins: Words = [[/(^|, )column /g, '$1列 ']]

/** The details of an error with the reason in the reader's language; one that is not known stays as it is. */
export function localDetails(details: ErrorDetails, locale: Locale): ErrorDetails {
  if (locale === 'en') return details
  const { reason, format, kind } = details
  return {
    ...details,
    ...(typeof reason === 'string' ? { reason: reasonInChinese(reason) } : {}),
    ...(typeof format === 'string' ? { format: inChinese(format, formats) } : {}),
    ...(typeof kind === 'string' ? { kind: inChinese(kind, kinds) } : {}),
    ...inChineseLists(details),
  }
}

/** A reason may stand between what was asked for and where that is. */
function reasonInChinese(reason: string): string {
  const [, asked = '', cause = '', place = ''] =
    /^(UID FETCH \S+ .+?: )?(.*?)(; it is UID \d+ in .+)?$/s.exec(reason) ?? []
  return asked + inChinese(cause, reasons) + inChinese(place, reasons)
}

function inChineseLists(details: ErrorDetails): ErrorDetails {
  const lists = Object.entries(details).filter(([name]) => ['known', 'columns', 'existing'].includes(name))
  return Object.fromEntries(lists.map(([name, list]) => [name, String(list).replaceAll(', ', '、')]))
}

/** Why an item was ticketed, linked or skipped. */
export function outcomeReason(reason: string, locale: Locale): string {
  return locale === 'en' ? reason : inChinese(reason, outcomes)
}

/** A field of the evidence of a link. */
export function evidenceField(field: string, locale: Locale): string {
  return locale === 'en' ? field : inChinese(field, evidence)
}

/** What a fact of an item is called (connectors/connector.ts, `metaNames`). */
export function factName(name: string, locale: Locale): string {
  return locale === 'en' ? name : inChinese(name, facts)
}

/** Where a field of a ticket came from: `column 诉求内容`. */
export function originText(origin: string, locale: Locale): string {
  return locale === 'en' ? origin : inChinese(origin, origins)
}

function inChinese(word: string, words: Words): string {
  const known = words.find(([pattern]) => word.search(pattern) !== -1)
  return known === undefined ? word : word.replace(...known)
}
