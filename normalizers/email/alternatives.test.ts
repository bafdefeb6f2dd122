import { describe, expect, it } from 'vitest'
import { multipart, ticket } from './fixtures/build-mail.ts'

const letter = '江滨路工地每晚打桩，孩子无法入睡，请查处。'

async function read(plain: string, html: string, charset = 'utf-8') {
  const forms = [
    `Content-Type: text/plain; charset=${charset}\n\n${plain}`,
    `Content-Type: text/html; charset=utf-8\n\n${html}`,
  ]
  const { body, notes, fields } = await ticket(multipart('alternative', forms))
  return { body, notes, source: fields.body }
}

describe('the HTML of two forms', () => {
  it.each([
    '?????????????',
    '?????12?????????',
    '¿¿¿¿¿¿¿¿',
    '\ufffd\ufffd\ufffd\ufffd\ufffd',
    '-----',
    '\u00a0 *',
  ])('is taken where %j is left of the words', async (plain) => {
    expect(await read(plain, `<p>${letter}</p>`)).toEqual({
      body: letter,
      notes: expect.arrayContaining(['alternatives-differ']),
      source: 'text/html',
    })
  })

  it.each([
    ['您有一条新的来信，请登录平台处理。', '<p>您有一条新的来信，请登录平台处理。</p><p>电梯坏了</p>'],
    ['我家停水三天，打了很多次电话…', '<p>我家停水三天，打了很多次电话都没有人来修。</p>'],
    [letter, `<p>${letter}</p><p>地点：中山路十二号</p>`],
    [letter, `<p>${letter}</p><p>138-0013-8000</p>`],
    [letter, `<p>${letter}</p><p>12345678</p>`],
  ])('is taken where it says more than %j', async (plain, html) => {
    const text = html.replace(/<\/p>\s*(?=<p>)/g, '\n').replace(/<\/?p>/g, '')
    expect(await read(plain, html)).toEqual({
      body: text,
      notes: ['alternatives-differ'],
      source: 'text/html',
    })
  })

  it('is taken with the plain form below where that says more too', async () => {
    expect(
      (await read('停水三天了', '<p>点此领取优惠券，全场九折，欢迎选购新品</p>'.repeat(3))).body,
    ).toContain('停水')
  })

  it.each([
    ['pictures', `<img alt="单位徽标"><p>${letter}</p><img alt="扫码关注公众号">`],
    [
      'a way to unsubscribe',
      `<p>${letter}</p><p>如不想再收到此类邮件，请<a href="https://a.example/u?id=123456789">点击退订</a></p>`,
    ],
    ['a link to itself', `<p><a href="https://a.example">在浏览器中查看此邮件</a></p><p>${letter}</p>`],
    [
      'buttons',
      `<p>${letter}</p><p><a href="https://a.example">查看详情</a></p><p><a href="https://b.example">立即登录</a></p>`,
    ],
    ["a program's line", `<p>${letter}</p><p>发自我的iPhone</p><p>Get Outlook for iOS</p>`],
    [
      'links',
      `<p>${letter}</p><a href="https://a.example/list?item=1234567890">1</a> <a href="https://b.example">2</a>`,
    ],
    [
      'a table of the same words',
      `<table><tr><td>${letter.slice(0, 9)}</td><td>${letter.slice(9)}</td></tr></table>`,
    ],
    ['numbered lines', `<ol><li>${letter.slice(0, 9)}</li><li>${letter.slice(9)}</li></ol>`],
  ])('is not taken for %s', async (_, html) => {
    expect(await read(letter, html)).toEqual({ body: letter, notes: [], source: 'text/plain' })
  })

  it('is not taken for a phone that is written otherwise, or question marks that somebody wrote', async () => {
    const signed = `${letter}\n电话：138 0013 8000`
    expect(await read(signed, `<p>${letter}</p><p>电话：138-0013-8000</p>`)).toMatchObject({ notes: [] })
    const asking = `${letter}为什么没有人管????`
    expect(await read(asking, `<p>${asking}</p>`)).toMatchObject({ body: asking, notes: [] })
  })
})
