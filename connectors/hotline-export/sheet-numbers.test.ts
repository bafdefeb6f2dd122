import { expect, it } from 'vitest'
import { isDateFormat, serialCell } from './sheet-numbers.ts'

it('knows the built-in formats that show dates or times, and those of Chinese programs', () => {
  const ids = Array.from({ length: 60 }, (_, id) => id).filter((id) => isDateFormat(id, undefined))
  const range = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at)
  expect(ids).toEqual([...range(14, 22), ...range(27, 36), ...range(45, 47), ...range(50, 58)])
})

it.each([
  ['yyyy/m/d h:mm;@', true],
  ['[h]:mm', true],
  ['上午/下午', true],
  ['e"年"', true],
  ['0.00E+00', false],
  ['0;yyyy', false],
  ['0"days"', false],
  ['[Red]0_d', false],
  ['General', false],
])('whether the format %s shows a date: %s', (code, isDate) => {
  expect(isDateFormat(200, code)).toBe(isDate)
})

it.each([
  [-1, -1],
  [2_958_466, 2_958_466],
  [60, 60],
  [59, '1900-02-28T00:00:00'],
  [61, '1900-03-01T00:00:00'],
  [0.5, '12:00:00'],
])('shows the serial %d as %j', (serial, cell) => {
  expect(serialCell(serial, false)).toBe(cell)
})
