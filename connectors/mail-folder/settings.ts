import { z } from 'zod'
import { mailPolicyShape } from '../../config/mail-policies.ts'
import { maxMessageBytes } from '../mail-item.ts'

/** Settings of a folder that mails lie in. */
export const MailFolderSettings = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .describe(
        'A folder of .eml files, a Maildir, or one file / 存放 .eml 文件的文件夹、Maildir，或单个文件',
      ),
    recursive: z
      .boolean()
      .default(false)
      .describe('Also .eml files in folders below / 是否包含子文件夹中的 .eml 文件'),
    settleMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(2000)
      .describe(
        'Files changed within this many milliseconds are still being written and left alone / 在此毫秒数内有变动的文件视为仍在写入，暂不读取',
      ),
    afterArchive: z
      .enum(['keep', 'move', 'delete'])
      .default('keep')
      .describe(
        'What to do with a file once it is archived; in a Maildir, move marks it seen in cur / 归档后如何处理文件；对 Maildir，move 表示移入 cur 并标为已读',
      ),
    archivePath: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Folder for afterArchive: move; default: "archived" beside the mails / afterArchive: move 的目标文件夹，默认为同处的 archived',
      ),
    maxMessageBytes,
    ...mailPolicyShape,
  })
  // With recursive it also says which folder to pass over.
  .refine(
    ({ afterArchive, archivePath, recursive }) =>
      afterArchive === 'move' || archivePath === null || recursive,
    {
      message:
        'Files are moved there only with "afterArchive: move" / 只有同时写 "afterArchive: move"，文件才会移到该处',
      path: ['archivePath'],
    },
  )

export type MailFolderSettings = z.output<typeof MailFolderSettings>
