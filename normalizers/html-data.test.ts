import { describe, expect, it } from 'vitest'
import { stopwatch } from '../config/testing/stopwatch.ts'
import { withoutData } from './html-data.ts'

const bytes = Buffer.from('any bytes of a picture')
const data = bytes.toString('base64')
const read = (html: string) => {
  const separated = withoutData(Buffer.from(html))
  return { html: separated.html.toString(), files: separated.files }
}

describe('withoutData', () => {
  it.each([
    [`<img src="data:image/png;base64,${data}" alt="井盖">`, '<img src="data:image/png;base64," alt="井盖">'],
    [`<img src='data:image/png;base64,${data}'>`, `<img src='data:image/png;base64,'>`],
    [`<img src=data:image/png;base64,${data} alt=a>`, '<img src=data:image/png;base64, alt=a>'],
    [
      `<p style="background:url(data:image/png;base64,${data})">`,
      '<p style="background:url(data:image/png;base64,)">',
    ],
    [`<img src="data:image/PNG;name=a.png;base64,${data}">`, '<img src="data:image/PNG;name=a.png;base64,">'],
    [
      `<img src="data:image/png;base64,${data.replace(/.{8}/g, '$&\r\n ')}">`,
      '<img src="data:image/png;base64,">',
    ],
    [
      `<img src="data:image/png;base64,${data.replaceAll('=', '%3D')}">`,
      '<img src="data:image/png;base64,">',
    ],
    [`<img src="data:image/png;base64,${data} 路灯`, '<img src="data:image/png;base64, 路灯'],
  ])('takes the file out of %s', (html, rest) => {
    expect(read(html)).toEqual({ html: rest, files: [{ mediaType: 'image/png', body: bytes }] })
  })

  it.each([
    '<p>路灯不亮</p>',
    `<p>data:image/png;base64,${data}</p>`,
    '<img src="data:image/svg+xml,%3Csvg/%3E">',
    '<img src="data:,">',
    'data:',
  ])('leaves %s as it is', (html) => {
    expect(read(html)).toEqual({ html, files: [] })
  })

  it('keeps no fonts, and takes several files in order', () => {
    const one = Buffer.from('1').toString('base64')
    const html = `<style>src:url("data:font/woff2;base64,${data}")</style><img src="data:image/png;base64,${data}"><img src="data:image/gif;base64,${one}">`
    expect(read(html).files.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/gif'])
  })

  it.each([
    '"data:image/png;base64,'.repeat(200_000),
    `"data:image/png;base64,${'A '.repeat(3_000_000)}`,
    `"data:image/png${';a'.repeat(1_000_000)}`,
  ])('is done in bounded time', (html) => {
    const took = stopwatch()
    read(html)
    expect(took()).toBeLessThan(330)
  })
})
