import { commonSurnames } from '../config/surnames.ts'
import { CharacterSet } from './character-set.ts'
import { everydaySize, isEverydayName } from './everyday-names.ts'
import { clauseEnd } from './fold.ts'

/** A name of a place or body in folded text: 锦禾雅居 with its ending 雅居. */
export interface Name {
  readonly start: number
  readonly end: number
  /** Characters before the ending, at most {@link longestCore}; of 县二中 and 县三中 the number too. */
  readonly core: string
  readonly ending: string
  /** Whether an everyday word stands right before the ending: 人民医院. */
  readonly isEveryday: boolean
}

const longestCore = 6
const shortestCore = 2

/** Longest first where they begin alike. */
const endings = byFirst(
  '一小 二小 三小 四小 五小 附小 一中 二中 三中 四中 五中 六中 附中 小区 花园 家园 新村 新苑 新城 公寓 大厦 广场 公园 小学 中学 高中 初中 实验学校 学校 学院 大学 职院 幼儿园 托儿所 医院 卫生院 卫生服务中心 市场 菜场 菜市场 农贸市场 超市 酒店 宾馆 车站 客运站 火车站 地铁站 公司 集团 工厂 水库 湿地 隧道 高架 大桥 立交 路口 大道 街道 社区 公馆 名邸 名苑 雅居 雅筑 名筑 绿洲 帝景 雅苑 佳苑 佳园 豪庭 豪园 华庭 华府 嘉园 嘉苑 半岛 壹号 国际 项目 工业园 产业园 园区 科技园 健身 驾校 银行 建材 商场 商城 步行街 批发城 派出所 村委会 居委会 养老院 敬老院 体育馆 游泳馆 体育公园 图书馆 步道 码头 收费站 加油站 充电站 转运站 填埋场 污水厂 电厂 水厂 化工厂 搅拌站 下穿 花苑 东苑 西苑 南苑 北苑 东区 西区 南区 北区 新区 开发区 经济开发区 工业区 工业园区 物流园 创业园 创新园 科创园 国道 省道 县道',
)
const shortEndings = new Set(
  '村镇乡路街巷弄里苑园府城湾郡庭邸轩阁台桥河湖涌江港站厂店院坊屯庄寨沟岭岛坪坝塘堰墅寓组塝垸洼埭畈圩塬',
)

/** Endings that are in use for one kind of thing: two estates are two places, whatever each calls itself. */
const kinds = [
  '小区 花园 家园 新村 新苑 新城 公寓 公馆 名邸 名苑 雅居 雅筑 名筑 绿洲 帝景 雅苑 佳苑 佳园 豪庭 豪园 华庭 华府 嘉园 嘉苑 半岛 壹号 国际 花苑 东苑 西苑 南苑 北苑 苑 园 府 城 湾 郡 庭 邸 轩 阁 墅 寓 里',
  '路 街 巷 弄 大道 步行街 国道 省道 县道',
  '小学 中学 高中 初中 实验学校 学校 学院 大学 职院 一小 二小 三小 四小 五小 附小 一中 二中 三中 四中 五中 六中 附中',
  '幼儿园 托儿所',
  '医院 卫生院 卫生服务中心',
  '市场 菜场 菜市场 农贸市场 批发城',
  '超市 商场 商城 店',
  '村 屯 庄 寨 坊 村委会',
  '社区 居委会',
  '镇 乡 街道',
  '站 车站 客运站 火车站 地铁站',
  '河 湖 涌 江 港 塘 水库',
  '桥 大桥 高架 立交 隧道 下穿',
  '厂 工厂 化工厂 搅拌站 电厂 水厂 污水厂 填埋场 转运站',
  '公司 集团',
]
const kindOfEnding: ReadonlyMap<string, string> = new Map(
  kinds.flatMap((kind) => kind.split(' ').map((ending) => [ending, kind] as const)),
)

/** What the ending of a name tells of the thing: equal for endings that are in use for one kind. */
export function kindOfName(ending: string): string {
  return kindOfEnding.get(ending) ?? ending
}

function byFirst(words: string): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(words.split(' '), (word) => word.charAt(0))
  return new Map([...groups].map(([first, group]) => [first, group.sort((a, b) => b.length - a.length)]))
}

/**
 * Names in folded text: an ending such as 小区 or 路, with at least two characters before it that are neither words of the
 * lists nor light characters (的, 在, 我), or with an everyday word that can be a name before it (建设路). Where a name
 * begins is a guess, so only its ending and its last characters are compared.
 * @param isWord whether the character at a place belongs to a word that can be no part of a name
 * @param lightToo whether names that begin with a light character count (人民路, 和平里), and what only looks like one
 */
export function namesIn(text: string, isWord: (at: number) => boolean, lightToo = false): readonly Name[] {
  const found: Name[] = []
  let floor = 0
  for (let at = endingBegins.next(text, 1); at < text.length; ) {
    const ending = endingAt(text, at)
    if (ending === '') {
      at = endingBegins.next(text, at + 1)
      continue
    }
    const word = at - everydaySize
    const isEveryday = word >= floor && isEverydayName(text.slice(word, at), ending)
    const end = isEveryday ? word : at
    const whole = text.slice(coreStart(text, end, floor, isWord), at)
    const core = lightToo ? whole : withoutLight(whole, at - end, ending)
    const start = at - core.length
    const isLong = core.replace(code, '').length >= shortestCore || isOfFamily(core, ending)
    if (isLong && !countedOnly.test(core)) {
      const numbered = abbreviated.test(ending) ? core + ending.charAt(0) : core
      found.push({ start, end: at + ending.length, core: numbered, ending, isEveryday })
      floor = at + ending.length
    }
    at = endingBegins.next(text, at + ending.length)
  }
  return found
}

/** @param everyday how many characters at the end are an everyday word */
function withoutLight(core: string, everyday: number, ending: string): string {
  let own = core
  while (own.length > everyday && isLight(own.charCodeAt(0)) && !namesTown(own, ending)) own = own.slice(1)
  return own
}

const surnames = new Set(commonSurnames)
const hamlets = new Set('庄屯营堡寨村店')

/** 张庄. */
function isOfFamily(core: string, ending: string): boolean {
  return hamlets.has(ending) && surnames.has(core)
}

const townsAndRoads = new Set(['镇', '乡', '街道', '村', '社区', '路', '街', '大道', '巷', '弄'])
/** 上塘, 下沙 and 后宅, but not 下个, 后面 and 中午. */
const named = /^[上下前后中内外天月和][^个面边方次几头级午旬间部围坡学班天周月期述往黑雨旁侧]$/

/** Whether two characters name a town or road though they begin with a light one: 上塘镇. */
function namesTown(core: string, ending: string): boolean {
  return townsAndRoads.has(ending) && named.test(core) && !isLight(core.charCodeAt(1))
}

/** 329国道. */
const highways = new Set(['国道', '省道', '县道'])

/** 实验二小, but not 第二小学, 等了一小时. */
const abbreviated = /^[一二三四五六附][小中]$/
const goesOn = new Set('学心路央队等间午时区段部块组型孩童旬介断')
const within = new Set('的面边有头去来人没很都是还就')
/** A3区滨江澜湾 is no 江 called A3区滨. */
const code = /^[a-z]?\d*(?<=[a-z\d])[市县区]/
/** 去了六次店: what is counted has no name. */
const countedOnly = /^[一二两三四五六七八九十几]+[次个家条间座]$/

/** Whether an ending of names begins here. */
export function endsName(text: string, at: number): boolean {
  return at < text.length && endingAt(text, at) !== ''
}

function endingAt(text: string, at: number): string {
  if (!endingBegins.has(text.charCodeAt(at))) return ''
  const first = text.charAt(at)
  const long = endings.get(first)?.find((ending) => text.startsWith(ending, at))
  const next = text.charAt(at + (long?.length ?? 1))
  if (long !== undefined && highways.has(long)) return /\d/.test(text.charAt(at - 1)) ? long : ''
  if (long !== undefined) return abbreviated.test(long) && goesOn.has(next) ? '' : long
  if (!shortEndings.has(first)) return ''
  // 王家组, but no 工作组.
  if (first === '组') return text.charAt(at - 1) === '家' && surnames.has(text.charAt(at - 2)) ? first : ''
  // 冰箱里的东西 stands in no street.
  return first === '里' && within.has(next) ? '' : first
}

function coreStart(text: string, at: number, floor: number, isWord: (at: number) => boolean): number {
  let start = at
  while (start > floor && at - start < longestCore) {
    const before = text.charAt(start - 1)
    if (before === clauseEnd || isBinding(before.charCodeAt(0)) || isWord(start - 1)) break
    start -= 1
  }
  return start
}

/** Characters that bind words together and are in no name. */
const binders =
  '的了在是我就不也很到说要去你着没看这那个吗呢吧啊还把被给让从对与及为以而但又能可请们他她它来等于所因此该已某什么怎问称'
const binding = new CharacterSet(binders)
/** With those that are also in names, but do not begin one: 恒和里, 天河, 月湖. */
const light = new CharacterSet(
  `${binders}和一上中下后前时天年月日号几多少内外旁边处家住次两第每些好有人都会其之将向求`,
)

/** Whether a character binds words together and is in no name. */
export function isBinding(code: number): boolean {
  return binding.has(code)
}

/** Whether a character mostly binds words together, and says little beside another. */
export function isLight(code: number): boolean {
  return light.has(code)
}

const endingBegins = new CharacterSet([...endings.keys(), ...shortEndings].join(''))
