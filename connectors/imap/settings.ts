import { isIP } from 'node:net'
import { z } from 'zod'
import { mailPolicyShape } from '../../config/mail-policies.ts'
import { maxMessageBytes } from '../mail-item.ts'

/** Cursors carry one entry per folder and are at most 4 KiB. */
const maxFolderBytes = 3000

const FolderName = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\x00-\x1f\x7f]*$/, 'Names of folders have no control characters / 文件夹名称不能含控制字符')

const AfterArchive = z.union([
  z.literal(
    'none',
    "Write none, { flag: '\\Seen' } or { move: Folder } / 请写成 none、{ flag: '\\Seen' } 或 { move: 文件夹 }",
  ),
  z.strictObject({
    flag: z
      .string()
      .regex(
        /^\\?[A-Za-z0-9$_.-]+$/,
        "Write a flag with one backslash, such as '\\Seen', or a keyword of Latin letters and digits / 请写带一个反斜杠的标记，如 '\\Seen'，或由拉丁字母和数字组成的关键字",
      )
      .describe(
        'A flag such as \\Seen, or a keyword such as Archived / 标记，如 \\Seen，或关键字，如 Archived',
      ),
  }),
  z.strictObject({ move: FolderName.describe('An existing folder to move to / 移动到的现有文件夹') }),
])

/** Settings of a mailbox that is read over IMAP. */
export const ImapSettings = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .refine((host) => isIP(host) > 0 || /^[^\s/:@]+$/.test(host), {
        message:
          'Write only the name or address of the server, without a port; that has a setting of its own, "port" / 只写服务器的名称或地址，不带端口；端口填在 "port"',
      })
      .describe('Name or address of the IMAP server / IMAP 服务器的名称或地址'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .nullable()
      .default(null)
      .describe('Default 993, and 143 for starttls / 默认 993；starttls 时为 143'),
    tls: z
      .enum(['implicit', 'starttls', 'insecure'])
      .default('implicit')
      .describe(
        'TLS from the start, after STARTTLS, or none at all (this machine only) / 直接 TLS、STARTTLS 后 TLS，或不加密（仅限本机）',
      ),
    caPath: z
      .string()
      .nullable()
      .default(null)
      .describe('PEM file of a private certificate authority / 自建证书机构的 PEM 文件'),
    user: z.string().min(1).describe('Login name, often the whole address / 登录名，通常是完整邮箱地址'),
    password: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Password or app password, from an environment variable / 密码或授权码，取自环境变量'),
    tokenCommand: z
      .array(z.string())
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Instead of a password: a command and its arguments that print an OAuth2 access token / 代替密码：输出 OAuth2 访问令牌的命令及其参数',
      ),
    folders: z
      .array(FolderName)
      .min(1)
      .max(30)
      .default(['INBOX'])
      .describe('Folders to read, in this order / 按此顺序读取的文件夹'),
    afterArchive: AfterArchive.default('none').describe(
      'What to do with a message once it is archived: none, {flag: …} or {move: …} / 归档后如何处理邮件：none、{flag: …} 或 {move: …}',
    ),
    maxMessageBytes,
    maxPerRun: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Messages per run, shared among the folders; null: all / 每次运行的邮件数，由各文件夹分摊；null 为不限',
      ),
    timeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(60_000)
      .describe(
        'How long the server may be silent, in milliseconds; five times as long it may send less than 1 KiB a second / 服务器无响应的最长时间（毫秒）；平均每秒不足 1 KiB 的最长时间为其五倍',
      ),
    idle: z
      .boolean()
      .default(true)
      .describe(
        'Notice new mail between scheduled pulls too: at once in the first folder, within a minute in the others / 定时采集之外也感知新邮件：首个文件夹即时，其余文件夹一分钟内',
      ),
    ...mailPolicyShape,
  })
  .refine(({ password, tokenCommand }) => (password === null) !== (tokenCommand === null), {
    message: 'Give either "password" or "tokenCommand" / "password" 与 "tokenCommand" 须且只须填一项',
    path: ['password'],
  })
  .refine(({ tls, host }) => tls !== 'insecure' || isThisMachine(host), {
    message:
      '"insecure" is for this machine only; use implicit or starttls / "insecure" 仅限本机，请用 implicit 或 starttls',
    path: ['tls'],
  })
  .refine(
    ({ folders }) =>
      new Set(folders.map(folderKey)).size === folders.length &&
      Buffer.byteLength(folders.join('')) <= maxFolderBytes,
    {
      message: `Name each folder once, with at most ${maxFolderBytes} bytes in all / 文件夹不得重复，名称总长不超过 ${maxFolderBytes} 字节`,
      path: ['folders'],
    },
  )
  .refine(
    ({ folders, afterArchive }) =>
      typeof afterArchive === 'string' ||
      !('move' in afterArchive) ||
      !folders.map(folderKey).includes(folderKey(afterArchive.move)),
    {
      message: 'Messages cannot be moved to a folder that is read / 不能把邮件移动到正在读取的文件夹',
      path: ['afterArchive'],
    },
  )

export type ImapSettings = z.output<typeof ImapSettings>

/** INBOX is the one name that is the same in any case (RFC 3501 §5.1). */
export function folderKey(path: string): string {
  return path.toUpperCase() === 'INBOX' ? 'INBOX' : path
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
