import { describe, expect, it } from 'vitest'
import { refersBack } from './recollection.ts'

describe('refersBack', () => {
  it.each([
    '上个月26号讲过',
    '4号就举报过',
    '上次的留言没有答复',
    '再次来电催办',
    '打过三次热线无果',
    '请催办',
    '一个月没有下文',
    '写信没人理',
    '跟门卫讲过',
    '问过物业',
    '申报过',
    '第三次留言',
    '9日咨询',
  ])('%s speaks of an earlier filing', (text) => {
    expect(refersBack(text)).toBe(true)
  })

  it.each(['楼上漏水没人修', '路灯坏了半个月', '请问几号供暖'])('%s does not', (text) => {
    expect(refersBack(text)).toBe(false)
  })
})
