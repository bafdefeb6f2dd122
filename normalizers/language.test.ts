import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  ['路灯不亮', 'zh'],
  ['𠮷'.concat('家门口'), 'zh'],
  ['街角“樱の屋”餐馆油烟扰民，每天晚上都很呛人，请有关部门尽快处理', 'zh'],
  ['道路の街灯が点いていません', 'ja'],
  ['가로등이 켜지지 않습니다', 'ko'],
  ['གློག་མེད།', 'bo'],
  ['ᠮᠣᠩᠭᠣᠯ', 'mn'],
  ['The street lamp is out', null],
  ['12345！', null],
  ['', null],
])('%j is %s', (text, language) => {
  expect(languageOf(text)).toBe(language)
})
