import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mail } from './world.ts'

const header = '工单编号,诉求人,联系电话,诉求时间,诉求内容'
const complaints = [
  '工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。',
  '路口积水严重，行人无法通过，请尽快疏通下水道。',
  '小区路灯坏了半个月一直没有人来修理，晚上出行很不安全。',
] as const

/** Number `index` of a series of reports: every fifth is one from earlier in the series once more, by the same person. */
function report(index: number): { readonly person: string; readonly words: string } {
  const original = index % 5 === 4 ? index - 1 - (index % 7) * 5 : index
  const told = original < 0 ? index : original
  return {
    person: `1380013${String(told % 10_000).padStart(4, '0')}`,
    words: `江滨路${told + 1}号：${complaints[told % complaints.length]}`,
  }
}

/** An export of `count` rows, from number `from` of the series; the file appears whole. */
export function writeExport(folder: string, from: number, count: number): void {
  mkdirSync(folder, { recursive: true })
  const rows = Array.from({ length: count }, (_, offset) => {
    const { person, words } = report(from + offset)
    return `A${from + offset},张女士,${person},2026-03-02 08:00,${words}`
  })
  const name = `${String(from).padStart(6, '0')}.csv`
  const unfinished = join(folder, `.${name}`)
  writeFileSync(unfinished, `${[header, ...rows].join('\n')}\n`)
  renameSync(unfinished, join(folder, name))
}

/** Mails of the same series: every fourth has an attachment, every sixth answers an earlier one. */
export function seriesOfMails(from: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = from + offset
    const { person, words } = report(index)
    const answers = index % 6 === 5 ? [`In-Reply-To: <m${index - 2}@example.org>`] : []
    const text = ['Content-Type: text/plain; charset=utf-8', '', words]
    return mail(`m${index}`, `p${person}`, '江滨路', answers, index % 4 === 3 ? withFile(words, index) : text)
  })
}

function withFile(words: string, index: number): string[] {
  const file = Buffer.alloc(500, `${index} `).toString('base64')
  return [
    'Content-Type: multipart/mixed; boundary=b',
    '',
    `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}`,
    `--b\r\nContent-Type: image/png; name=p.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}`,
    '--b--',
  ]
}
