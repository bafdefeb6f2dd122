import { describe, expect, it } from 'vitest'
import { fitsSender, ownerOf } from './phone-owner.ts'

describe('ownerOf', () => {
  const last = (text: string) => {
    const lines = text.split('\n')
    return ownerOf(lines, lines.length - 1, null)
  }

  it('takes a number in the closing lines for the writer’s, with the name above it', () => {
    expect(last('路灯不亮。\n张三\n电话：13800138000')).toEqual({ isWriter: true, name: '张三' })
    expect(last('路灯不亮。\n电话：13800138000')).toEqual({ isWriter: true, name: null })
  })

  it('takes none below somebody complained of, or in a forwarded letter', () => {
    expect(last('工地打桩。\n施工方：某某公司\n电话：13800138000').isWriter).toBe(false)
    expect(last('发件人：李四\n电梯停运。\n李四\n电话：13800138000').isWriter).toBe(false)
  })

  it.each(['李四(证人)', '李四 目击者', '维修工李四', '业委会主任李四', '另一位业主李四', '业主代表李四'])(
    'gives the name among other words in the line above: %s',
    (line) => {
      expect(last(`路灯不亮。\n${line}\n电话：13800138000`).name).toBe('李四')
    },
  )

  it.each(['噪音扰民严重', '人民路(白马桥头)', '请求领导严查', '欠薪三万元', '此致 敬礼'])(
    'takes no other words for a name: %s',
    (line) => {
      expect(last(`路灯不亮。\n${line}\n电话：13800138000`)).toEqual({ isWriter: true, name: null })
    },
  )

  it('takes one further up only under the writer’s own name', () => {
    const first = (text: string) => ownerOf(text.split('\n'), 1, null).isWriter
    const rest = '内容：路灯不亮。\n一\n二\n三'
    expect(first(`姓名：张三\n电话：13800138000\n${rest}`)).toBe(true)
    expect(first(`联系人：张三\n电话：13800138000\n${rest}`)).toBe(false)
  })
})

describe('fitsSender', () => {
  it.each([
    ['张先生', '张三', 'yes'],
    ['若兰', '邱若兰', 'yes'],
    ['李四', '张三', 'no'],
    ['某某建筑公司', '张三', 'no'],
    ['张三', null, 'unknown'],
    [null, '张三', 'unknown'],
  ] as const)('of %s and %s: %s', (written, sender, expected) => {
    expect(fitsSender(written, sender)).toBe(expected)
  })
})
