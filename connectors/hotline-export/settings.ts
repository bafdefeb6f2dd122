import { z } from 'zod'
import { columnsSchema } from './columns.ts'

const mebi = 1024 * 1024
const labels = z
  .string()
  .refine(
    isEncodingLabel,
    'Not the name of an encoding that can be read; write one as gb18030, big5 or utf-8 / 不是可读取的编码名称；请写成 gb18030、big5 或 utf-8 这样的形式',
  )

/** Names are compared, not paths; of files that begin with a dot none is read, and an extension alone is no name. */
const namePattern = /^(?!\.|(?:csv|tsv|txt|xlsx?|html?|xml)$)[^/]*$/i
const namePatternRule = 'Write a name or a pattern such as *.csv / 请写文件名或 *.csv 这样的模式'

/** Settings of a `hotline-export` source. */
export const hotlineExportSettings = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .describe('Folder that exports are put in, or one file / 存放导出文件的文件夹，或单个文件'),
    include: z
      .array(z.string().min(1).regex(namePattern, namePatternRule))
      .default([])
      .describe(
        'Only files whose names match one of these patterns, such as *.csv; all when empty / 只读取文件名匹配这些模式（如 *.csv）的文件；留空则读取全部',
      ),
    settleMs: z
      .int()
      .min(0)
      .default(5000)
      .describe(
        'Files changed within this many milliseconds are still being written and left alone / 在此毫秒数内有变动的文件视为仍在写入，暂不读取',
      ),
    afterArchive: z
      .enum(['keep', 'move', 'delete'])
      .default('keep')
      .describe('What to do with a file once every row is archived / 全部归档后如何处理文件'),
    archivePath: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder for afterArchive: move; default: "archived" beside the exports / afterArchive: move 的目标文件夹，默认为同处的 archived',
      ),
    columns: columnsSchema
      .default({})
      .describe(
        'Ticket field to the column names that carry it, [] for none; common names are known already, and count where a file lacks the configured ones / 工单字段对应的列名，没有则写 []；常见列名已内置，文件缺少所配置的列时仍按常见列名识别',
      ),
    dateOrder: z
      .enum(['auto', 'mdy', 'dmy'])
      .default('auto')
      .describe('Order of day and month in dates such as 10/11/2016 / 10/11/2016 这类日期的月日顺序'),
    headerRow: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Row of the column names, counted from 1; found by itself when left out / 表头所在行（从 1 起）；不填则自动识别',
      ),
    sheet: z.string().min(1).optional().describe('Only the sheet of this name / 只读取此名称的工作表'),
    encoding: labels
      .optional()
      .describe(
        'Encoding of text files without a byte order mark, such as gb18030, instead of detecting it / 指定没有字节顺序标记（BOM）的文本文件的编码，如 gb18030，不再自动识别',
      ),
    shortRows: z
      .enum(['quarantine', 'accept'])
      .default('quarantine')
      .describe(
        'CSV rows with too few cells; "accept" takes the missing ones as blank, as some Excel versions leave out trailing commas / 单元格不足的 CSV 行；accept 表示缺少的视为空白（部分 Excel 会省略行尾逗号）',
      ),
    ignoreColumns: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Further columns like 序号 that change from export to export; they are left out of the items / 除序号等之外，每次导出都会变化的列；条目中不含这些列',
      ),
    maxBytes: z
      .int()
      .min(1)
      .default(2048 * mebi)
      .describe('Largest file that is read, in bytes / 可读取的最大文件，字节'),
    maxWorkbookBytes: z
      .int()
      .min(1)
      .default(32 * mebi)
      .describe(
        'Largest XLSX or XLS, in bytes; an XLS takes up to 20 times its size in memory / XLSX、XLS 的上限，字节；读取 XLS 最多占用其 20 倍的内存',
      ),
    maxExpandedBytes: z
      .int()
      .min(1)
      .default(256 * mebi)
      .describe(
        'Largest expanded size of an XLSX, in bytes; it takes up to 6 times that in memory / XLSX 展开后的上限，字节；读取时最多占用其 6 倍的内存',
      ),
    maxExpandRatio: z
      .int()
      .min(2)
      .default(200)
      .describe(
        'An XLSX over 64 MiB may be at most this many times its compressed size / 展开后超过 64 MiB 的 XLSX，与压缩大小之比的上限',
      ),
    maxRows: z
      .int()
      .min(1)
      .default(10_000_000)
      .describe('Most rows that are read from one file / 单个文件最多读取的行数'),
    maxCellBytes: z
      .int()
      .min(1024)
      .default(mebi)
      .describe('Largest cell, in bytes of UTF-8 / 单元格上限，UTF-8 字节'),
  })
  .refine(({ afterArchive, archivePath }) => afterArchive === 'move' || archivePath === undefined, {
    message:
      'Files are moved there only with "afterArchive: move" / 只有同时写 "afterArchive: move"，文件才会移到该处',
    path: ['archivePath'],
  })

export type HotlineExportSettings = z.output<typeof hotlineExportSettings>

function isEncodingLabel(label: string): boolean {
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}
