import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** Characters that the bodies are made of: common ones, so that encoding and compression behave as for real texts. */
const characters = [
  ...'的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严',
]

/** Characters of a report's text, as in a long board message. */
const bodyCharacters = 500

/** A text of 500 characters that no other seed gives. */
export function bodyOf(seed: number): string {
  let state = (seed + 1) * 2_654_435_761
  let text = ''
  for (let at = 0; at < bodyCharacters; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += at % 40 === 39 ? '，' : characters[state % characters.length]
  }
  return text
}

/** Writes a hotline export, UTF-8, of the rows with the numbers from `first`, each a different report by a different citizen. */
export async function writeHotlineCsv(file: string, rows: number, first = 0): Promise<void> {
  const out = createWriteStream(file, { highWaterMark: 1 << 20 })
  out.write('工单编号,诉求人,联系电话,诉求时间,诉求类型,所属区域,标题,诉求内容\n')
  for (let row = first; row < first + rows; row++) {
    const minute = String(row % 60).padStart(2, '0')
    const phone = 13_800_000_000 + row
    const line = `DH${String(row).padStart(9, '0')},张先生,${phone},2026-03-${String((row % 28) + 1).padStart(2, '0')} 08:${minute}:00,投诉,福州市鼓楼区,关于第${row}号问题的反映,${bodyOf(row)}\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}
