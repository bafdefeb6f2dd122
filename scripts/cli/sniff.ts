import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { YiwangError } from '../../config/errors.ts'

const headBytes = 4096
const filesTried = 20
const headerLine =
  /^(?:From |(?:Return-Path|Received|Delivered-To|From|To|Cc|Subject|Date|Message-ID|MIME-Version|Content-Type|Content-Transfer-Encoding|DKIM-Signature|X-[\w-]+|Reply-To|Sender|ARC-[\w-]+):)/i

/**
 * What a file holds, by its beginning: e-mail, else an export. A folder holds what its first files hold.
 * @throws YiwangError PATH_UNREADABLE
 */
export function sniff(path: string): 'email' | 'hotline' {
  try {
    if (!statSync(path).isDirectory()) return isMail(path) ? 'email' : 'hotline'
    // The folders of a Maildir (maildir(5)).
    const names = readdirSync(path, { withFileTypes: true })
    if (names.some((entry) => entry.isDirectory() && entry.name === 'cur')) return 'email'
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).slice(0, filesTried)
    const mails = files.filter((entry) => isMail(join(path, entry.name))).length
    return mails * 2 > files.length ? 'email' : 'hotline'
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    throw new YiwangError('PATH_UNREADABLE', { path, reason }, thrown)
  }
}

function isMail(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(headBytes)
    const read = readSync(file, bytes)
    return headerLine.test(bytes.toString('latin1', 0, read).replace(/^\xef\xbb\xbf/, ''))
  } finally {
    closeSync(file)
  }
}
