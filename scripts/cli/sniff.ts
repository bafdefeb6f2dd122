import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { YiwangError } from '../../config/errors.ts'
import { errnoOf } from '../../connectors/errno.ts'

const headBytes = 4096
const filesTried = 20
const headerLine =
  /^(?:From |(?:Return-Path|Received|Delivered-To|From|To|Cc|Subject|Date|Message-ID|MIME-Version|Content-Type|Content-Transfer-Encoding|DKIM-Signature|X-[\w-]+|Reply-To|Sender|ARC-[\w-]+):)/i

/** Why nothing can come of a path. */
const reasons = {
  notAFile: { reason: 'neither a file nor a folder', 'reason.zh': '既不是文件，也不是文件夹' },
  noFiles: { reason: 'there is no file in this folder', 'reason.zh': '该文件夹中没有文件' },
  onlyFolders: {
    reason: 'there are only folders in this folder; name one of them',
    'reason.zh': '该文件夹中只有子文件夹，请指定其中之一',
  },
} as const

/**
 * What a file holds, by its beginning: e-mail, else an export. A folder holds what its first files hold.
 * Pipes and devices are refused before anything is read from them: their bytes could not be read again.
 * @throws YiwangError PATH_UNREADABLE
 */
export function sniff(path: string): 'email' | 'hotline' {
  return reading(path, () => {
    const stats = statSync(path)
    if (!stats.isDirectory()) {
      if (!stats.isFile()) throw new YiwangError('PATH_UNREADABLE', { path, ...reasons.notAFile })
      return isMail(path) ? 'email' : 'hotline'
    }
    if (isMaildir(path)) return 'email'
    const files = filesIn(path).slice(0, filesTried)
    const mails = files.filter(isReadableMail).length
    return mails * 2 > files.length ? 'email' : 'hotline'
  })
}

/**
 * Refuses a folder that a source which does, or does not, look into folders finds no file in.
 * @throws YiwangError PATH_UNREADABLE
 */
export function refuseNoFiles(path: string, looksIntoFolders: boolean): void {
  reading(path, () => {
    if (!statSync(path).isDirectory() || isMaildir(path) || filesIn(path).length > 0) return
    const hasFolders = readdirSync(path, { withFileTypes: true }).some((entry) => entry.isDirectory())
    if (hasFolders && looksIntoFolders) return
    throw new YiwangError('PATH_UNREADABLE', {
      path,
      ...(hasFolders ? reasons.onlyFolders : reasons.noFiles),
    })
  })
}

function reading<Value>(path: string, use: () => Value): Value {
  try {
    return use()
  } catch (thrown) {
    if (thrown instanceof YiwangError) throw thrown
    throw new YiwangError('PATH_UNREADABLE', { path, reason: errnoOf(thrown) }, thrown)
  }
}

/** The folders of a Maildir (maildir(5)). */
function isMaildir(path: string): boolean {
  return readdirSync(path, { withFileTypes: true }).some(
    (entry) => entry.isDirectory() && entry.name === 'cur',
  )
}

/** Regular files, also behind links. Of hidden ones only mails are read. */
function filesIn(path: string): readonly string[] {
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') || (/\.eml$/i.test(name) && !name.startsWith('._')))
    .map((name) => join(path, name))
    .filter(isFile)
}

/** A link may lead in a circle, or into a folder that is closed to us: what it names is no file here. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Excel saves a workbook as a web archive too, under its own name; that begins like a mail, but goes to nobody. */
const workbookName = /\.(?:xlsx?|mht(?:ml)?)$/i
const mailLine = /^(?:Received|Delivered-To|To|Message-ID):/im

/** One file that is closed to us says nothing of the others, and is quarantined when it is read. */
function isReadableMail(path: string): boolean {
  try {
    return isMail(path)
  } catch {
    return false
  }
}

function isMail(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(headBytes)
    const read = readSync(file, bytes)
    const head = bytes.toString('latin1', 0, read).replace(/^\xef\xbb\xbf/, '')
    const [header = ''] = head.split(/\r?\n\r?\n/, 1)
    return headerLine.test(head) && (!workbookName.test(path) || mailLine.test(header))
  } finally {
    closeSync(file)
  }
}
