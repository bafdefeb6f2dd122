import { ImapFlow } from 'imapflow'

export interface MailAccount {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

export interface OpenMailbox extends AsyncDisposable {
  append(message: Uint8Array): Promise<void>
  remove(uids: string): Promise<void>
  state(): Promise<string>
}

/** Opens a folder for writing, as a mail program would; makes it when it is missing. */
export async function openMailbox(account: MailAccount, folder: string): Promise<OpenMailbox> {
  const client = new ImapFlow({
    host: account.host,
    port: account.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: account.user, pass: account.password },
    logger: false,
    disableAutoIdle: true,
  })
  // Its commands fail as well; without a listener the process would end.
  client.on('error', () => {})
  await client.connect()
  if (folder !== 'INBOX') await client.mailboxCreate(folder)
  return {
    async append(message) {
      await client.append(folder, Buffer.from(message))
    },
    async remove(uids) {
      await client.mailboxOpen(folder)
      await client.messageDelete(uids, { uid: true })
    },
    async state() {
      const { uidValidity, exists } = await client.mailboxOpen(folder, { readOnly: true })
      const lines: string[] = []
      if (exists === 0) return `${folder} ${uidValidity}`
      for await (const { uid, flags } of client.fetch('1:*', { uid: true, flags: true })) {
        // \\Recent tells which session saw a message first; it is nothing that a reader leaves behind.
        lines.push(
          `${uid} ${[...(flags ?? [])]
            .filter((flag) => flag !== '\\Recent')
            .toSorted()
            .join(' ')}`,
        )
      }
      return [`${folder} ${uidValidity}`, ...lines].join('\n')
    },
    async [Symbol.asyncDispose]() {
      await client.logout()
    },
  }
}
