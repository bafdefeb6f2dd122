/** Characters of an everyday word that serves as a name. */
export const everydaySize = 2

const roads = '路 路口 街 街道 巷 弄 大道'
const estates = '小区 花园 家园 新村 新苑 公寓 花苑 佳苑 佳园 嘉园 嘉苑 华庭 华府 雅苑 名苑 大厦 里'
const schools = '小学 中学 高中 初中 实验学校 学校 幼儿园 医院 卫生院'
const squares = '广场 公园 桥 大桥 立交'
const villages = '村 社区 镇 乡'

/** Endings, and the words that name what ends so. 建设项目 and 建设银行 are no names: such endings stand in no row. */
const rows = [
  [
    [roads, estates, schools, squares, villages],
    '五一 七一 八一 人民 和平 民主 民生 幸福 前进 向阳 中山 中兴 中华 中原 天府 天河 天山 天元 天宁 天池 日照 后湖 月湖 月亮 滨河 果园 梧桐 樟树 新城',
  ],
  [
    [roads, estates, schools],
    '建设 文化 教育 健康 卫生 交通 铁路 机场 水利 水电 电力 公安 税务 法院 银行 农机 供销 粮食 中央 时代 春天 上海 天津',
  ],
  [
    [roads],
    '和谐 文明 发展 未来 信息 国庆 中环 内环 外环 一环 二环 三环 四环 大学 旅游 高铁 物流 渔业 园林 森林 少年 康复 为民 机械 茶叶 烟草 食品 煤矿',
  ],
  [[estates], '和谐'],
  [[schools], '中心 实验'],
  [[squares], '时代 中央 万达 天虹 银行 儿童 森林 烈士'],
] as const

const byEnding = new Map<string, Set<string>>()
for (const [groups, words] of rows) {
  for (const ending of groups.join(' ').split(' ')) {
    const known = byEnding.get(ending) ?? new Set()
    for (const word of words.split(' ')) known.add(word)
    byEnding.set(ending, known)
  }
}

/**
 * Whether an everyday word names what ends so when it stands right before the ending: 建设路, 人民医院, 五一广场. Most
 * cities have such names, made of words that say nothing elsewhere (建设, 人民).
 * @param word of {@link everydaySize} characters
 */
export function isEverydayName(word: string, ending: string): boolean {
  return byEnding.get(ending)?.has(word) ?? false
}
