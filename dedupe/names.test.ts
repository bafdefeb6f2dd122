import { describe, expect, it } from 'vitest'
import { kindOfName, namesIn } from './names.ts'

const found = (text: string) => namesIn(text, () => false)
const written = (text: string) => found(text).map(({ start, end }) => text.slice(start, end))

describe('namesIn', () => {
  it.each([
    ['丽都家园7幢顶楼', ['丽都家园']],
    ['实验二小门口的小摊', ['实验二小']],
    ['光华里从昨晚停电', ['光华里']],
    ['在新港路和江滨路', ['新港路', '江滨路']],
    ['住五一华庭附近', ['五一华庭']],
    ['到人民医院和建设路', ['人民医院', '建设路']],
    ['住青枫雅筑附近', ['青枫雅筑']],
    ['大源中央公园的湖', ['大源中央公园']],
    ['a3区滨江澜湾捆绑车位', ['a3区滨江澜湾']],
    ['我住上塘镇下沙街道', ['上塘镇', '下沙街道']],
    ['在张庄停水', ['张庄']],
    ['从上江路到龙湾工业区', ['上江路', '龙湾工业区']],
    ['住王家组和陈家垸', ['王家组', '陈家垸']],
    ['在329国道和203省道', ['329国道', '203省道']],
  ])('finds in %s the names %j', (text, names) => {
    expect(written(text)).toEqual(names)
  })

  it.each([
    ['冰箱里的东西都坏了', 'what is within something'],
    ['等了一小时', 'a length of time'],
    ['只用了六次店就关门了', 'what is counted'],
    ['每天都路过', 'words that only bind others'],
    ['说下个镇', 'what is told by where it is'],
    ['请后面村', 'the same'],
    ['很好下坡路', 'the same of a road'],
    ['在山庄', 'one character that is no surname'],
    ['请工作组', 'a group of people'],
    ['在外省道', 'a road without a number'],
  ])('finds none in %s: %s', (text) => {
    expect(written(text)).toEqual([])
  })

  it('reads 第二小学 as a primary school, not as the abbreviation 二小 and a rest', () => {
    expect(found('城关第二小学门口').map(({ ending }) => ending)).toEqual(['小学'])
  })
})

describe('an everyday word', () => {
  /** As its first two characters are a word of the lists. */
  const inList = (text: string) => namesIn(text, (at) => at < 2)

  it.each(['建设路', '和谐家园', '中心小学', '万达广场'])('names %s', (text) => {
    expect(inList(text)).toMatchObject([{ core: text.slice(0, 2), isEveryday: true }])
  })

  it.each(['建设项目', '交通银行', '中心路', '文明村', '小区路'])('does not name %s', (text) => {
    expect(inList(text)).toEqual([])
  })
})

it('tells numbered schools of one place apart', () => {
  expect(found('城关二中和城关三中').map(({ core }) => core)).toEqual(['城关二', '城关三'])
})

describe('kindOfName', () => {
  const kindsIn = (text: string) => new Set(found(text).map(({ ending }) => kindOfName(ending))).size

  it('takes estates for estates, whatever they call themselves', () => {
    expect(kindsIn('锦禾雅居\n望江苑\n北濠名邸')).toBe(1)
  })

  it('keeps a road and an estate apart', () => {
    expect(kindsIn('江滨路\n望江苑')).toBe(2)
  })
})
