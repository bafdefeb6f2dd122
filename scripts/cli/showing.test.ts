import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { Cli, type CliContext } from './cli.ts'
import { exportLines } from './export-lines.ts'
import { maskDigits, maskEmail, maskName } from './masking.ts'
import { originalText } from './original.ts'
import { Progress } from './progress.ts'
import { sniff } from './sniff.ts'
import { cut, textTable, wrapped } from './text-table.ts'

describe('a table', () => {
  test('aligns Chinese and Latin cells, and never pads the last', () => {
    expect(
      textTable([
        ['来源', 'seen'],
        ['hotline', '1'],
        ['信箱🙂', '22'],
      ]),
    ).toEqual(['来源     seen', 'hotline  1', '信箱🙂   22'])
  })

  test('keeps to the width of the terminal, and to one line per row', () => {
    expect(textTable([['a', '一二三四五六七八九']], 15)).toEqual(['a  一二三四五…'])
    expect(textTable([['a\nb\u001b[31m\u202ec', 'd']])).toEqual(['a b [31m c  d'])
  })

  test('goes on in a further line where the terminal has no room for what it tells', () => {
    const rows = [
      ['id', 'when', 'phone', 'title'],
      ['T-1', '2026-03-01', '', ''],
      ['T-2', '2026-03-01', '138', '路灯坏了半个月一直没有人来'],
    ]
    const folded = [
      'id   when',
      '  phone  title',
      'T-1  2026-03-01',
      'T-2  2026-03-01',
      '  138    路灯坏了半…',
    ]
    expect(textTable(rows, 21)).toEqual(folded)
    expect(textTable(rows)).toHaveLength(3)
  })

  test('goes on in as many lines as it takes, each within the width', () => {
    const rows = [['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd']]
    expect(textTable(rows, 14)).toEqual(['aaaaaa  bbbbbb', '  cccccc', '  dddddd'])
  })

  test('a text is broken between words and Chinese characters, not before closing marks', () => {
    expect(wrapped('run "yiwang check a", then wait', 12)).toEqual(['run "yiwang', 'check a",', 'then wait'])
    expect(wrapped('请检查路径，（权限）。', 12, '  ')).toEqual(['  请检查路', '  径，（权', '  限）。'])
    expect(wrapped('a /path/that/is/too/long b', 8)).toEqual(['a', '/path/that/is/too/long', 'b'])
    expect(wrapped('as it is', null)).toEqual(['as it is'])
  })

  test.each([
    ['路灯', 4, '路灯'],
    ['路灯坏了', 5, '路灯…'],
    ['👨‍👩‍👧家', 3, '👨‍👩‍👧…'],
  ])('cuts %s to %i places', (text, width, expected) => expect(cut(text, width)).toBe(expected))
})

describe('masks', () => {
  test.each([
    ['+8613800138000', '+86138****8000'],
    ['051388880000', '0513****0000'],
    ['85112345', '****2345'],
    ['123456', '123456'],
  ])('the phone %s shows as %s', (phone, shown) => expect(maskDigits(phone)).toBe(shown))

  test('a text hides every run of digits that could be a phone number, and nothing shorter', () => {
    expect(maskDigits('致电138 0013 8000，2026年第12345号')).toBe('致电138 **** 8000，2026年第12345号')
    const compared = '与其重复件 T-VH013800138000DD5RVX1ZWSEG 比对'
    expect(maskDigits(compared)).toBe(compared)
    expect(maskDigits('住3-1-2-501')).toBe('住3-1-2-501')
    expect(maskDigits('１３８００１３８０００或138—0013－8000')).toBe('１３８****８０００或138—****－8000')
  })

  test('a name keeps its first character, an address its host', () => {
    expect([maskName('张三'), maskName('欧阳娜娜'), maskName('𠮷田'), maskName(null)]).toEqual([
      '张*',
      '欧**',
      '𠮷*',
      '',
    ])
    expect(['mayor@example.org', 'mayor', null].map(maskEmail)).toEqual(['m***@example.org', 'm***', ''])
  })
})

describe('an original', () => {
  test('is shown by its declared charset, controls replaced, and cut', () => {
    const gbk = { body: new Uint8Array([0xd6, 0xd0, 0xce, 0xc4]), mediaType: 'text/csv; charset=gb18030' }
    expect(originalText(gbk)).toBe('中文')
    const binary = { body: new Uint8Array([0x61, 0x1b, 0x5b, 0x0a, 0x62]), mediaType: 'x/y; charset=no-such' }
    expect(originalText(binary)).toBe('a�[\nb')
    for (const length of [2_001, 20_000])
      expect(originalText({ body: Buffer.alloc(length, 'x'), mediaType: 'text/plain' })).toHaveLength(2_001)
  })
})

test('of a file without known columns each row is cut, so that it can be looked over', () => {
  const file = {
    ...{ file: 'a.csv', format: null, encoding: null, problem: null },
    tables: [],
    unknownSheets: [],
  }
  const said = exportLines({ ...file, firstRows: [`甲\t${'x'.repeat(500)}`] }, {
    say: (key: string) => key,
  } as Cli)
  expect(said).toEqual(['firstRows', `    甲 | ${'x'.repeat(196)}…`])
})

describe('the progress line', () => {
  test('is drawn at most ten times a second and cleared, and not at all without a terminal', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    let written = ''
    const progress = new Progress((text) => {
      written += text
    })
    progress.show(() => 'one')
    vi.advanceTimersByTime(99)
    progress.show(() => 'two')
    vi.advanceTimersByTime(1)
    progress.show(() => 'three')
    vi.useRealTimers()
    progress.clear()
    progress.clear()
    expect(written).toBe('\r\u001b[2Kone\r\u001b[2Kthree\r\u001b[2K')
    written = ''
    const narrow = new Progress((text) => {
      written += text
    }, 10)
    narrow.show(() => '读取 12 条，新增 3 条')
    expect(written).toBe('\r\u001b[2K读取 12 …')
    new Progress(null).show(() => {
      throw new Error('nobody watches')
    })
  })
})

test('a line of the log takes the place of the one that shows the progress', () => {
  let written = ''
  const err = (text: string) => {
    written += text
  }
  const cli = new Cli({ err, progress: 80 } as Partial<CliContext> as CliContext, 'en')
  const log = cli.logger('warn')
  cli.progress().show(() => 'one')
  log.warn('two')
  log.info('three')
  expect(written).toMatch(/^\r\u001b\[2Kone\r\u001b\[2K\{"level":40,.*"two"\}\n$/)
})

describe('the kind of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yiwang-sniff-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  test.each([
    ['a.eml', 'Received: from x\r\n\r\n', 'email'],
    ['b', 'subject: hello\n\nbody', 'email'],
    ['c.mbox', 'From a@example.org Sun Mar  1 08:05:00 2026\n', 'email'],
    ['d.csv', '工单编号,诉求内容\n1,From: x\n', 'hotline'],
    ['e.xls', '<html><table>', 'hotline'],
    ['f.xls', 'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n', 'hotline'],
    ['g.mht', 'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\nTo: x\r\n', 'hotline'],
    ['h.mht', 'From: a@example.org\r\nTo: mayor@example.org\r\n\r\n', 'email'],
    ['empty', '', 'hotline'],
  ])('%s is told by its beginning', (name, text, kind) => expect(sniff(file(name, text))).toBe(kind))

  test('of a folder is that of most of its first files; a Maildir is mail', () => {
    file('mails/1.eml', 'From: a@example.org\n\n')
    for (const hidden of ['.hidden', '._1.eml']) file(`mails/${hidden}`, 'x')
    file('both/1.eml', 'From: a@example.org\n\n')
    file('both/1.csv', 'a,b\n')
    file('exports/1.csv', 'a,b\n')
    file('maildir/cur/1', '')
    const kinds = ['mails', 'exports', 'both', 'maildir'].map((name) => sniff(join(folder, name)))
    expect(kinds).toEqual(['email', 'hotline', 'hotline', 'email'])
  })

  test('of a folder is told without a file that cannot be read', () => {
    file('closed/1.csv', 'a,b\n')
    symlinkSync('/proc/self/mem', join(folder, 'closed/2.eml'))
    expect(sniff(join(folder, 'closed'))).toBe('hotline')
  })

  test('that is not there is PATH_UNREADABLE', () => {
    expect(() => sniff(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'PATH_UNREADABLE' }))
  })
})
