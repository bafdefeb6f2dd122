import { expect, test } from 'vitest'
import { noteTexts } from '../../normalizers/notes.ts'
import { noteText } from './note-text.ts'

test('a doubt is told in both languages, with its detail and where it holds', () => {
  expect(noteText('quoted-history-cut', 'zh')).toBe('已去除引用的往来邮件')
  expect(noteText('day-month-unknown:submittedAt', 'en')).toMatch(/^which is the day.* \(submittedAt\)$/)
  expect(noteText('header-charset-guessed:gb18030', 'zh')).toBe('邮件头：未声明编码，为推断所得（gb18030）')
  expect(noteText('header-charset-guessed:gb18030', 'en')).toMatch(/^in the header: no charset/)
})

test('a doubt that this version does not know stays as it was written', () => {
  for (const note of ['of-another-version:x', '', '说明', 'constructor'])
    expect(noteText(note, 'zh')).toBe(note)
})

test('no two doubts read alike', () => {
  for (const locale of ['en', 'zh'] as const) {
    const read = Object.keys(noteTexts).map((code) => noteText(code, locale))
    expect(new Set(read).size).toBe(read.length)
  }
})
