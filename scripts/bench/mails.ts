import { bodyOf } from './csv.ts'

/** A citizen's mail: every second one with an HTML part beside the text, every tenth with a 20 KiB picture. */
export function mailOf(seed: number): Buffer {
  const text = bodyOf(seed)
  const head = [
    `Message-ID: <m${seed}@mail.example.org>`,
    `From: =?UTF-8?B?${Buffer.from('张先生').toString('base64')}?= <citizen${seed}@example.org>`,
    'To: mayor@city.example.org',
    `Subject: =?UTF-8?B?${Buffer.from(`关于第${seed}号问题的反映`).toString('base64')}?=`,
    'Date: Mon, 02 Mar 2026 08:05:00 +0800',
    'MIME-Version: 1.0',
  ]
  const parts = [part('text/plain; charset=utf-8', Buffer.from(text))]
  if (seed % 2 === 0)
    parts.push(part('text/html; charset=utf-8', Buffer.from(`<html><body><p>${text}</p></body></html>`)))
  if (seed % 10 === 0) parts.push(part('image/png; name=p.png', Buffer.alloc(20 * 1024, seed)))
  const kind = seed % 10 === 0 ? 'mixed' : 'alternative'
  const [only] = parts
  const body =
    parts.length === 1 && only !== undefined
      ? only
      : `Content-Type: multipart/${kind}; boundary=b${seed}\r\n\r\n${parts.map((one) => `--b${seed}\r\n${one}`).join('')}--b${seed}--\r\n`
  return Buffer.from(`${head.join('\r\n')}\r\n${body}`)
}

function part(type: string, body: Buffer): string {
  const encoded = body.toString('base64').replace(/(.{76})/g, '$1\r\n')
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`
}
