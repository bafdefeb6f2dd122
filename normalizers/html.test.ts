import { describe, expect, it } from 'vitest'
import { stopwatch } from '../config/testing/stopwatch.ts'
import { htmlText } from './html.ts'
import { cleanText } from './text.ts'

const textOf = (html: string) => htmlText(html).text.trim()

describe('htmlText', () => {
  it('shows an address that stands unescaped in angle brackets', () => {
    const html = '<div>联系我：<zhang@mail.example>，见 <https://mail.example/a?b=1> 。</div><p>路灯不亮</p>'
    expect(htmlText(html).text).toContain('联系我：<zhang@mail.example>，见 <https://mail.example/a?b=1> 。')
  })

  it('shows what stands there for programs without scripts or plug-ins, as those that read mail', () => {
    expect(htmlText('<noscript><p>路灯不亮</p></noscript>').text).toBe('路灯不亮')
    expect(htmlText('<object data="a.swf"><p>路灯不亮</p></object>').text).toBe('路灯不亮')
  })

  it('reads a character beyond the first plane that its program wrote as two references', () => {
    expect(htmlText('<p>刘&#55404;&#57179;&#55357;&#56877;&#55357;路灯</p>').text).toBe('刘𫍛😭\ufffd路灯')
  })

  it('gives each table row a line', () => {
    const html =
      '<p>记录：</p><table><tr><th>日期</th><th>情况</th></tr>\n<tr><td><p>3月3日</p></td><td>油烟<br>很大</td></tr></table>请处理'
    expect(textOf(html)).toBe('记录：\n日期 | 情况\n3月3日 | 油烟 很大\n请处理')
  })

  it('gives each row a line that stands in a head, a body or a foot', () => {
    const row = (name: string, ...cells: readonly string[]) =>
      `<${name}><tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr></${name}>`
    const html = `<table>${row('thead', '姓名', '电话')}${row('tbody', '张三', '1')}${row('tfoot', '李四', '2')}</table>`
    expect(textOf(html)).toBe('姓名 | 电话\n张三 | 1\n李四 | 2')
  })

  it('reads tables made for layout as text', () => {
    const long = '字'.repeat(310)
    expect(textOf(`<table><tr><td>菜单</td><td>${long}</td></tr></table>`)).toBe(`菜单\n${long}`)
    expect(textOf('<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>')).toBe(
      'a | b',
    )
  })

  it('keeps words that stand in a table but in no cell', () => {
    expect(textOf('<table>路灯不亮<tr><td>a</td></tr></table>')).toBe('路灯不亮\na')
  })

  it('keeps what stands outside the first body, and a body in a head that is never closed', () => {
    const answer = '<html><head><title>答复</title></head><body><p>您的诉求已收到。</p></body></html>'
    expect(textOf(`<div>水管还是漏水。</div><blockquote>${answer}</blockquote>`)).toBe(
      '水管还是漏水。\n> 您的诉求已收到。',
    )
    expect(textOf('还在漏水<html><body>您好</body></html>谢谢')).toBe('还在漏水\n\n您好\n\n谢谢')
    expect(textOf('<head><title>a</title><xml>96</xml><body><p>路灯不亮</p></body>')).toBe('路灯不亮')
  })

  it.each(['DISPLAY:NONE', 'display : none', 'Visibility: Hidden', 'mso-hide:ALL'])(
    'leaves out what is hidden by %s',
    (style) => {
      expect(textOf(`<p style="font-size:0;${style}">预览</p><p>正文</p>`)).toBe('正文')
    },
  )

  it.each(['-webkit-backface-visibility:hidden', 'top:0;backface-visibility: hidden'])(
    'keeps what %s does not hide',
    (style) => {
      expect(textOf(`<section style="${style}"><p>路灯不亮</p></section>`)).toBe('路灯不亮')
      expect(textOf(`<p style="${style};visibility:hidden">预览</p>正文`)).toBe('正文')
    },
  )

  it.each([
    '<div style="color:red; white-space: pre-wrap">姓名：张三\n电话：1\n路灯不亮</div>',
    '<body style="white-space:pre-line"><b>姓名：张三\n电话：1</b>\n路灯不亮',
    '<div style="white-space:break-spaces"><div>姓名：张三\n电话：1</div>路灯不亮</div>',
    '<p><span style="white-space-collapse: preserve">姓名：张三\n</span><span style="white-space: pre">电话：1\n路灯不亮</span></p>',
    '<table><tr><td style="white-space:pre-wrap">姓名：张三\n电话：1\n路灯不亮</td></tr></table>',
    '<table style="white-space:pre-wrap"><tr><td>姓名：张三\n电话：1\n路灯不亮</td></tr></table>',
    '姓名：张三\n电话：<font color="red">1</font>\n路灯不亮',
    '<span style="display:block">姓名：张三</span><label style="color:red; display: flex">电话：1</label>路灯不亮',
    '<dl><dt>姓名：张三</dt><dd>电话：1</dd></dl><center>路灯不亮</center>',
  ])('keeps the lines of %s', (html) => {
    expect(textOf(html)).toBe('姓名：张三\n电话：1\n路灯不亮')
  })

  it('takes a line end of the source for a space where a browser does', () => {
    expect(textOf('<p>noise\nat <span style="white-space:nowrap">night\nand</span> noon</p>')).toBe(
      'noise at night and noon',
    )
    expect(
      textOf('<div style="white-space:pre-wrap">a\nb<p style="white-space: normal">c\nd</p></div>'),
    ).toBe('a\nb\nc d')
  })

  it('joins Chinese that Word wrapped in the source, or that zero-width spaces divide', () => {
    expect(textOf('<p>我住在福州市鼓\r\n楼区，每天\n  很吵。\n2号楼</p>')).toBe(
      '我住在福州市鼓楼区，每天很吵。 2号楼',
    )
    expect(textOf('<p>一\n二</p><pre>三\n四</pre>')).toBe('一 二\n\n三\n四')
    expect(cleanText(textOf('<p>鼓楼&#8203;区</p>'))).toBe('鼓楼区')
  })

  it('leaves out scripts, styles and what is hidden', () => {
    const html =
      '<style>p{}</style><script>x()</script><p style="display:none">a</p><p hidden>b</p><p>正文</p>'
    expect(textOf(html)).toBe('正文')
  })

  it('keeps web addresses that the text does not show, and no others', () => {
    const html =
      '<a href="https://p.example/1">照片</a> <a href="https://p.example">p.example</a> <a href="javascript:x()">点</a> <a href="mailto:a@b.example">信</a>'
    expect(textOf(html)).toBe('照片 (https://p.example/1) p.example 点 信')
  })

  it('says what a picture says in words and never its data', () => {
    expect(textOf('<img src="data:image/png;base64,AAAA" alt="井盖"><img src="cid:1">')).toBe('[井盖]')
  })

  const hostile: Readonly<Record<string, string>> = {
    'deep nesting': '<div>'.repeat(200_000),
    'deep tables': '<table><tr><td>'.repeat(60_000),
    'deep lists': '<ul><li>'.repeat(100_000),
    'deep quotations': `${'<blockquote>'.repeat(290)}${'a<br>'.repeat(190_000)}`,
    'deep rows and items': '<li><tr>'.repeat(100_000),
    'many blanks': `<p>${'&nbsp;'.repeat(160_000)}`,
    'many bars': '<table><tr>'.padEnd(900_000, '<td></td>'),
    'open tags': '<script '.repeat(100_000),
    'many kept line ends': `<div style="white-space:pre">${'a\n'.repeat(450_000)}`,
    'one attribute after the other': `<p ${'a=1 '.repeat(200_000)}>`,
    'nothing but openings': '<'.repeat(1_000_000),
  }
  it.each(Object.entries(hostile))('is done with %s in bounded time and keeps the words', (_, html) => {
    const took = stopwatch()
    const { text } = htmlText(`路灯不亮${html}`)
    expect(text).toContain('路灯不亮')
    expect(took()).toBeLessThan(330)
  })

  it('notes HTML that was cut or read without its structure', () => {
    expect(htmlText('a'.repeat(1_000_001)).note).toBe('html-cut')
    const data = `<img src="data:image/png;base64,${'A'.repeat(1_000_001)}">`
    expect(htmlText(`照片${data}路灯`)).toEqual({ text: '照片路灯', note: null })
    expect(htmlText(`${'<b>'.repeat(2000)}路灯`)).toEqual({
      text: expect.stringContaining('路灯'),
      note: 'html-too-deep',
    })
    expect(htmlText('<p>a'.repeat(2000)).note).toBeNull()
  })
})
