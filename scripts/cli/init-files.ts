import type { Locale } from '../../config/locale.ts'

const en = `# yaml-language-server: $schema=https://unpkg.com/yiwang/dist/config/schemas/config.schema.json
# Yiwang: what comes in, where it is kept, and on which queue the tickets go.
# Check it with "yiwang lint", try the sources with "yiwang check", start with "yiwang run".

timeZone: Asia/Shanghai

# One file; for several machines use mongodb://host/yiwang.
store: sqlite:var/yiwang.db

redis:
  url: \${YIWANG_REDIS_URL:-redis://127.0.0.1:6379}
  # Downstream systems use the same prefix for their BullMQ workers.
  prefix: yiwang

# Tickets go onto these BullMQ queues; kinds, channels, sources and events filter them.
outputs:
  - queue: tickets

sources:
  # Put exports (CSV, XLSX, XLS) into this folder; common column names are understood.
  - id: hotline
    name: 12345 hotline
    connector: hotline-export
    path: inbox/hotline
    schedule: { every: 60s }
    # Columns with names of their own, ticket field first. Remove the "# ", with its space:
    # columns: { body: 诉求内容, phone: 联系电话 }

  # A mailbox. Remove the "# " of each line, and set MAYOR_INBOX_PASSWORD in the environment.
  # - id: mayor-inbox
  #   name: Mayor's inbox
  #   connector: imap
  #   host: imap.example.org
  #   user: mayor@example.org
  #   password: \${MAYOR_INBOX_PASSWORD}
  #   schedule: { every: 2m }
`

const zh = `# yaml-language-server: $schema=https://unpkg.com/yiwang/dist/config/schemas/config.schema.json
# 一网：从哪里采集，存在哪里，工单发布到哪个队列。
# 用 "yiwang lint" 检查本文件，用 "yiwang check" 测试来源，用 "yiwang run" 启动。

timeZone: Asia/Shanghai

# 单个文件；多台机器请用 mongodb://host/yiwang。
store: sqlite:var/yiwang.db

redis:
  url: \${YIWANG_REDIS_URL:-redis://127.0.0.1:6379}
  # 下游系统的 BullMQ worker 使用相同的前缀。
  prefix: yiwang

# 工单发布到这些 BullMQ 队列；可用 kinds、channels、sources、events 过滤。
outputs:
  - queue: tickets

sources:
  # 把导出文件（CSV、XLSX、XLS）放进此文件夹；常见列名可自动识别。
  - id: hotline
    name: 12345 热线
    connector: hotline-export
    path: inbox/hotline
    schedule: { every: 60s }
    # 列名特殊时，写明工单字段对应的列；请去掉 "# "，连同空格：
    # columns: { body: 诉求内容, phone: 联系电话 }

  # 邮箱。去掉每行的 "# "，并设置环境变量 MAYOR_INBOX_PASSWORD。
  # - id: mayor-inbox
  #   name: 市长信箱
  #   connector: imap
  #   host: imap.example.org
  #   user: mayor@example.org
  #   password: \${MAYOR_INBOX_PASSWORD}
  #   schedule: { every: 2m }
`

/** A configuration that works as it is, with comments in the reader's language. */
export function configTemplate(locale: Locale): string {
  return locale === 'zh' ? zh : en
}

/** Three invented reports, the third from the person of the first. */
export const sampleExport = `工单编号,诉求人,联系电话,诉求类型,诉求时间,区划,诉求内容
SAMPLE-0001,张三,13800138000,投诉,2026/3/1 8:05,南湖区,小区东门外夜间施工噪音大，凌晨一点仍在打桩，影响休息，请协调处理。
SAMPLE-0002,李四,13900139000,咨询,2026/3/1 9:30,南湖区,请问老年人优待证在哪里办理，需要带哪些材料？
SAMPLE-0003,张三,13800138000,求助,2026/3/2 18:40,秀洲区,中山路与人民路交叉口路灯连续三天不亮，晚上过马路很危险。
`
