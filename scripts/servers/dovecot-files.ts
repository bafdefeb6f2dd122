import { execFile, execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programFile } from './programs.ts'

const run = promisify(execFile)
/** The unprivileged account that Linux systems agree on. */
const nobody = { name: 'nobody', id: 65_534 }

export interface DovecotFolders {
  /** The Maildir. */
  readonly mail: string
  /** Whose mails these are. */
  readonly uid: number
  readonly gid: number
}

/**
 * Makes the folder for the mails. Dovecot never reads mail as root, and another user may not get into a
 * folder of root's; so for root the mails are nobody's, and lie in the folder for temporary files.
 */
export function makeFolders(dir: string): DovecotFolders {
  const { uid, gid } = userInfo()
  if (uid !== 0) {
    const mail = join(dir, 'mail')
    mkdirSync(mail, { recursive: true })
    return { mail, uid, gid }
  }
  const mail = mkdtempSync(join(tmpdir(), 'dovecot-mail-'))
  chownSync(mail, nobody.id, nobody.id)
  return { mail, uid: nobody.id, gid: nobody.id }
}

/** A new self-signed certificate for 127.0.0.1 and localhost, which is its own authority. */
export async function makeCertificate(dir: string): Promise<{ readonly caFile: string }> {
  const caFile = join(dir, 'certificate.pem')
  await run(programFile('openssl'), [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', join(dir, 'key.pem'), '-out', caFile],
  ])
  return { caFile }
}

interface Account {
  readonly port: number
  readonly tlsPort: number
  readonly user: string
  readonly password: string
}

/** Writes the configuration and the password file; gives the path of the former. */
export function writeConfiguration(dir: string, folders: DovecotFolders, account: Account): string {
  const config = join(dir, 'dovecot.conf')
  writeFileSync(join(dir, 'users'), `${account.user}:{PLAIN}${account.password}\n`)
  writeFileSync(config, configuration(dir, folders, account))
  return config
}

function configuration(dir: string, { mail, uid, gid }: DovecotFolders, { port, tlsPort }: Account): string {
  const me = userInfo().username
  const isRoot = userInfo().uid === 0
  // Only root may lock a process into a folder.
  const chroot = isRoot ? '' : 'chroot ='
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${join(dir, 'run')}
state_dir = ${join(dir, 'run')}
log_path = /dev/stderr
default_internal_user = ${me}
default_login_user = ${isRoot ? nobody.name : me}
${isRoot ? '' : `default_internal_group = ${groupName()}`}
first_valid_uid = 1
ssl = yes
ssl_cert = <${join(dir, 'certificate.pem')}
ssl_key = <${join(dir, 'key.pem')}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:${mail}
mail_fsync = never
mail_max_userip_connections = 100
passdb {
  driver = passwd-file
  args = ${join(dir, 'users')}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${mail}
}
service imap-login {
  ${chroot}
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
  }
}
service anvil {
  ${chroot}
  # Refused logins, which tests make, would slow down the next ones.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`
}

function groupName(): string {
  return execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
}
