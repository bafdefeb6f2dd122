import { expect, it } from 'vitest'
import { CharacterSet } from './character-set.ts'

it('keeps sets apart that share characters', () => {
  const [one, other] = [new CharacterSet('东西'), new CharacterSet('西南')]
  const held = [...'东西南北'].map((character) => {
    const code = character.charCodeAt(0)
    return [one.has(code), other.has(code)]
  })
  expect(held).toEqual([
    [true, false],
    [true, true],
    [false, true],
    [false, false],
  ])
})

it('holds nothing beyond the end of a text', () => {
  expect(new CharacterSet('\0').has(''.charCodeAt(0))).toBe(false)
})

it('refuses more sets than it can tell apart', () => {
  const many = () => Array.from({ length: 17 }, () => new CharacterSet('东'))
  expect(many).toThrow('more sets of characters')
})
