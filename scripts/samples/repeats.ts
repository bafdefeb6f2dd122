import type { Row } from './rows.ts'

/**
 * What the samples tell of repeats and incidents; mails 14 to 17 in mail/ belong to it. Mail 14 is the letter that
 * a clerk copied between a head and a tail (about the footbridge), mail 15 retells the report about the lift, mail
 * 16 is of the asphalt plant, mail 17 of another matter in the street of the footbridge. The last row of the HTML
 * is the clerk's frame again, and another footbridge.
 */
interface Told extends Pick<Row, 'id' | 'name' | 'phone' | 'kind' | 'title' | 'text' | 'at'> {
  readonly category: string
  readonly department: string
  readonly place: string
}

const told = (row: Told): Row => ({
  ...row,
  anonymous: false,
  district: '通州区',
  status: '待办理',
  reply: '',
})

const plant = { kind: '投诉', category: '环境污染', department: '生态环境局', title: '沥青味' } as const
const lift = { category: '物业管理', department: '住房和城乡建设局', title: '电梯停运' } as const
const footbridge = { category: '市政设施', department: '市政设施管理处', title: '天桥破损' } as const

export const csvRepeats: readonly Row[] = [
  told({
    ...{ id: 'GD202503159101', name: '顾女士', phone: '13800131901', kind: '求助', ...footbridge },
    text: '市民来电反映：石桥路上跨通吕运河支流的人行天桥，南侧第三级台阶的钢板翘起来一截，我母亲3月9日傍晚被绊倒，膝盖缝了四针。第二天我去看，只用一根红绳拴着，晚上根本看不见，请尽快焊牢。诉求：请相关部门核实处理并回复来电人。',
    at: '2025-03-12 09:20:00',
    place: '石桥路',
  }),
  told({
    ...{ id: 'GD202503159102', name: '季先生', phone: '13800131911', ...plant },
    text: '杏园镇恒固沥青拌和站这几天一到夜里就开炉，烟囱冒黄烟，刺鼻的沥青味飘到杏园村七组，家里不敢开窗，请查处。',
    at: '2025-03-10 08:30:00',
    place: '杏园镇',
  }),
]

export const xlsxRepeats: readonly Row[] = [
  told({
    ...{ id: 'XC-25-9102', name: '丁女士', phone: '13800131912', ...plant },
    text: '来电人称恒固沥青拌和站夜间生产排放黄烟，杏园村多户村民闻到刺鼻的沥青味，老人咳嗽不止，要求环保部门检查废气是否达标。',
    at: '2025-03-11 10:05:00',
    place: '杏园镇',
  }),
  told({
    ...{ id: 'XC-25-9103', name: '施先生', phone: '13800131921', kind: '投诉', ...lift },
    text: '湖畔新苑6幢2单元的电梯从3月4日停到今天，物业说主板烧了要等配件。我父亲坐轮椅，每周二、周五要去医院透析，只能由我从14楼背下去，要求尽快修好。',
    at: '2025-03-11 14:40:00',
    place: '湖畔新苑',
  }),
]

export const xlsRepeats: readonly Row[] = [
  told({
    ...{ id: 'TZ〔2025〕913号', name: '黄先生', phone: '13800131913', ...plant },
    text: '我是杏园小学学生家长，恒固沥青拌和站就在学校西边三百米，上午操场上全是沥青味，有孩子恶心头晕，希望让这个拌和站停产整改。',
    at: '2025-03-12 11:15:00',
    place: '杏园镇',
  }),
]

export const htmlRepeats: readonly Row[] = [
  told({
    ...{ id: '32061220250399114', name: '陆女士', phone: '13800131914', ...plant },
    text: '杏园镇恒固沥青拌和站昨晚十一点多还在冒烟，沥青味熏得睡不着，网格员来过也没有用，请把夜间生产停掉。',
    at: '2025-03-13 08:50:00',
    place: '杏园镇',
  }),
  told({
    ...{ id: '32061220250399131', name: '邱先生', phone: '13800131931', kind: '求助', ...footbridge },
    text: '市民来电反映：青龙路中学门口的人行天桥，最上面一级台阶的钢板松了，放学时学生踩上去直晃，请尽快焊牢。诉求：请相关部门核实处理并回复来电人。',
    at: '2025-03-13 15:10:00',
    place: '青龙路',
  }),
]
