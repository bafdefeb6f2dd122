import { describe, expect, it } from 'vitest'
import { issueTexts } from './issue-texts.ts'

describe('a limit in Chinese', () => {
  it.each([
    [issueTexts.tooSmall('user', 'string', 1, true), '"user" 不能少于 1 个字符'],
    [issueTexts.tooBig('name', 'string', 63, true), '"name" 不能多于 63 个字符'],
    [issueTexts.tooSmall('sources', 'array', 1, true), '"sources" 不能少于 1 项'],
    [issueTexts.tooSmall('link', 'number', 0, false), '"link" 必须大于 0'],
    [issueTexts.tooBig('port', 'number', 65_535, true), '"port" 不能大于 65535'],
  ])('is told as people say it: %j', ({ zh }, expected) => {
    expect(zh).toBe(expected)
  })
})

it('in Chinese there is a space between characters and words of YAML', () => {
  expect(issueTexts.type('recursive', 'boolean', 'yes').zh).toBe('"recursive" 应为 true 或 false，而不是文本')
  expect(issueTexts.type('path', 'string', true).zh).toBe('"path" 应为文本，而不是 true 或 false')
})

it('lists in Chinese have Chinese marks', () => {
  expect(issueTexts.value('tls', ['implicit', 'starttls'], null).zh).toBe(
    '"tls" 只能是其中之一：implicit、starttls',
  )
  expect(issueTexts.unknownKey('x', null, ['url', 'prefix']).zh).toBe('未知的设置 "x"；此处可用：url、prefix')
})
