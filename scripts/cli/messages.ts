import type { ErrorDetails } from '../../config/errors.ts'
import type { Locale, LocalText } from '../../config/locale.ts'
import { tuneMessages } from './tune/messages.ts'

/** Every text of the command line. Errors have their own catalogue in config/errors.ts. */
export const messages = {
  // ── marks ──────────────────────────────────────────────────────────────────
  field: { en: '{name}: {value}', zh: '{name}：{value}' },
  inBrackets: { en: '{text} ({inside})', zh: '{text}（{inside}）' },
  comma: { en: ', ', zh: '、' },
  semicolon: { en: '; ', zh: '；' },
  // ── help ───────────────────────────────────────────────────────────────────
  program: {
    en: 'One net for what citizens say: reports of every channel become tickets on one queue.',
    zh: '群众诉求，一网汇集：各渠道的诉求统一生成工单，发布到同一队列。',
  },
  usageTitle: { en: 'Usage:', zh: '用法：' },
  optionsTitle: { en: 'Options:', zh: '选项：' },
  commandsTitle: { en: 'Commands:', zh: '命令：' },
  argumentsTitle: { en: 'Arguments:', zh: '参数：' },
  choices: { en: 'choices: {choices}', zh: '可选：{choices}' },
  default: { en: 'default: {value}', zh: '默认：{value}' },
  helpOption: { en: 'show this help', zh: '显示帮助' },
  helpCommand: { en: 'show the help of a command', zh: '显示某个命令的帮助' },
  versionOption: { en: 'show the version', zh: '显示版本' },
  configOption: {
    en: 'YAML file or folder; default: YIWANG_CONFIG, ./yiwang.yaml, ./config',
    zh: '配置文件或文件夹；默认依次为 YIWANG_CONFIG、./yiwang.yaml、./config',
  },
  localeOption: {
    en: 'language; default: by LANGUAGE, LC_ALL, LC_MESSAGES, LANG',
    zh: '语言；默认按 LANGUAGE、LC_ALL、LC_MESSAGES、LANG',
  },
  logLevelOption: { en: 'lowest level of the log on standard error', zh: '日志（写到标准错误）的最低级别' },
  jsonOption: { en: 'print one JSON document', zh: '输出一个 JSON 文档' },
  sourceOption: { en: 'only this source', zh: '仅限此来源' },
  limitOption: { en: 'at most this many, up to 100000', zh: '最多显示多少条，上限 100000' },
  fullOption: { en: 'show names, phones and texts in full', zh: '完整显示姓名、电话和正文' },
  sourceArgument: { en: 'ids of sources; all enabled ones by default', zh: '来源标识；默认为全部启用的来源' },
  unknownCommand: { en: 'Unknown command "{word}".', zh: '未知命令 "{word}"。' },
  unknownOption: { en: 'Unknown option "{word}".', zh: '未知选项 "{word}"。' },
  missingArgument: { en: 'The argument "{word}" is missing.', zh: '缺少参数 "{word}"。' },
  optionMissingArgument: { en: 'The option "{word}" needs a value.', zh: '选项 "{word}" 需要一个值。' },
  repeatedOption: { en: 'The option "{word}" is given twice.', zh: '选项 "{word}" 重复给出。' },
  missingOption: { en: 'The option "{word}" is missing.', zh: '缺少选项 "{word}"。' },
  didYouMean: { en: '(Did you mean {words}?)', zh: '（是否应为 {words}？）' },
  excessArguments: { en: 'Too many arguments for "{word}".', zh: '"{word}" 的参数过多。' },
  invalidArgument: {
    en: 'Not a value for "{word}"; write {allowed}.',
    zh: '"{word}" 的值无效；可用：{allowed}。',
  },
  // ── init, lint, migrate, schema ────────────────────────────────────────────
  initSummary: {
    en: 'write a working yiwang.yaml and a sample export',
    zh: '生成可直接运行的 yiwang.yaml 和示例导出文件',
  },
  initArgument: { en: 'where to write them', zh: '写到哪个文件夹' },
  initDone: {
    en: 'Wrote {config} and {sample}. Next: "{go}yiwang import --dry-run {file}", then "yiwang run".',
    zh: '已生成 {config} 和 {sample}。接下来："{go}yiwang import --dry-run {file}"，然后 "yiwang run"。',
  },
  lintSummary: {
    en: 'check the configuration; names file, line and column of each problem',
    zh: '检查配置，逐条指出问题所在的文件、行、列',
  },
  lintPassed: { en: '{path} is valid; sources: {sources}.', zh: '{path} 没有问题；来源 {sources} 个。' },
  lintFailed: { en: 'Problems: {problems}.', zh: '共 {problems} 个问题。' },
  migrateSummary: { en: "create or upgrade the store's tables and indexes", zh: '创建或升级存储的表和索引' },
  migrated: { en: '{url} is up to date.', zh: '{url} 已是最新。' },
  schemaSummary: { en: 'print a JSON Schema', zh: '输出 JSON Schema' },
  schemaArgument: {
    en: 'ticket, job (on the queue) or config',
    zh: 'ticket（工单）、job（队列任务）或 config（配置）',
  },
  // ── check, pull, run, import ───────────────────────────────────────────────
  checkSummary: {
    en: 'connect to each source and read one item, consuming nothing; without ids also try the store and Redis',
    zh: '连接各来源并试读一条，不取走、不改动任何内容；不写来源标识时还检查存储和 Redis',
  },
  checkedStore: { en: '{url}: ok in {ms} ms', zh: '{url}：正常，{ms} 毫秒' },
  checkedQueue: {
    en: '{url}: ok in {ms} ms; {version}, maxmemory-policy {policy}, appendonly {file}',
    zh: '{url}：正常，{ms} 毫秒；{version}，maxmemory-policy {policy}，appendonly {file}',
  },
  checkedEviction: {
    en: 'Redis may drop jobs when its memory is full: set maxmemory-policy to noeviction (it is {policy}).',
    zh: '内存满时 Redis 可能丢弃任务：请将 maxmemory-policy 设为 noeviction（现为 {policy}）。',
  },
  checked: {
    en: '{source}: ok in {ms} ms; first item {item} ({type})',
    zh: '{source}：正常，{ms} 毫秒；首条 {item}（{type}）',
  },
  checkedEmpty: {
    en: '{source}: ok in {ms} ms; nothing to read, or only what is still arriving',
    zh: '{source}：正常，{ms} 毫秒；暂无可读内容，或内容仍在写入',
  },
  pullSummary: { en: 'read sources once, make tickets, publish them', zh: '采集一次，生成工单并发布' },
  allOption: {
    en: 'every enabled source; the same as giving no ids',
    zh: '所有启用的来源；不写来源标识时即是如此',
  },
  onceOption: { en: 'exit afterwards; this command always does', zh: '完成后退出；本命令总是如此' },
  pulled: { en: 'read {read}, new {added}, known {known}', zh: '读取 {read}，新增 {added}，已有 {known}' },
  drained: {
    en: 'items {items}: ticketed {ticketed}, linked {linked}, quarantined {quarantined}, skipped {skipped}, to be tried again {postponed}',
    zh: '条目 {items}：成单 {ticketed}，关联 {linked}，隔离 {quarantined}，跳过 {skipped}，待重试 {postponed}',
  },
  published: { en: 'published {published}', zh: '发布 {published}' },
  drainedElsewhere: {
    en: 'Another process is making tickets and will process what was archived here. If that process was killed, pull again after processing.leaseMs (30 s by default).',
    zh: '另一进程正在生成工单，会接手此处归档的内容。若该进程已被强行结束，过 processing.leaseMs（默认 30 秒）后再次采集即可。',
  },
  postponed: {
    en: 'Items that will be tried again later: {postponed}. {problem}',
    zh: '推迟 {postponed} 条，稍后重试。{problem}',
  },
  waitingTickets: {
    en: '{waiting} tickets wait in the store to be published.',
    zh: '{waiting} 张工单已存储，等待发布。',
  },
  progress: {
    en: 'read {read}, new {added}, processed {drained}, published {published}',
    zh: '读取 {read}，新增 {added}，已处理 {drained}，已发布 {published}',
  },
  runSummary: { en: 'run all schedules until stopped', zh: '按计划持续运行，直到停止' },
  running: {
    en: 'Running {path}; scheduled sources: {sources}. Ctrl-C ends it.',
    zh: '正在按 {path} 运行；定时采集的来源 {sources} 个。按 Ctrl-C 结束。',
  },
  runNotScheduled: {
    en: 'Without a schedule, so that only "yiwang pull" pulls them: {sources}',
    zh: '没有采集计划、只有 "yiwang pull" 会采集的来源：{sources}',
  },
  stopped: { en: 'Stopped.', zh: '已停止。' },
  interrupted: { en: 'Interrupted; nothing is left half done.', zh: '已中断，没有留下未完成的操作。' },
  importSummary: {
    en: 'take in an export, a mail or a folder',
    zh: '导入一个导出文件、一封邮件或一个文件夹',
  },
  fileArgument: { en: 'files or folders', zh: '文件或文件夹' },
  importSourceOption: {
    en: 'source that the files belong to; found by content when left out',
    zh: '归入哪个来源；省略时按内容判断',
  },
  previewLimitOption: {
    en: 'a dry run that shows at most this many, up to 100000',
    zh: '试运行，最多显示多少条，上限 100000',
  },
  dryRunOption: {
    en: 'show the tickets that it would make, and store nothing',
    zh: '只显示将生成的工单，不写入',
  },
  importing: { en: '{path} → {source}', zh: '{path} → {source}' },
  previewed: { en: 'Items: {count}. Nothing was stored.', zh: '共 {count} 条，未写入任何内容。' },
  previewedFirst: {
    en: 'The first {count} items; --limit shows more. Nothing was stored.',
    zh: '前 {count} 条，用 --limit 查看更多。未写入任何内容。',
  },
  exportFormat: { en: 'format {format}, encoding {encoding}', zh: '格式 {format}，编码 {encoding}' },
  exportTable: {
    en: 'sheet {sheet}, column names in row {row}, ids from column {id}',
    zh: '工作表 {sheet}，表头在第 {row} 行，编号取自列 {id}',
  },
  absentColumns: {
    en: '  configured for {field}, but not in the file: {columns}',
    zh: '  已为 {field} 配置、但文件中没有的列：{columns}',
  },
  exportContinued: {
    en: 'sheet {sheet} has no column names and uses those of {of}, ids from column {id}',
    zh: '工作表 {sheet} 没有表头，沿用 {of} 的表头，编号取自列 {id}',
  },
  unmapped: { en: '  columns not used: {columns}', zh: '  未使用的列：{columns}' },
  firstRows: { en: '  the first rows:', zh: '  前几行：' },
  unknownSheets: {
    en: '  sheets without known column names: {sheets}',
    zh: '  没有可识别列名的工作表：{sheets}',
  },
  wouldSkip: {
    en: '  would be skipped by policy {policy} ({detail})',
    zh: '  将按策略 {policy} 跳过（{detail}）',
  },
  wouldQuarantine: { en: '  would be quarantined: {text}', zh: '  将被隔离：{text}' },
  wouldFail: { en: '  would be tried again: {text}', zh: '  将重试：{text}' },
  // ── status, tickets, explain ───────────────────────────────────────────────
  statusSummary: {
    en: 'what came in from each source, what became of it, and which sources fail or are quiet',
    zh: '各来源收到多少、结果如何，哪些来源采集失败或久无新内容',
  },
  byDayOption: { en: 'one row per day', zh: '按日统计' },
  statusWaiting: {
    en: 'waiting to be processed {pending}, to be published {outbox}',
    zh: '待处理 {pending}，待发布 {outbox}',
  },
  statusQuarantined: {
    en: 'in quarantine {count}; "yiwang quarantine list" shows why',
    zh: '隔离 {count} 条，用 "yiwang quarantine list" 查看原因',
  },
  statusNew: {
    en: 'no pull is known to have ended: {sources}; a "yiwang run" that was running before they were configured must be restarted',
    zh: '尚无采集完成记录的来源：{sources}；若 "yiwang run" 在配置这些来源之前已在运行，请重启它',
  },
  statusByHand: {
    en: 'no pull is known to have ended, nor is there a schedule: {sources}; only "yiwang pull" pulls them',
    zh: '尚无采集完成记录、也没有采集计划的来源：{sources}；只有 "yiwang pull" 会采集它们',
  },
  statusNothingYet: {
    en: 'pulled, but nothing has come yet: {sources}',
    zh: '已采集、但尚无任何内容的来源：{sources}',
  },
  statusFails: {
    en: '{source}: failing since {since}, last success {succeededAt}.',
    zh: '{source}：自 {since} 起采集失败，上次成功 {succeededAt}。',
  },
  statusFailsEver: {
    en: '{source}: failing since {since}, no success known.',
    zh: '{source}：自 {since} 起采集失败，没有成功采集的记录。',
  },
  statusStates: { en: 'sources {sources}: {states}', zh: '来源 {sources} 个：{states}' },
  stateCount: { en: '{state} {count}', zh: '{state} {count}' },
  statusLate: {
    en: 'over an hour late: {sources}; see whether "yiwang run" is running and reaches Redis, or whether a pull takes that long',
    zh: '已逾期一小时以上的来源：{sources}；请确认 "yiwang run" 正在运行且能连上 Redis，或是否有一次采集耗时过长',
  },
  pulls: { en: 'pulls', zh: '采集' },
  lastPull: { en: 'last pull', zh: '最近采集' },
  added: { en: 'new', zh: '新增' },
  state_ok: { en: 'ok', zh: '正常' },
  state_fails: { en: 'fails', zh: '失败' },
  state_late: { en: 'late', zh: '逾期' },
  state_quiet: { en: 'quiet', zh: '久无新内容' },
  state_new: { en: 'not yet', zh: '尚无记录' },
  state_off: { en: 'off', zh: '停用' },
  state_removed: { en: 'removed', zh: '已移除' },
  sourceName: { en: 'name', zh: '名称' },
  lastItem: { en: 'last item', zh: '最近一条' },
  source: { en: 'source', zh: '来源' },
  day: { en: 'day', zh: '日期' },
  sum: { en: 'all', zh: '合计' },
  seen: { en: 'seen', zh: '收到' },
  ticketed: { en: 'ticketed', zh: '成单' },
  linked: { en: 'linked', zh: '关联' },
  quarantined: { en: 'quarantined', zh: '隔离' },
  outcomeTicket: { en: '{kind} ({reason}): {ticket}', zh: '{kind}（{reason}）：{ticket}' },
  skipped: { en: 'skipped', zh: '跳过' },
  pending: { en: 'pending', zh: '待处理' },
  ticketsSummary: { en: 'list tickets, phones masked', zh: '列出工单，电话脱敏显示' },
  ticketShowSummary: { en: 'show one ticket', zh: '显示一张工单' },
  ticketArgument: {
    en: 'a ticket, by any id that explain takes: T-…, or that of its report',
    zh: '工单，可用 explain 接受的任何编号：T-…，或诉求的编号',
  },
  channelOption: { en: 'only this channel', zh: '仅限此渠道' },
  kindOption: { en: 'only this kind', zh: '仅限此诉求类型' },
  verdictOption: {
    en: 'only tickets with this verdict about repeats',
    zh: '仅限查重结果为此的工单',
  },
  sinceOption: {
    en: 'from this day, from this time with offset, or from 7d (days), 12h (hours) ago',
    zh: '起始时间：日期、带时区的时间，或 7d（7 天前）、12h（12 小时前）',
  },
  untilOption: {
    en: 'up to the end of this day, or to this time with offset',
    zh: '截止时间：日期（含当天）或带时区的时间',
  },
  found: { en: 'Tickets: {count}.', zh: '共 {count} 张工单。' },
  foundFirst: {
    en: 'The latest {count} tickets; --limit shows more, --until earlier ones.',
    zh: '以上为最近 {count} 张工单；用 --limit 查看更多，用 --until 查看更早的。',
  },
  explainSummary: {
    en: 'follow one item through every stage, with reasons',
    zh: '查看一个条目经过的每个环节及原因',
  },
  anyIdArgument: {
    en: "id of a ticket (T-…), of an item (R-…), the source's own id, or the Message-ID of a mail",
    zh: '工单编号（T-…）、条目编号（R-…）、来源自己的编号或邮件的 Message-ID',
  },
  ticket: { en: 'ticket', zh: '工单' },
  kind: { en: 'kind', zh: '类型' },
  submitted: { en: 'submitted', zh: '提交时间' },
  received: { en: 'received', zh: '接收时间' },
  reporter: { en: 'reporter', zh: '诉求人' },
  notToBeNamed: { en: '(not to be named)', zh: '（要求匿名）' },
  phone: { en: 'phone', zh: '电话' },
  place: { en: 'place', zh: '地点' },
  title: { en: 'title', zh: '标题' },
  body: { en: 'body', zh: '内容' },
  attachments: { en: 'attachments', zh: '附件' },
  followUps: { en: 'follow-ups', zh: '后续来信' },
  dedupe: { en: 'repeats', zh: '查重' },
  reports: { en: 'reports', zh: '诉求次数' },
  reportCounts: {
    en: '{reports}; known reporters: {reporters}; channels: {channels}',
    zh: '{reports} 次，已知诉求人 {reporters} 位，渠道 {channels}',
  },
  incidentsSummary: {
    en: 'list what several people report, most reports first',
    zh: '列出多人反映的同一事件，按诉求次数排列',
  },
  incidentsFirst: {
    en: 'The {count} incidents with most reports; --limit shows more.',
    zh: '以上为诉求次数最多的 {count} 个事件；用 --limit 查看更多。',
  },
  incidentsFound: { en: 'Incidents: {count}.', zh: '共 {count} 个事件。' },
  incident: { en: 'incident', zh: '事件' },
  reporters: { en: 'reporters', zh: '诉求人数' },
  firstDay: { en: 'first', zh: '首次' },
  lastDay: { en: 'last', zh: '最近' },
  channels: { en: 'channels', zh: '渠道' },
  label: { en: 'about', zh: '主要内容' },
  incidentOption: { en: 'only tickets of this incident: I-…', zh: '仅限此事件的工单：I-…' },
  masterOption: {
    en: 'only repeats of this ticket; an id as "explain" takes it',
    zh: '仅限与此主工单重复的工单；编号写法与 "explain" 相同',
  },
  evidence: { en: 'evidence', zh: '依据' },
  evidenceText: {
    en: 'score {score}; fields {fields}; terms {terms}; by {algorithm}',
    zh: '分值 {score}；字段 {fields}；词语 {terms}；算法 {algorithm}',
  },
  incidentText: {
    en: '{label}; reports: {reports}, known reporters: {reporters}, {first} to {last}',
    zh: '{label}；诉求 {reports} 次，已知诉求人 {reporters} 位，{first} 至 {last}',
  },
  suggestion: { en: 'to be reviewed', zh: '待人工确认' },
  recurrenceOf: { en: 'recurrence of', zh: '复发，前次工单' },
  linkHistory: { en: 'links so far', zh: '关联记录' },
  by_algorithm: { en: 'by the algorithm', zh: '算法' },
  by_person: { en: 'by a person', zh: '人工' },
  link_linked: { en: 'linked', zh: '关联' },
  link_unlinked: { en: 'unlinked', zh: '解除关联' },
  candidatesCut: { en: 'comparison', zh: '比对范围' },
  candidatesCutText: {
    en: 'incomplete: too many tickets share its words, only some of them were compared',
    zh: '含相同词语的工单过多，只比对了其中一部分',
  },
  linkSummary: {
    en: 'say that a ticket repeats another one, or is about one incident with it; the algorithm will not change this',
    zh: '人工认定一张工单与另一张重复（或属同一事件），今后不再由算法改判',
  },
  unlinkSummary: {
    en: 'remove a ticket from where it is linked; the algorithm will not link it there again',
    zh: '人工解除一张工单的关联，今后不再由算法改判',
  },
  otherTicketArgument: { en: 'the ticket that it repeats, likewise', zh: '主工单，即被重复的工单，编号同上' },
  sameIncidentOption: { en: 'the same incident, not the same report', zh: '认定为同一事件，而非同一诉求' },
  ruleProgress: {
    en: 'written {done} of {all} tickets, published {published}',
    zh: '已写入 {done}/{all} 张工单，已发布 {published}',
  },
  linkedAlready: { en: 'This was already so; nothing was changed.', zh: '原本就是如此，未作更改。' },
  dedupeSummary: {
    en: 'recognition of repeats: rebuild its index, try other settings, propose thresholds',
    zh: '查重的维护：重建索引、试算配置、推荐阈值',
  },
  rebuildSummary: {
    en: 'rebuild the index of repeats while the system runs; continues where it was interrupted',
    zh: '重建查重索引，无需停机；中断后可继续',
  },
  rebuildCounting: { en: 'counting words: {tickets} tickets', zh: '统计词语：{tickets} 张工单' },
  rebuildIndexing: {
    en: 'indexing: {tickets} of at most {all} tickets',
    zh: '建立索引：{tickets} 张工单（至多 {all} 张）',
  },
  rebuilt: { en: 'Index rebuilt: {tickets} tickets.', zh: '已重建索引：{tickets} 张工单。' },
  planSummary: {
    en: 'judge recent tickets again with the settings as now written, and show where the verdict differs; changes nothing',
    zh: '按当前配置重新判定近期工单，列出结果不同者；不作任何改动',
  },
  planJudging: { en: 'judging again: {tickets} tickets', zh: '重新判定：{tickets} 张工单' },
  planned: {
    en: '{changes} of {judged} tickets would get another verdict; {byPerson} more were decided by a person and stay.',
    zh: '重新判定 {judged} 张工单，{changes} 张结果不同；另有 {byPerson} 张以人工认定为准。',
  },
  planSuggestion: { en: '(to be reviewed: {verdict} {ticket})', zh: '（待人工确认：{verdict} {ticket}）' },
  planWeights: {
    en: 'Words are weighed by how common they are today, so a few verdicts may differ even with the old settings. To see these, run a plan with the old settings (--config): only what that plan does not list comes from the new ones.',
    zh: '重新判定使用当前的词语权重，因此按原配置也可能有少数工单结果不同：请用原配置（--config）再运行一次，只在本次列出的工单才是配置改动所致。',
  },
  madeBy: {
    en: 'made by {connector} and {normalizer}; fields from:',
    zh: '由 {connector} 和 {normalizer} 生成；各字段来自：',
  },
  notes: { en: 'doubtful:', zh: '存疑：' },
  notesOf: { en: 'doubtful, {item}:', zh: '存疑，{item}：' },
  kind_consultation: { en: 'consultation', zh: '咨询' },
  kind_help: { en: 'help', zh: '求助' },
  kind_complaint: { en: 'complaint', zh: '投诉' },
  kind_report: { en: 'report', zh: '举报' },
  kind_suggestion: { en: 'suggestion', zh: '建议' },
  kind_praise: { en: 'praise', zh: '表扬' },
  kind_other: { en: 'other', zh: '其他' },
  channel_email: { en: 'email', zh: '电子邮件' },
  channel_sms: { en: 'sms', zh: '短信' },
  channel_wechat: { en: 'wechat', zh: '微信' },
  channel_hotline: { en: 'hotline', zh: '热线' },
  channel_board: { en: 'board', zh: '留言板' },
  channel_platform: { en: 'platform', zh: '其他平台' },
  verdict_new: { en: 'new', zh: '新诉求' },
  verdict_duplicate: { en: 'duplicate', zh: '重复' },
  verdict_related: { en: 'related', zh: '同一事件' },
  archived: {
    en: '{id}: item {item} of source {source}, {type}, {bytes} bytes, archived {at}',
    zh: '{id}：来源 {source} 的条目 {item}，{type}，{bytes} 字节，{at} 归档',
  },
  locators: { en: 'found at', zh: '所在位置' },
  attempts: { en: 'failed attempts: {attempts}', zh: '失败次数：{attempts}' },
  outcome: { en: '→ {at} {text}', zh: '→ {at} {text}' },
  outcomePending: { en: '→ waiting to be processed', zh: '→ 等待处理' },
  jobWaiting: { en: '→ waiting to be published as job {job}', zh: '→ 等待发布，任务编号 {job}' },
  jobPublished: { en: '→ published as job {job}', zh: '→ 已发布，任务编号 {job}' },
  jobDelivered: {
    en: '→ published as job {job}, and completed downstream',
    zh: '→ 已发布，任务编号 {job}，下游已处理完成',
  },
  // ── quarantine, reconcile, republish ───────────────────────────────────────
  quarantineSummary: { en: 'items that could not become a ticket', zh: '查看和处理隔离区：未能成单的条目' },
  quarantineListSummary: { en: 'list them', zh: '列出被隔离的条目' },
  quarantineShowSummary: {
    en: 'the reason and the original of one item',
    zh: '显示一个条目的隔离原因和原件',
  },
  redriveSummary: { en: 'process items again, after a fix', zh: '问题修正后，重新处理被隔离的条目' },
  discardSummary: {
    en: 'give up items for good; the originals stay in the archive',
    zh: '废弃被隔离的条目；原件仍保留在归档中',
  },
  rawOption: { en: 'the original, byte for byte', zh: '逐字节输出原件' },
  codeOption: { en: 'only this error code', zh: '仅限此错误代码' },
  allQuarantinedOption: { en: 'everything in quarantine', zh: '隔离区的全部条目' },
  reasonOption: { en: 'why, for the record', zh: '原因，留作记录' },
  quarantinedFirst: {
    en: 'The {count} oldest; --limit shows more, --source and --code select.',
    zh: '以上为最早隔离的 {count} 条；用 --limit 查看更多，用 --source 和 --code 筛选。',
  },
  quarantinedCount: { en: 'In quarantine: {count}.', zh: '隔离区共 {count} 条。' },
  reason: { en: 'reason', zh: '原因' },
  inQuarantine: { en: 'in quarantine', zh: '隔离' },
  notQuarantined: { en: '{id} is not in quarantine.', zh: '{id} 不在隔离区。' },
  redriven: { en: 'Items to be processed again: {count}.', zh: '已转入重新处理 {count} 条。' },
  discarded: { en: 'Discarded: {count}.', zh: '已废弃 {count} 条。' },
  reconcileSummary: {
    en: 'recount at the sources against the archive',
    zh: '到来源重新清点，核对归档是否完整',
  },
  reconciled: {
    en: '{source}: {atSource} at the source, all of them archived',
    zh: '{source}：来源处 {atSource} 条，全部已归档',
  },
  reconcileGap: {
    en: '{source}: {atSource} at the source, {archived} archived, {missing} missing',
    zh: '{source}：来源处 {atSource} 条，已归档 {archived} 条，缺 {missing} 条',
  },
  repeatedAtSource: {
    en: '  at least {count} of them are exact copies of others and count once',
    zh: '  其中至少 {count} 条与其他条目完全相同，只计一次',
  },
  books: {
    en: '  seen {seen} = ticketed {ticketed} + linked {linked} + quarantined {quarantined} + skipped {skipped} + pending {pending}',
    zh: '  收到 {seen} = 成单 {ticketed} + 关联 {linked} + 隔离 {quarantined} + 跳过 {skipped} + 待处理 {pending}',
  },
  republishSummary: {
    en: 'publish again what downstream has not got and Redis no longer has',
    zh: '重新发布下游未收到且 Redis 中已不存在的工单',
  },
  republishProgress: {
    en: 'compared with Redis: {looked} tickets, to publish again {requeued}',
    zh: '与 Redis 核对：{looked} 张工单，待重新发布 {requeued}',
  },
  reconcileProgress: {
    en: '{source}: {atSource} at the source, {archived} archived',
    zh: '{source}：来源处 {atSource} 条，已归档 {archived} 条',
  },
  quarantineProgress: { en: 'items: {count}', zh: '条目：{count}' },
  migrating: { en: 'looking at the store and upgrading it', zh: '正在检查并升级存储' },
  requeued: { en: 'Tickets to publish again: {requeued}.', zh: '重新发布工单 {requeued} 张。' },
  ...tuneMessages,
} as const satisfies Record<string, LocalText>

export type MessageKey = keyof typeof messages

/** Whether there is a text of this name. */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(messages, key)
}

/** The text with each `{name}` replaced by that detail; one without a detail stays. */
export function message(key: MessageKey, locale: Locale, details: ErrorDetails = {}): string {
  return messages[key][locale].replace(/\{(\w+)\}/g, (place, name: string) => String(details[name] ?? place))
}
