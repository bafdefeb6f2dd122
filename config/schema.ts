import { z } from 'zod'
import divisionAreas from './division-areas.json' with { type: 'json' }
import { parseDuration } from './duration.ts'
import { Schedule } from './schedule.ts'
import { isMongoUrl, isRedisUrl, namesDatabase } from './server-address.ts'
import type { SourceSettings } from './settings.ts'
import { channels, kinds, ticketEvents } from './ticket-names.ts'
import { TimeZone } from './time-zone.ts'

const leastQuietMs = 3_600_000
const quietRule =
  'Write usual, never, or a duration of at least 1h, such as 12h or 3d / 请写成 usual、never，或不短于 1h 的时长，如 12h、3d'
const QuietAfter = z
  .string()
  .refine((text) => quietAfter(text) !== null, quietRule)
  .transform((text) => quietAfter(text) ?? 'usual')

function quietAfter(text: string): number | 'usual' | 'never' | null {
  if (text === 'usual' || text === 'never') return text
  const ms = parseDuration(text)
  return ms !== null && ms >= leastQuietMs ? ms : null
}

const divisionForm = /^\d{6}$/
const sourceIdForm = /^[a-z0-9][a-z0-9-]{0,62}$/

/** What every source has, whatever its connector; the connector's own settings stand beside these. */
export const BaseSource = z.strictObject({
  id: z
    .string()
    .regex(
      sourceIdForm,
      'A source id is up to 63 of a-z, 0-9 and "-", and does not begin with "-" / 来源标识由 a-z、0-9 和 "-" 组成，不以 "-" 开头，最长 63 个字符',
    )
    .describe(
      'Do not change it: tickets carry it, and their ids derive from it / 启用后不可更改：工单中有记录，工单编号也由它推导',
    ),
  connector: z.string().describe('Name of the connector that reads it / 读取该来源的连接器名称'),
  name: z.string().min(1).optional().describe('For people to read / 供人阅读的名称'),
  enabled: z.boolean().prefault(true).describe('false: neither pulled nor run / false 表示停用'),
  channel: z
    .enum(channels)
    .optional()
    .describe("The ticket's channel; the connector's by default / 工单的渠道；默认由连接器决定"),
  platform: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the system behind the source / 来源背后的系统名称'),
  timeZone: TimeZone.optional().describe(
    'For times without a zone; the global one by default / 用于未带时区的时间；默认用全局时区',
  ),
  division: z
    .string()
    .regex(
      divisionForm,
      'A division is a six-digit code of GB/T 2260, in quotes / 行政区划为 GB/T 2260 六位代码，加引号',
    )
    // No place of a text would lie within it.
    .refine(
      (code) => !divisionForm.test(code) || divisionAreas.includes(code.slice(0, 4)),
      'No province or city has this code of GB/T 2260; a postcode is none / GB/T 2260 中没有此代码的省或市；邮政编码不是区划代码',
    )
    .optional()
    .describe('GB/T 2260 code, six digits; narrows place names / GB/T 2260 六位代码，用于缩小地名范围'),
  schedule: Schedule.optional().describe(
    'When "yiwang run" pulls it; left out: by command only / "yiwang run" 何时采集；省略则只能用命令采集',
  ),
  quietAfter: QuietAfter.prefault('usual').describe(
    'How long nothing may come before an alarm is raised, such as 12h; usual: half as long again as its longest usual pause; never: no alarm / 多久没有新内容即告警，如 12h；usual 表示超过其平常最长间隔的 1.5 倍；never 表示不告警',
  ),
})

/** What holds of a source where its configuration says nothing; its connector and the rest decide what is not here. */
export const defaultSource = {
  name: null,
  enabled: true,
  platform: null,
  division: null,
  schedule: null,
  quietAfter: 'usual',
} as const satisfies Omit<SourceSettings, 'id' | 'connector' | 'channel' | 'timeZone' | 'settings'>

const queueForm = /^(?!\d+$|yiwang-)[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/
const prefixForm = /^(?!\d+$)(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,99}|\{[A-Za-z0-9_][A-Za-z0-9._-]{0,97}\})$/
const queueRule =
  'Up to 100 of letters, digits, "_", "." and "-"; not digits alone, and not beginning with "yiwang-" / 由字母、数字、"_"、"." 和 "-" 组成，最长 100 个字符；不能全是数字，不能以 "yiwang-" 开头'
const prefixRule =
  'Up to 100 of letters, digits, "_", "." and "-", not digits alone / 由字母、数字、"_"、"." 和 "-" 组成，最长 100 个字符，不能全是数字'

const listOf = <Item extends z.ZodType<string, string>>(item: Item) => z.array(item).prefault([])

const Output = z.strictObject({
  queue: z.string().regex(queueForm, queueRule).describe('Name of the BullMQ queue / BullMQ 队列名'),
  sources: listOf(z.string()).describe(
    'Only tickets of these sources; empty: all / 仅这些来源的工单；留空为全部',
  ),
  channels: listOf(z.enum(channels)).describe('Only these channels; empty: all / 仅这些渠道；留空为全部'),
  kinds: listOf(z.enum(kinds)).describe('Only these kinds; empty: all / 仅这些诉求类型；留空为全部'),
  events: listOf(z.enum(ticketEvents)).describe(
    'Only these events of tickets; empty: all / 仅这些工单变动（event）；留空为全部',
  ),
  attempts: z
    .int()
    .min(1)
    .max(100)
    .prefault(10)
    .describe(
      'How often a job is tried whose handler throws, before it stays failed / 处理函数抛错时，任务最多尝试多少次，之后留作失败任务',
    ),
  retryAfterMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .prefault(5_000)
    .describe(
      'Wait before the second attempt, in milliseconds; doubled before each further one: from 5000 on 10 attempts take 43 minutes, 16 two days, 20 a month / 第二次尝试前等待的毫秒数，以后每次加倍：从 5000 起，10 次历时 43 分钟，16 次两天，20 次一个月',
    ),
})

/** The output of a configuration that names none. */
export const defaultOutput = Output.parse({ queue: 'tickets' })

const storeForm = /^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/
const mongoForm = /^mongodb(\+srv)?:\/\/.+$/
const blobsForm = /^(file:.+|gridfs:)$/
const redisForm = /^rediss?:\/\/.+$/
const encoded = '@ as %40, / as %2F, ? as %3F, # as %23, : as %3A, % as %25'
const encodedZh = '@ 写作 %40，/ 写作 %2F，? 写作 %3F，# 写作 %23，: 写作 %3A，% 写作 %25'
const mongoRule = `Not an address of MongoDB; write mongodb://user:password@host:27017/database, in the password ${encoded} / 不是有效的 MongoDB 地址；请写成 mongodb://用户:密码@主机:27017/数据库，密码中 ${encodedZh}`
const databaseRule =
  'Name the database, as in mongodb://host/yiwang, with ?authSource=admin behind it where the user is in admin; addresses without a name meant the database test / 请写明数据库名，如 mongodb://主机/yiwang，用户建在 admin 中时其后加 ?authSource=admin；未写库名的地址指的是数据库 test'
const redisRule = `Not an address of Redis; write redis://user:password@host:6379/0, with TLS rediss://, where 0 is the number of the database, behind ? only db, family or path, in the password ${encoded} / 不是有效的 Redis 地址；请写成 redis://用户:密码@主机:6379/0，TLS 用 rediss://，其中 0 是数据库编号，? 之后只能写 db、family 或 path，密码中 ${encodedZh}`

const Redis = z.strictObject({
  url: z
    .string()
    .regex(redisForm, 'Write redis://host:6379 or rediss://… / 请写成 redis://host:6379 或 rediss://…')
    .refine((url) => !redisForm.test(url) || isRedisUrl(url), redisRule)
    .prefault('redis://127.0.0.1:6379')
    .describe(
      'Address of Redis, rediss:// with TLS; of a socket redis://localhost?path=/run/redis/redis.sock / Redis 地址，TLS 用 rediss://；套接字写成 redis://localhost?path=/run/redis/redis.sock',
    ),
  prefix: z
    .string()
    .regex(prefixForm, prefixRule)
    .prefault('yiwang')
    .describe(
      'BullMQ key prefix, another one for each deployment on the same Redis; {name} for a cluster that a proxy shows as one Redis / BullMQ 键前缀；共用同一 Redis 的各套部署须各不相同；经代理访问集群时请用 {name}',
    ),
})

const Processing = z.strictObject({
  batchSize: z
    .int()
    .min(1)
    .max(10_000)
    .prefault(500)
    .describe('Items decided and committed together / 每批处理的条目数'),
  maxAttempts: z
    .int()
    .min(1)
    .max(100)
    .prefault(5)
    .describe('Failed attempts before an item is quarantined / 处理失败多少次后隔离'),
  pullConcurrency: z
    .int()
    .min(1)
    .max(64)
    .prefault(4)
    .describe(
      'Sources pulled at the same time by one process, and besides them as many whose last pull failed / 单个进程同时采集的来源数；另可同时重试同样多上次采集失败的来源',
    ),
  leaseMs: z
    .int()
    .min(1000)
    .max(600_000)
    .prefault(30_000)
    .describe(
      'How long after a process has died another one may take up its work, in milliseconds / 进程意外中止后，其他进程须等多久才能接手其工作，毫秒',
    ),
})

export const defaultProcessing = Processing.parse({})

const days = z.number().min(0).max(3650)
const score = z.number().min(0).max(1)

const reviewRule =
  '"review" cannot be above "link": what is linked by itself needs no suggestion / "review" 不能大于 "link"：已自动关联的无需再提示'

const thresholds = (link: number) =>
  z
    .strictObject({
      link: score
        .gt(0)
        .prefault(link)
        .describe('From this score on reports are linked by themselves / 达到此分值即自动关联'),
      review: score
        .prefault(0.3)
        .describe('From this score on a link is suggested to a person / 达到此分值即提示人工判断'),
    })
    .refine((given) => given.review <= given.link, { path: ['review'], error: reviewRule })
    .prefault({})

const SomeWindows = z.strictObject({
  kinds: listOf(z.enum(kinds)).describe('Only these kinds; empty: all / 仅这些诉求类型；留空为全部'),
  categories: listOf(z.string()).describe('Only these categories; empty: all / 仅这些类别；留空为全部'),
  windowDays: days.prefault(60).describe('As above, for these / 同上，仅用于这些诉求'),
  incidentDays: days.prefault(45).describe('As above, for these / 同上，仅用于这些诉求'),
})

const Dedupe = z.strictObject({
  similar: z
    .boolean()
    .prefault(true)
    .describe(
      'Recognise reworded repeats and incidents; false: equal texts only, at a fraction of the cost. After switching it on run "yiwang dedupe rebuild": tickets from before are found by equal texts only until then / 识别改写的重复诉求和同一事件；false 表示只识别文字相同者，开销小得多。由 false 改为 true 后请运行 "yiwang dedupe rebuild"，否则此前的工单仍只能按相同文字识别',
    ),
  windowDays: days
    .prefault(60)
    .describe(
      'In days; a report that comes later than this after another one and all its repeats does not repeat it / 天数；距某诉求及其各次重复都更久的诉求，不视为其重复',
    ),
  incidentDays: days
    .prefault(45)
    .describe(
      'In days; reports further apart are never about the same incident / 天数；相隔更久的诉求不视为同一事件',
    ),
  recurrenceDays: days
    .prefault(400)
    .describe(
      'A matter that comes back within so many days is marked as a recurrence; 0: never / 事项在此天数内再次发生的，标为复发；0 表示不标',
    ),
  duplicate: thresholds(0.6).describe('The same report again / 同一诉求重复提交'),
  incident: thresholds(0.65).describe('The same incident from several reporters / 多人反映同一事件'),
  windows: z
    .array(SomeWindows)
    .prefault([])
    .describe(
      'Other windows for some kinds or categories; the first rule that fits is used / 为个别诉求类型或类别另设时间窗；采用第一条相符的规则',
    ),
})

/** What holds where the configuration says nothing of repeats. */
export const defaultDedupe = Dedupe.parse({})

/** A whole configuration as written, except that each source's connector settings are checked by its connector. */
export const Configuration = z.strictObject({
  timeZone: TimeZone.prefault('Asia/Shanghai').describe(
    'IANA name; for times without a zone, and for the days of the books / IANA 时区名；用于未带时区的时间和按日统计',
  ),
  store: z
    .string()
    .regex(
      storeForm,
      'Write sqlite:path/to/file.db or mongodb://host/database / 请写成 sqlite:文件路径 或 mongodb://主机/数据库',
    )
    .refine((url) => !mongoForm.test(url) || isMongoUrl(url), mongoRule)
    .refine((url) => !isMongoUrl(url) || namesDatabase(url), databaseRule)
    .prefault('sqlite:var/yiwang.db')
    .describe('Where everything is kept / 存储位置'),
  blobs: z
    .string()
    .regex(
      blobsForm,
      'Write file:path/to/folder, or "gridfs:" with the quotes / 请写成 file:文件夹路径，或带引号的 "gridfs:"',
    )
    .optional()
    .describe(
      'Where attachments are kept; next to the SQLite file, or "gridfs:" (with the quotes) with MongoDB, by default / 附件存放处；默认在 SQLite 文件旁，MongoDB 则为 "gridfs:"（须带引号）',
    ),
  redis: Redis.prefault({}).describe('The queue server / 队列服务器'),
  outputs: z
    .array(Output)
    .min(1)
    .prefault([{ queue: 'tickets' }])
    .describe('Queues that tickets are published on / 发布工单的队列'),
  dedupe: Dedupe.prefault({}).describe('Recognising repeats and incidents / 查重：识别重复诉求和同一事件'),
  processing: Processing.prefault({}).describe(
    'How much is done at a time, and how often it is tried / 处理的批量、并发和重试次数',
  ),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .prefault('info')
        .describe(
          'Lowest level that "yiwang run" writes; of the files they read "pull" and "import" write warnings too, unless this is stricter; else commands write errors only / "yiwang run" 写出的最低级别；"pull" 和 "import" 还会写出所读文件的警告（此处级别更高时除外）；其他情况各命令只写错误',
        ),
    })
    .prefault({})
    .describe('The log on standard error / 标准错误输出上的日志'),
  sources: z.array(z.looseObject({})).min(1).describe('Where reports come from / 诉求来源'),
})

export type Configuration = z.output<typeof Configuration>
export type BaseSource = z.output<typeof BaseSource>
