import { z } from 'zod'
import { type HotlineField, hotlineFields } from '../../config/hotline-columns.ts'

const names = z.union([z.string().min(1), z.array(z.string().min(1))])

const about: Readonly<Record<HotlineField, string>> = {
  id: 'The report’s own number / 工单编号',
  title: 'Title / 标题',
  body: 'What the citizen says / 诉求内容',
  reporterName: 'Name of the reporter / 诉求人',
  phone: 'Phone of the reporter / 联系电话',
  email: 'E-mail of the reporter / 电子邮箱',
  wechatId: 'WeChat id of the reporter / 微信号',
  anonymous: 'Whether the reporter asked not to be named / 是否匿名',
  submittedAt: 'When the citizen reported it / 诉求时间',
  receivedAt: 'When the hotline registered it / 受理时间',
  occurredAt: 'When it happened / 事发时间',
  place: 'Where it happened, as text / 事发地址',
  province: 'Province / 省份',
  city: 'City / 地市',
  district: 'District or county / 区县',
  street: 'Street or town / 街道乡镇',
  lat: 'Latitude, degrees / 纬度',
  lon: 'Longitude, degrees / 经度',
  kind: 'Kind of report / 诉求类型',
  channel: 'Through which channel it came / 来源渠道',
  urgency: 'Urgency / 紧急程度',
  category: 'Category / 诉求分类',
  department: 'Department in charge / 承办单位',
  status: 'State of handling / 办理状态',
  reply: 'Official reply / 答复意见',
  repliedAt: 'When it was replied to / 答复时间',
  url: 'Address of a page about it / 链接',
}

const shape = Object.fromEntries(
  hotlineFields.map((field) => [field, names.optional().describe(about[field])]),
) as Record<HotlineField, z.ZodOptional<typeof names>>

/**
 * Ticket field to the column names that carry it, in place of the built-in names of that field; an empty list: none
 * does. A file with none of the names is read by the built-in ones, and that is reported.
 */
export const columnsSchema = z.strictObject(shape)
