import { type Division, divisionsNamed } from './divisions.ts'

/** 江北区域 is no 江北区, 朝阳市场 no 朝阳市, 费县路 a road in 青岛, and 上海市政工程公司 no matter of 上海市. */
const goingOn: Readonly<Record<string, RegExp>> = {
  区: /^[域间别分块段位隔]/,
  市: /^(?:场|政(?!和县|[府协法务]))/,
  县: /^路(?:[\d与和、，。]|交叉|$)/,
  旗: /^[帜舰袍]/,
}

/** Everyday words that end within a name: 新增城市 is no 增城市, 今天全县 no 天全县. */
const begunBefore =
  /^(?:[新复振高]兴城市|[客货航营搬]运城市|[新递]增城[市区]|[顺适响相供对反]应城[市区]|[适相]宜城市|[各一多两这几每]项城市|[希展]望城区|[穿超跨]越城区|责任城区|充满城区|[水资能]源城区|[公水]平城区|沿海(?:城市|[城港]区)|以[东西]城区|县城[东西南北]区|跟上城区|[千百十]万[山全]|[今昨明当每]天(?:全县|门市)|[东西]南部县|[然水力]资源县|[公铁道]路桥区|[形建构]成都市)/

/** Names of these make common nouns without their first character, which may end another name: 常德城区, 嘉兴城市规划. */
const commonEnding = /^.(?:城[区市]|[山港]区)$/
/** 位于洪山区 and 我市南山区 do not begin with 于洪 and 市南. */
const functionWord = /[于和从市]/

/** Whether what looks like the name that ends at `at` goes on as another word. */
export function goesOnAsWord(text: string, at: number): boolean {
  return goingOn[text.charAt(at)]?.test(text.slice(at + 1, at + 4)) ?? false
}

/** Whether a name is the end of other words: its first character belongs to what stands before it. */
export function beginsInWord(text: string, start: number, name: string): boolean {
  if (start === 0) return false
  if (begunBefore.test(text.slice(start - 1, start + name.length))) return true
  if (!commonEnding.test(name) || functionWord.test(text.charAt(start - 1))) return false
  return [2, 3].some(
    (length) => start + 1 >= length && isShortName(text.slice(start + 1 - length, start + 1)),
  )
}

/** Whether the short name of a division above stands right before the place. */
export function followsParent(text: string, start: number, { parents }: Division): boolean {
  return parents.some(({ short }) => text.endsWith(short, start))
}

function isShortName(words: string): boolean {
  return divisionsNamed(words).some(({ short }) => short === words)
}
