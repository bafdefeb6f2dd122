import { clauseEnd } from './fold.ts'

/** A name of a place or body in folded text: 锦禾雅居 with its ending 雅居. */
export interface Name {
  readonly start: number
  readonly end: number
  /** Characters before the ending, at most {@link longestCore}. */
  readonly core: string
  readonly ending: string
}

const longestCore = 6
const shortestCore = 2

/** Longest first where they begin alike. */
const endings = byFirst(
  '小区 花园 家园 新村 新苑 新城 公寓 大厦 广场 公园 小学 中学 高中 初中 实验学校 学校 学院 大学 职院 幼儿园 托儿所 医院 卫生院 卫生服务中心 市场 菜场 菜市场 农贸市场 超市 酒店 宾馆 车站 客运站 火车站 地铁站 公司 集团 工厂 水库 湿地 隧道 高架 大桥 立交 路口 大道 街道 社区 公馆 名邸 名苑 雅居 雅苑 佳苑 佳园 豪庭 豪园 半岛 壹号 国际 项目 工业园 产业园 园区 科技园 健身 驾校 银行 建材 商场 商城 步行街 批发城 派出所 村委会 居委会 养老院 敬老院 体育馆 游泳馆 体育公园 图书馆 步道 码头 收费站 加油站 充电站 转运站 填埋场 污水厂 电厂 水厂 化工厂 搅拌站 下穿 花苑 东苑 西苑 南苑 北苑 东区 西区 南区 北区 新区 开发区',
)
const shortEndings = new Set(
  '村镇乡路街巷弄里苑园府城湾郡庭邸轩阁台桥河湖涌江港站厂店院坊屯庄寨沟岭岛坪坝塘堰墅寓',
)

function byFirst(words: string): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(words.split(' '), (word) => word.charAt(0))
  return new Map([...groups].map(([first, group]) => [first, group.sort((a, b) => b.length - a.length)]))
}

/**
 * Names in folded text: an ending such as 小区 or 路 with at least two characters before it that are neither
 * words of a list nor light (的, 在, 我). Where the name begins is a guess; its end and its last characters count.
 * @param isWord whether the character at a place belongs to a word that can be no part of a name
 */
export function namesIn(text: string, isWord: (at: number) => boolean): readonly Name[] {
  const found: Name[] = []
  let floor = 0
  for (let at = 1; at < text.length; ) {
    const ending = endingAt(text, at)
    if (ending === '') {
      at += 1
      continue
    }
    let start = coreStart(text, at, floor, isWord)
    while (start < at && isLight(text.charCodeAt(start))) start += 1
    if (at - start >= shortestCore) {
      found.push({ start, end: at + ending.length, core: text.slice(start, at), ending })
      floor = at + ending.length
    }
    at += ending.length
  }
  return found
}

/** Whether an ending of names begins here. */
export function endsName(text: string, at: number): boolean {
  return at < text.length && endingAt(text, at) !== ''
}

function endingAt(text: string, at: number): string {
  const first = text.charAt(at)
  const long = endings.get(first)?.find((ending) => text.startsWith(ending, at))
  return long ?? (shortEndings.has(first) ? first : '')
}

function coreStart(text: string, at: number, floor: number, isWord: (at: number) => boolean): number {
  let start = at
  while (start > floor && at - start < longestCore) {
    const before = text.charAt(start - 1)
    if (before === clauseEnd || bindsOnly(before.charCodeAt(0)) || isWord(start - 1)) break
    start -= 1
  }
  return start
}

/** Characters that bind words together and are in no name. */
const binding = codesOf(
  '的了在是我有就不人都也很到说要去你会着没看这那个吗呢吧啊还把被给让从对与及为以而但又能可请们他她它来等于其之所因此该已将向某什么怎问求称',
)
/** Such as are also in names, but do not begin one: 恒和里, 天河, 月湖. */
const weak = codesOf('和一上中下后前时天年月日号几多少内外旁边处家住次两第每些好')

function codesOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)))
}

function bindsOnly(code: number): boolean {
  return binding.has(code)
}

/** Whether a character mostly binds words together, and says little beside another. */
export function isLight(code: number): boolean {
  return binding.has(code) || weak.has(code)
}
