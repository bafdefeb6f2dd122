import { describe, expect, it } from 'vitest'
import { daysSaid, ordinals, tellingNumbers } from './numbers.ts'

describe('ordinals', () => {
  const told = (text: string) => [...ordinals(text)].map(([noun, values]) => `${noun}:${[...values].join()}`)

  it.each([
    ['东方水岸二期和115路', ['期:2', '路:115']],
    ['县二中强制补课', ['中学:2']],
    ['实验二小门口', ['小学:2']],
    ['第二人民医院和市一医院', ['医院:2,1']],
    ['第九职业学校和第3实验小学', ['学校:9', '小学:3']],
    ['80班换了班主任', ['班:80']],
    ['7栋和9幢漏水', ['楼:7,9']],
    ['k3县和a4区', ['区县:k3,a4']],
    ['c市南门口', ['市:c', '门向:南']],
    ['b座的电梯', ['楼:b']],
    ['翠湖花园a区', ['区:a']],
    ['翠湖花园乙区', ['区向:乙']],
    ['朝阳小学城南校区和东校区', ['校区向:南,东']],
  ])('finds in %s: %j', (text, found) => {
    expect(told(text)).toEqual(found)
  })

  it.each(['今年初三中考', '四中全会', '六一中路', '等了二小时', '两小时一班车', '过三中午', '另一实验学校'])(
    'finds none in %s',
    (text) => {
      expect(told(text)).toEqual([])
    },
  )
})

describe('daysSaid', () => {
  it.each([
    ['9月26日反映过', [926]],
    ['八月二十三日发过帖', [823]],
    ['4号就举报过', [4]],
    ['3号线和5号楼', []],
    ['新港路120号', []],
  ])('finds in %s: %j', (text, days) => {
    expect(daysSaid(text)).toEqual(days)
  })
})

it.each([
  ['千万不要拖，万一出事怎么办，上百万人', []],
  ['拖欠3万元', [30_000]],
])('tells the numbers of %s: %j', (text, numbers) => {
  expect([...tellingNumbers(text)]).toEqual(numbers)
})
