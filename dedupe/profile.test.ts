import { describe, expect, it } from 'vitest'
import { profile, report } from './testing/reports.ts'

describe('the text of a profile', () => {
  const textOf = (name: string | null, body: string) => {
    const one = report(body)
    return profile({ ...one, reporter: { ...one.reporter, name } }).text
  }

  it.each([
    ['锦绣家园7栋小陈', '电梯又停了', '电梯又停了\n锦绣家园'],
    ['兰亭苑业主 何立平', '地还没有还', '地还没有还\n兰亭苑'],
    ['锦绣家园7栋小陈', '锦绣家园的电梯又停了', '锦绣家园的电梯又停了'],
    ['云下的猫', '电梯又停了', '电梯又停了'],
    ['晴空万里', '电梯又停了', '电梯又停了'],
    ['何立园', '电梯又停了', '电梯又停了'],
    [null, '电梯又停了', '电梯又停了'],
  ])('has the place that %s tells beside %s', (name, body, expected) => {
    expect(textOf(name, body)).toBe(expected)
  })
})
