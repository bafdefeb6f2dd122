import type { Locale, LocalText } from './locale.ts'

/**
 * What kind of trouble, and so what is done about it:
 * - `config`: the operator changes a file; never retried; exit code 78.
 * - `auth`: the operator renews a credential; retried slowly.
 * - `transient`: retried with backoff.
 * - `data`: this input is not what it should be; quarantined, never retried by itself.
 * - `bug`: ours; retried a bounded number of times, then quarantined.
 */
export type ErrorKind = 'config' | 'auth' | 'transient' | 'data' | 'bug'

interface CatalogueEntry {
  readonly kind: ErrorKind
  /** What happened, to what. `{name}` stands for a detail. */
  readonly what: LocalText
  /** What to do about it. */
  readonly todo: LocalText
}

/** Every error that crosses a folder. Codes are never reused; config/ERRORS.md is generated from this. */
export const catalogue = {
  // ── configuration ──────────────────────────────────────────────────────────
  CONFIG_NOT_FOUND: {
    kind: 'config',
    what: { en: 'No configuration at {path}.', zh: '{path} 处没有配置文件。' },
    todo: {
      en: 'Run "yiwang init" to write one, or name another with --config.',
      zh: '请运行 "yiwang init" 生成一份，或用 --config 指定。',
    },
  },
  CONFIG_INVALID: {
    kind: 'config',
    what: { en: '{problems}', zh: '{problems}' },
    todo: {
      en: 'Correct the lines named above, then run "yiwang lint".',
      zh: '请按上面指出的行修改，然后运行 "yiwang lint" 检查。',
    },
  },
  CONFIG_UNREADABLE: {
    kind: 'config',
    what: {
      en: 'The configuration {path} cannot be read ({reason}).',
      zh: '无法读取配置文件 {path}（{reason}）。',
    },
    todo: {
      en: 'Check its permissions and its owner, and of a link where it leads.',
      zh: '请检查该文件的权限和所有者；若是链接，请检查其目标。',
    },
  },
  CONFIG_EXISTS: {
    kind: 'config',
    what: { en: 'There is a configuration at {path} already.', zh: '{path} 处已有配置文件。' },
    todo: {
      en: 'Nothing was written. Name another folder, or move that file away.',
      zh: '未写入任何内容。请指定其他文件夹，或移走该文件。',
    },
  },
  // ── sources ────────────────────────────────────────────────────────────────
  SOURCE_UNKNOWN: {
    kind: 'config',
    what: { en: 'There is no source "{source}".', zh: '没有名为 "{source}" 的来源。' },
    todo: { en: 'Known sources: {known}.', zh: '已配置的来源：{known}。' },
  },
  SOURCE_REMOVED: {
    kind: 'config',
    what: {
      en: 'The source "{source}" is no longer configured.',
      zh: '来源 "{source}" 已不在配置中。',
    },
    todo: {
      en: 'Configure it again, then run "yiwang quarantine redrive --source {source}"; or give up what is left of it with "yiwang quarantine discard --source {source}".',
      zh: '请重新配置该来源，然后运行 "yiwang quarantine redrive --source {source}"；若不再需要，用 "yiwang quarantine discard --source {source}" 废弃其余条目。',
    },
  },
  SOURCE_AUTH: {
    kind: 'auth',
    what: {
      en: '{host} refused the login for source "{source}" ({answer}).',
      zh: '{host} 拒绝了来源 "{source}" 的登录（{answer}）。',
    },
    todo: {
      en: 'Renew the password in the configuration, try it with "yiwang check {source}", then restart "yiwang run": a running process keeps the one that it started with. With "tokenCommand" see that the command prints a valid token; it runs at every login.',
      zh: '请更新配置中的密码，用 "yiwang check {source}" 确认，再重启 "yiwang run"：运行中的进程仍使用启动时的密码。用 "tokenCommand" 时请确认该命令输出的令牌有效；每次登录都会运行它。',
    },
  },
  SOURCE_UNREACHABLE: {
    kind: 'transient',
    what: {
      en: 'Source "{source}" cannot be reached at {host} ({reason}).',
      zh: '无法连接来源 "{source}"（{host}：{reason}）。',
    },
    todo: {
      en: 'It is tried again by itself. If it lasts, check the address and the network, then run "yiwang check {source}".',
      zh: '系统会自动重试。若持续如此，请检查地址和网络，再运行 "yiwang check {source}"。',
    },
  },
  SOURCE_BUSY: {
    kind: 'transient',
    what: {
      en: 'Source "{source}" is being pulled by another process.',
      zh: '来源 "{source}" 正由另一个进程采集。',
    },
    todo: {
      en: 'Nothing to do: the other process brings the items in. If that process was killed, pull again after processing.leaseMs (30 s by default).',
      zh: '无需处理：另一个进程会完成采集。若该进程已被强行结束，过 processing.leaseMs（默认 30 秒）后再次采集即可。',
    },
  },
  IMPORT_BUSY: {
    kind: 'transient',
    what: {
      en: 'Nothing was taken from {path}: source "{source}" is being pulled by another process, which does not read that.',
      zh: '未读取 {path}：来源 "{source}" 正由另一个进程采集，该进程不会读取它。',
    },
    todo: {
      en: 'Run the import again when that process has ended its pull. If it was killed, after processing.leaseMs (30 s by default).',
      zh: '请等该进程采集完后再次导入。若该进程已被强行结束，请过 processing.leaseMs（默认 30 秒）后再导入。',
    },
  },
  SOURCE_QUIET: {
    kind: 'transient',
    what: {
      en: 'Nothing has come from source "{source}" for {hours} hours, since {lastAt}; it should be {allowedHours} at most.',
      zh: '来源 "{source}" 自 {lastAt} 起已有 {hours} 小时没有新内容，超过应有的上限 {allowedHours} 小时。',
    },
    todo: {
      en: 'Look at the source itself and run "yiwang check {source}". If it may be quiet for that long, set its quietAfter.',
      zh: '请查看来源本身，并运行 "yiwang check {source}"。若属正常，请设置其 quietAfter。',
    },
  },
  SOURCE_TAKES_NO_FILE: {
    kind: 'config',
    what: {
      en: 'Source "{source}" (connector {connector}) does not read files.',
      zh: '来源 "{source}"（连接器 {connector}）不读取文件。',
    },
    todo: {
      en: 'Use --source to name a source that has a "path" setting.',
      zh: '请用 --source 指定一个设有 "path" 的来源。',
    },
  },
  SOURCE_FILE_STUCK: {
    kind: 'transient',
    what: {
      en: 'Source "{source}": the archived file "{file}" cannot be moved or deleted ({reason}).',
      zh: '来源 "{source}"：已归档的文件 "{file}" 无法移动或删除（{reason}）。',
    },
    todo: {
      en: 'Give the program write access to the folder, or set afterArchive: keep. Until then nothing is lost.',
      zh: '请授予本程序对该文件夹的写权限，或设置 afterArchive: keep。在此期间数据不会丢失。',
    },
  },
  SOURCE_TLS: {
    kind: 'auth',
    what: {
      en: 'Source "{source}" has no trustworthy TLS connection to {host} ({reason}).',
      zh: '来源 "{source}" 无法与 {host} 建立可信的 TLS 连接（{reason}）。',
    },
    todo: {
      en: 'Check "host", "port" and "tls"; for a private certificate authority, name its certificate file in "caPath". Then run "yiwang check {source}".',
      zh: '请检查 "host"、"port" 和 "tls"；若使用自建 CA，请在 "caPath" 中指定其证书。然后运行 "yiwang check {source}"。',
    },
  },
  SOURCE_TOKEN: {
    kind: 'auth',
    what: {
      en: 'The command that gives the access token of source "{source}" failed ({reason}).',
      zh: '获取来源 "{source}" 访问令牌的命令失败（{reason}）。',
    },
    todo: {
      en: 'Run the command in "tokenCommand" by hand: it must print the token alone and end with exit status 0.',
      zh: '请手动运行 "tokenCommand" 中的命令：它应只输出令牌，且退出码为 0。',
    },
  },
  SOURCE_REFUSED: {
    kind: 'transient',
    what: {
      en: '{host} refused "{command}" for source "{source}" ({answer}).',
      zh: '{host} 拒绝了来源 "{source}" 的 "{command}" 请求（{answer}）。',
    },
    todo: {
      en: 'It is tried again by itself. If it lasts, ask the administrator of the server what the answer in brackets means.',
      zh: '系统会自动重试。若持续如此，请把括号中的答复告知服务器管理员。',
    },
  },
  SOURCE_FOLDER_MISSING: {
    kind: 'config',
    what: {
      en: 'Source "{source}" has no mail folder "{folder}".',
      zh: '来源 "{source}" 没有名为 "{folder}" 的邮件文件夹。',
    },
    todo: {
      en: 'Correct the name or make the folder. There are: {existing}.',
      zh: '请修改名称或新建该文件夹。现有：{existing}。',
    },
  },
  SOURCE_UNSUPPORTED: {
    kind: 'config',
    what: {
      en: '{host} cannot do what source "{source}" asks in "{setting}" ({reason}).',
      zh: '{host} 不支持来源 "{source}" 的设置 "{setting}"（{reason}）。',
    },
    todo: {
      en: 'Change this setting, or use another server.',
      zh: '请修改该设置，或更换服务器。',
    },
  },
  SOURCE_PATH: {
    kind: 'transient',
    what: {
      en: '{path}, which source "{source}" needs, cannot be read ({reason}).',
      zh: '无法读取来源 "{source}" 所需的 {path}（{reason}）。',
    },
    todo: {
      en: 'Check the path, its permissions and that the drive is mounted; it is tried again by itself.',
      zh: '请检查路径、权限以及磁盘是否已挂载；系统会自动重试。',
    },
  },
  // ── store, queue ───────────────────────────────────────────────────────────
  STORE_UNREACHABLE: {
    kind: 'transient',
    what: { en: 'The store {url} cannot be reached ({reason}).', zh: '无法连接存储 {url}（{reason}）。' },
    todo: {
      en: 'Check that "store" in the configuration is right, that its server runs, and that its file and folder may be written to.',
      zh: '请检查配置中的 "store" 是否正确、其服务是否在运行、其文件和文件夹是否可写。',
    },
  },
  STORE_REFUSED: {
    kind: 'transient',
    what: {
      en: 'The store {url} refused the operation ({reason}).',
      zh: '存储 {url} 拒绝执行操作（{reason}）。',
    },
    todo: {
      en: 'Correct the user, its password and authSource in "store" (AuthenticationFailed), or give that user readWrite on the database (Unauthorized). Restart running processes after changing the password.',
      zh: '请更正 "store" 中的用户、密码和 authSource（AuthenticationFailed），或授予该用户数据库的 readWrite 权限（Unauthorized）。更改密码后，须重新启动正在运行的进程。',
    },
  },
  STORE_LOCKED: {
    kind: 'transient',
    what: {
      en: 'Another process has kept the store {url} locked for too long ({reason}).',
      zh: '存储 {url} 被其他进程锁定过久（{reason}）。',
    },
    todo: {
      en: 'End the program that holds it, such as a database browser, a copying program, or a Yiwang that was suspended (Ctrl-Z); then the work goes on by itself. For backups use the .backup command of sqlite3, which does not lock.',
      zh: '请结束占用它的程序（如数据库查看器、复制工具，或被挂起（Ctrl-Z）的本程序），之后会自动继续。备份请用 sqlite3 的 .backup 命令，它不会锁定存储。',
    },
  },
  STORE_MOVED: {
    kind: 'transient',
    what: {
      en: 'The file of the store {url} was deleted, moved or replaced while it was in use; nothing more is taken in.',
      zh: '存储 {url} 的文件在使用中被删除、移动或替换；已停止收取。',
    },
    todo: {
      en: 'Stop all processes on it, put the right file in its place (with its -wal file, or a whole backup), then start them again.',
      zh: '请停止使用它的所有进程，放回正确的文件（连同 -wal 文件，或完整备份），然后重新启动。',
    },
  },
  STORE_NOT_MIGRATED: {
    kind: 'config',
    what: {
      en: 'The store {url} is at schema version {found}; this program needs {wanted}.',
      zh: '存储 {url} 的结构版本是 {found}，本程序需要 {wanted}。',
    },
    todo: { en: 'Run "yiwang migrate".', zh: '请运行 "yiwang migrate"。' },
  },
  STORE_INDEX: {
    kind: 'config',
    what: {
      en: 'In the store {url}, the index {index} of {collection} stands in the way of one that this program needs.',
      zh: '存储 {url} 中，{collection} 的索引 {index} 与本程序所需的索引冲突。',
    },
    todo: {
      en: 'Drop it in mongosh with db.{collection}.dropIndex("{index}"), then run "yiwang migrate".',
      zh: '请在 mongosh 中用 db.{collection}.dropIndex("{index}") 删除它，然后运行 "yiwang migrate"。',
    },
  },
  INDEX_OUTDATED: {
    kind: 'config',
    what: {
      en: 'The index of repeats was made by another version or with other settings: reports that repeat an earlier one may not be recognised.',
      zh: '查重索引由其他版本或按其他配置建立：与此前诉求重复的，可能识别不出。',
    },
    todo: {
      en: 'Run "yiwang dedupe rebuild", best before the next pull; the system may go on running.',
      zh: '请运行 "yiwang dedupe rebuild"，无需停机，最好在下次采集之前。',
    },
  },
  STORE_FULL: {
    kind: 'transient',
    what: {
      en: 'The store {url} has no room left ({reason}). Nothing is lost: what is not archived was not acknowledged.',
      zh: '存储 {url} 空间不足（{reason}）。数据没有丢失：未归档的内容都未向来源确认。',
    },
    todo: { en: 'Free disk space; the work goes on by itself.', zh: '请清理磁盘空间，之后会自动继续。' },
  },
  STORE_TOO_NEW: {
    kind: 'config',
    what: {
      en: 'The store {url} is at schema version {found}, made by a newer version of this program; this one supports up to {wanted}.',
      zh: '存储 {url} 的结构版本是 {found}，由更高版本的程序建立；本程序只支持到 {wanted}。',
    },
    todo: { en: 'Update this program.', zh: '请升级本程序。' },
  },
  STORE_FOREIGN: {
    kind: 'config',
    what: {
      en: 'The store {url} is a database of another program. Nothing was written to it.',
      zh: '存储 {url} 是其他程序的数据库。未写入任何内容。',
    },
    todo: {
      en: 'Correct "store" in the configuration: name a file of its own.',
      zh: '请更正配置中的 "store"，改用单独的文件。',
    },
  },
  STORE_CORRUPT: {
    kind: 'data',
    what: { en: 'The store {url} is damaged ({reason}).', zh: '存储 {url} 已损坏（{reason}）。' },
    todo: {
      en: 'Stop all processes, keep a copy of the data, and restore a backup (or recover an SQLite file with "sqlite3 FILE .recover"). If it was never a store, correct "store" in the configuration.',
      zh: '请停止所有进程，保留数据的副本，然后恢复备份（SQLite 文件也可用 "sqlite3 文件 .recover" 修复）。若该文件本不是存储，请改正配置中的 "store"。',
    },
  },
  STORE_CLOSED: {
    kind: 'transient',
    what: {
      en: 'The store {url} was closed while it was still in use.',
      zh: '存储 {url} 在使用中被关闭。',
    },
    todo: {
      en: 'Nothing is lost: what was not finished is done again at the next start.',
      zh: '数据没有丢失：未完成的工作会在下次启动时继续。',
    },
  },
  STORE_URL: {
    kind: 'config',
    what: { en: '{setting} is "{url}", which is not supported.', zh: '{setting} 的值 "{url}" 不受支持。' },
    todo: { en: 'Use {forms}.', zh: '请使用 {forms}。' },
  },
  STORE_ADDRESS: {
    kind: 'config',
    what: {
      en: 'The address of the store {url} cannot be used ({reason}).',
      zh: '存储地址 {url} 无法使用（{reason}）。',
    },
    todo: {
      en: 'Correct "store" in the configuration; options come after "?", spelled as MongoDB spells them.',
      zh: '请改正配置中的 "store"；"?" 之后的选项须用 MongoDB 规定的名称。',
    },
  },
  BLOB_CORRUPT: {
    kind: 'data',
    what: {
      en: 'The blob {sha256} in {url} no longer holds the bytes that were put there.',
      zh: '{url} 中的附件或原件 {sha256} 与存入时不一致。',
    },
    todo: {
      en: 'Restore it from a backup, or delete it and redrive the item that it belongs to.',
      zh: '请从备份恢复该文件，或将其删除后重新处理所属的条目。',
    },
  },
  LEASE_LOST: {
    kind: 'transient',
    what: {
      en: 'Another process has taken over "{lease}"; this one has broken off its work.',
      zh: '"{lease}" 已由另一个进程接管，本进程已中止这项工作。',
    },
    todo: {
      en: 'Nothing to do for "pull" and "run": the other process goes on. Run any other command, such as "import", "link" or "dedupe rebuild", again.',
      zh: '"pull" 和 "run" 无需处理：另一个进程会继续。其他命令（如 "import"、"link"、"dedupe rebuild"）请重新执行。',
    },
  },
  PROCESSING_BUSY: {
    kind: 'transient',
    what: {
      en: 'Another process has been making tickets for {seconds} s without a pause.',
      zh: '另一个进程已连续 {seconds} 秒在生成工单，未有间断。',
    },
    todo: {
      en: 'Nothing was changed. Run the command again when that process has finished what is waiting.',
      zh: '未做任何更改。请等该进程处理完积压后再执行本命令。',
    },
  },
  QUEUE_UNREACHABLE: {
    kind: 'transient',
    what: { en: 'Redis at {url} cannot be reached ({reason}).', zh: '无法连接 Redis {url}（{reason}）。' },
    todo: {
      en: 'Tickets wait safely in the store and are published when Redis is back. If it is running, check redis.url (rediss:// for TLS); for a private certificate authority, name its certificate file in the environment variable NODE_EXTRA_CA_CERTS.',
      zh: '工单已安全保存，Redis 恢复后会自动发布。若 Redis 正常运行，请检查 redis.url（TLS 用 rediss://）；若使用自建 CA，请在环境变量 NODE_EXTRA_CA_CERTS 中指定其证书文件。',
    },
  },
  QUEUE_REFUSED: {
    kind: 'transient',
    what: {
      en: 'Redis at {url} refused the operation ({reason}).',
      zh: 'Redis {url} 拒绝执行操作（{reason}）。',
    },
    todo: {
      en: 'Tickets wait safely in the store and are published when Redis accepts them again. Correct redis.url (WRONGPASS, NOAUTH, DB index), the rights of its user (NOPERM), its memory (OOM) or its disk (MISCONF), or name the primary instead of a replica (READONLY), a Sentinel (unknown command) or a node of a cluster (MOVED). Behind the proxy of a cluster put redis.prefix in braces (CROSSSLOT), also where the queue is read.',
      zh: '工单已安全保存，Redis 恢复后会自动发布。请检查 redis.url（WRONGPASS、NOAUTH、DB index）、用户权限（NOPERM）、内存（OOM）、磁盘（MISCONF），或改用主节点，而不是副本（READONLY）、哨兵（unknown command）或集群节点（MOVED）。经代理访问集群时，请给 redis.prefix 加上花括号（CROSSSLOT），下游读取队列时也须一致。',
    },
  },
  QUEUE_LOST: {
    kind: 'data',
    what: { en: 'Redis has lost data.', zh: 'Redis 丢失了数据。' },
    todo: {
      en: 'Run "yiwang republish" to publish again what was on it.',
      zh: '请运行 "yiwang republish"，重新发布其中的工单。',
    },
  },
  QUEUE_SHARED: {
    kind: 'config',
    what: {
      en: 'A queue has got jobs that this store knows nothing of: another store has the same redis.prefix, or this one was restored from a backup.',
      zh: '队列中有本存储所不知道的任务：另有存储使用相同的 redis.prefix，或者本存储是从备份恢复的。',
    },
    todo: {
      en: 'Redis ignores a job whose id it has, so what comes from here may not arrive: give this store a redis.prefix of its own, here and where the queue is read.',
      zh: '编号已存在的任务会被 Redis 忽略，从这里发布的工单可能无法送达：请给本存储单独设置 redis.prefix，下游读取队列时也须一致。',
    },
  },
  // ── items ──────────────────────────────────────────────────────────────────
  ITEM_TOO_LARGE: {
    kind: 'data',
    what: {
      en: 'The item has {bytes} bytes; the limit is {limit}.',
      zh: '该条目有 {bytes} 字节，上限为 {limit}。',
    },
    todo: {
      en: 'The archive may hold only its beginning. Raise the limit in the source\'s settings and run "yiwang import FILE --source ID"; a mail in a mailbox must first be saved as .eml, and ID must be a source with the connector mail-folder. Then discard this item.',
      zh: '归档中可能只有其开头部分。请提高该来源的上限，再执行 "yiwang import FILE --source ID"；邮箱中的邮件请先另存为 .eml，并指定一个使用 mail-folder 连接器的来源。之后废弃本条目。',
    },
  },
  ITEM_DAMAGED: {
    kind: 'data',
    what: {
      en: 'The archived body of item {rawId} in {url} is not whole: some of it is missing from bodies.files and bodies.chunks.',
      zh: '存储 {url} 中条目 {rawId} 的原文不完整：bodies.files 和 bodies.chunks 中缺少其部分内容。',
    },
    todo: {
      en: 'Restore these two collections from a backup, then run "yiwang quarantine redrive {rawId}". Without a backup, ask the source for it again under another number, then discard this item. Look for what else the database has lost.',
      zh: '请从备份恢复这两个集合，再执行 "yiwang quarantine redrive {rawId}"。若无备份，请让来源以新的编号重新提供，然后废弃本条目。请检查数据库是否还有其他缺失。',
    },
  },
  EXTERNAL_ID_REUSED: {
    kind: 'data',
    what: {
      en: 'The number {externalId} already belongs to ticket {ticket}, whose text is different and whose time or reporter is different too.',
      zh: '编号 {externalId} 已属于工单 {ticket}，而两者内容不同，时间或诉求人也不同。',
    },
    todo: {
      en: 'The export probably starts its numbers again in each file. Do not change columns.id of this source: every row in its folder would become a second ticket. For the files that start again, configure another source with its own id and folder, and set its columns.id to a column whose numbers are never used twice (or to [] if there is none). Put the file there, then discard this item.',
      zh: '该导出表可能每次重新编号。请勿修改本来源的 columns.id，否则其文件夹内的每一行都会再生成一张工单。请为重新编号的文件另设一个来源（新的 id 和文件夹），将其 columns.id 设为编号不重复的列（没有则设为 []），把该文件放入新文件夹，再废弃本条目。',
    },
  },
  ITEM_UNREADABLE: {
    kind: 'data',
    what: {
      en: 'The item cannot be read as {mediaType} ({reason}).',
      zh: '该条目无法按 {mediaType} 读取（{reason}）。',
    },
    todo: {
      en: 'Look at the original with "yiwang quarantine show"; redrive it after a fix, or discard it. A mail that the server did not give has no original here and is still in its mailbox: save it as .eml, run "yiwang import FILE --source ID", where ID is a source with the connector mail-folder, and discard this item.',
      zh: '请用 "yiwang quarantine show" 查看原件；修正后重新处理，或废弃本条目。服务器未给出的邮件在此没有原件，仍在其邮箱中：请另存为 .eml，执行 "yiwang import FILE --source ID"（ID 须为使用 mail-folder 连接器的来源），之后废弃本条目。',
    },
  },
  ITEM_POISON: {
    kind: 'bug',
    what: {
      en: 'Processing the item failed {attempts} times ({reason}).',
      zh: '该条目处理失败 {attempts} 次（{reason}）。',
    },
    todo: {
      en: 'Report it to the developers with the item id (R-…); redrive it after an update.',
      zh: '请附条目编号（R-…）向开发方反馈；更新程序后重新处理。',
    },
  },
  FILE_ENCODING_AMBIGUOUS: {
    kind: 'data',
    what: {
      en: 'The text encoding of "{file}" is not certain (best guess {guess}). Nothing in the file was interpreted.',
      zh: '无法确定文件 "{file}" 的文字编码（最可能是 {guess}），未作任何解析。',
    },
    todo: {
      en: 'Export it again as UTF-8 or XLSX, or set "encoding" of the source; the folder is then read again by itself, a file from elsewhere by another import, and this item can be discarded.',
      zh: '请重新导出为 UTF-8 或 XLSX，或设置该来源的 "encoding"；之后会自动重新读取（从别处导入的文件须重新导入），本条目即可废弃。',
    },
  },
  FILE_TOO_LARGE: {
    kind: 'data',
    what: {
      en: 'The file "{file}" has {bytes} bytes; the limit {setting} is {limit}.',
      zh: '文件 "{file}" 有 {bytes} 字节，上限 {setting} 为 {limit}。',
    },
    todo: {
      en: 'Export it in parts or as CSV, or raise that limit; the folder is then read again by itself, a file from elsewhere by another import, and this item can be discarded.',
      zh: '请分批导出或改用 CSV，或提高该上限；之后会自动重新读取（从别处导入的文件须重新导入），本条目即可废弃。',
    },
  },
  FILE_EXPANDS_TOO_MUCH: {
    kind: 'data',
    what: {
      en: 'The compressed file "{file}" of {bytes} bytes would expand to {expanded} bytes; the limit is {limit}.',
      zh: '压缩文件 "{file}"（{bytes} 字节）展开后为 {expanded} 字节，上限为 {limit}。',
    },
    todo: {
      en: 'Make sure that it comes from the hotline system. If it does, export it in parts, or raise maxExpandedBytes or maxExpandRatio; the folder is then read again by itself, a file from elsewhere by another import, and this item can be discarded.',
      zh: '请确认它来自热线系统。若是，请分批导出，或提高 maxExpandedBytes、maxExpandRatio；之后会自动重新读取（从别处导入的文件须重新导入），本条目即可废弃。',
    },
  },
  FILE_TOO_MANY_ROWS: {
    kind: 'data',
    what: {
      en: 'The file "{file}" has more than {limit} rows; those after row {row} were not read.',
      zh: '文件 "{file}" 超过 {limit} 行，第 {row} 行之后未读取。',
    },
    todo: {
      en: 'Export it in parts, or raise maxRows; the folder is then read again by itself, a file from elsewhere by another import, and this item can be discarded.',
      zh: '请分批导出，或提高 maxRows；之后会自动重新读取（从别处导入的文件须重新导入），本条目即可废弃。',
    },
  },
  FILE_NOT_A_TABLE: {
    kind: 'data',
    what: {
      en: 'The file "{file}" holds no table that can be read ({reason}).',
      zh: '文件 "{file}" 中没有可读取的表格（{reason}）。',
    },
    todo: {
      en: 'Put a CSV, TSV, XLSX, XLS or HTML table in its place, or keep such files out with "include"; then discard this item.',
      zh: '请换成 CSV、TSV、XLSX、XLS 或 HTML 表格，或用 "include" 排除这类文件；然后废弃本条目。',
    },
  },
  FILE_UNREADABLE: {
    kind: 'data',
    what: {
      en: 'The file "{file}" (format: {format}) cannot be read to its end ({reason}).',
      zh: '文件 "{file}"（格式：{format}）无法完整读取（{reason}）。',
    },
    todo: {
      en: 'It is probably cut off, damaged, protected by a password or by access rights, or a link: export it again without a password, correct the rights, or put the file itself in the place of the link. Where it has too many tables or merged cells, or stopped the program, export it in parts or as CSV. Then discard this item.',
      zh: '文件可能不完整、已损坏、设有密码、没有访问权限，或只是链接：请去掉密码重新导出，修正权限，或用文件本身替换链接。若表格或合并单元格过多，或导致程序中止，请分批导出或改用 CSV。然后废弃本条目。',
    },
  },
  FILE_NO_HEADER: {
    kind: 'data',
    what: {
      en: 'No header row with known column names was found in "{file}".',
      zh: '文件 "{file}" 中找不到含已知列名的表头行。',
    },
    todo: {
      en: 'Name its columns under "columns" of the source, and give the row in "headerRow" if needed; where "import --dry-run" shows garbled names, correct or leave out "encoding". The folder is then read again by itself, a file from elsewhere by another import, and this item can be discarded.',
      zh: '请在该来源的 "columns" 中写明列名，必要时用 "headerRow" 指定表头行；如 "import --dry-run" 显示的列名是乱码，请改正或去掉 "encoding"。之后会自动重新读取（从别处导入的文件须重新导入），本条目即可废弃。',
    },
  },
  ROW_MALFORMED: {
    kind: 'data',
    what: {
      en: 'Row {row} of "{file}" is malformed ({reason}).',
      zh: '文件 "{file}" 第 {row} 行格式有误（{reason}）。',
    },
    todo: {
      en: 'Look at it with "yiwang quarantine show", correct it in the hotline system or in the file, and export again; then discard this item.',
      zh: '请用 "yiwang quarantine show" 查看，在热线系统或文件中改正后重新导出，然后废弃本条目。',
    },
  },
  ROW_NO_TEXT: {
    kind: 'data',
    what: {
      en: 'Row {row} of {file} has neither a title nor a text; its columns are {columns}.',
      zh: '{file} 第 {row} 行既无标题也无内容；该行的列为 {columns}。',
    },
    todo: {
      en: 'If one of these columns holds the text, name it under "columns: body:" of the source and redrive; otherwise discard the row.',
      zh: '若其中某列就是诉求内容，请在来源的 "columns: body:" 中写明列名，再重新处理；否则废弃本条目。',
    },
  },
  MAIL_EMPTY: {
    kind: 'data',
    what: {
      en: 'The mail has neither subject, text nor attachment.',
      zh: '该邮件既无主题、正文，也无附件。',
    },
    todo: {
      en: 'Look at the original with "yiwang quarantine show"; discard it when there is nothing in it.',
      zh: '请用 "yiwang quarantine show" 查看原件；确无内容则废弃本条目。',
    },
  },
  // ── command line ───────────────────────────────────────────────────────────
  TICKET_UNKNOWN: {
    kind: 'data',
    what: { en: 'There is no ticket "{ticket}".', zh: '没有工单 "{ticket}"。' },
    todo: { en: 'List tickets with "yiwang tickets".', zh: '请用 "yiwang tickets" 查询工单编号。' },
  },
  TICKET_AMBIGUOUS: {
    kind: 'data',
    what: { en: 'Several tickets go by "{id}": {tickets}.', zh: '编号 "{id}" 对应多张工单：{tickets}。' },
    todo: { en: 'Give the id of one of them.', zh: '请给出其中一张的工单编号。' },
  },
  LINK_SELF: {
    kind: 'data',
    what: {
      en: 'Tickets {ticket} and {other} are already the same report.',
      zh: '工单 {ticket} 与 {other} 本来就是同一诉求。',
    },
    todo: { en: 'Name two different reports.', zh: '请指定两件不同的诉求。' },
  },
  LINK_LOOP: {
    kind: 'data',
    what: {
      en: 'Ticket {ticket} cannot repeat {other}: {other} is linked as a repeat of {ticket}.',
      zh: '工单 {ticket} 不能关联到 {other}：{other} 已作为重复工单关联到 {ticket}。',
    },
    todo: {
      en: 'First remove that link with "yiwang unlink {other}".',
      zh: '请先用 "yiwang unlink {other}" 解除关联。',
    },
  },
  NOT_LINKED: {
    kind: 'data',
    what: { en: 'Ticket {ticket} has no link.', zh: '工单 {ticket} 没有任何关联。' },
    todo: {
      en: 'Look at it with "yiwang explain {ticket}".',
      zh: '可用 "yiwang explain {ticket}" 查看。',
    },
  },
  RULING_GIVEN_UP: {
    kind: 'data',
    what: {
      en: 'What a person said of ticket {ticket} was interrupted and cannot be completed ({reason}). It was given up: some of the tickets that it changes may be changed, others not.',
      zh: '对工单 {ticket} 的人工认定曾被中断，且无法继续完成（{reason}），现已放弃：涉及的工单可能只更改了一部分。',
    },
    todo: {
      en: 'Look at that ticket with "yiwang explain {ticket}" and say it again with "yiwang link" or "yiwang unlink". Whatever command met this has done nothing else: run it again.',
      zh: '请用 "yiwang explain {ticket}" 查看该工单，再用 "yiwang link" 或 "yiwang unlink" 重新认定。遇到此错误的命令没有做其他工作，请重新执行。',
    },
  },
  ITEM_UNKNOWN: {
    kind: 'data',
    what: { en: 'Nothing is known under "{id}".', zh: '没有编号为 "{id}" 的工单或条目。' },
    todo: {
      en: "Give a ticket's id (T-…), an item's id (R-…) or the source's own id, exactly as written.",
      zh: '请给出工单编号（T-…）、条目编号（R-…）或来源自己的编号，须完全一致。',
    },
  },
  ITEMS_NOT_NAMED: {
    kind: 'data',
    what: { en: 'No items are named.', zh: '没有指定条目。' },
    todo: { en: 'Name them, or give one of {known}.', zh: '请指定编号，或使用 {known}。' },
  },
  PATH_UNREADABLE: {
    kind: 'data',
    what: { en: '{path} cannot be read ({reason}).', zh: '无法读取 {path}（{reason}）。' },
    todo: { en: 'Check the name and the permissions.', zh: '请检查路径和权限。' },
  },
  PATH_NOT_WRITTEN: {
    kind: 'data',
    what: { en: '{path} cannot be written ({reason}).', zh: '无法写入 {path}（{reason}）。' },
    todo: { en: 'Check the permissions and the free space.', zh: '请检查权限和剩余空间。' },
  },
  IMPORT_NO_SOURCE: {
    kind: 'data',
    what: {
      en: 'No configured source reads {path} ({kind}).',
      zh: '已配置的来源都不能读取 {path}（{kind}）。',
    },
    todo: {
      en: 'Configure a source with a folder of that kind, or name one with --source.',
      zh: '请配置一个读取此类文件的来源，或用 --source 指定。',
    },
  },
  IMPORT_AMBIGUOUS: {
    kind: 'data',
    what: {
      en: 'More than one source could read {path} ({kind}).',
      zh: '多个来源都可读取 {path}（{kind}）。',
    },
    todo: { en: 'Name one with --source: {known}.', zh: '请用 --source 指定其一：{known}。' },
  },
  TIME_UNREADABLE: {
    kind: 'data',
    what: { en: '"{text}" is not a time.', zh: '"{text}" 不是有效的时间。' },
    todo: {
      en: 'Write 2026-03-01, or 2026-03-01T08:05:00+08:00 with its offset; --since also takes 7d (7 days ago) or 12h.',
      zh: '请写成 2026-03-01，或带时区的 2026-03-01T08:05:00+08:00；起始时间也可写成 7d（7 天前）或 12h（12 小时前）。',
    },
  },
  // ── everything else ────────────────────────────────────────────────────────
  STOPPED: {
    kind: 'transient',
    what: { en: 'The work was stopped before it was finished.', zh: '任务未完成即被停止。' },
    todo: { en: 'Nothing is lost: the next run goes on.', zh: '数据没有丢失，下次运行会继续。' },
  },
  EVAL_FILE: {
    kind: 'data',
    what: {
      en: '{file}, line {line} is not a report that can be evaluated: {reason}.',
      zh: '{file} 第 {line} 行不是可用于评测的诉求：{reason}。',
    },
    todo: {
      en: 'Each line is a JSON object; "yiwang dedupe tune --help" shows one.',
      zh: '每行应为一个 JSON 对象，格式见 "yiwang dedupe tune --help"。',
    },
  },
  EVAL_NO_PAIRS: {
    kind: 'data',
    what: {
      en: 'No two reports of {file} are labelled as belonging together.',
      zh: '{file} 中没有标注为应关联的诉求对。',
    },
    todo: {
      en: 'Label repeats of one report with the same "report", and reports of one incident with the same "incident".',
      zh: '请给重复提交的诉求标注相同的 report，给同一事件的诉求标注相同的 incident。',
    },
  },
  INTERNAL: {
    kind: 'bug',
    what: { en: 'Internal error: {reason}.', zh: '程序内部错误：{reason}。' },
    todo: {
      en: 'Please report it to the developers; the log at level debug has more.',
      zh: '请向开发方反馈；debug 级日志中有更多信息。',
    },
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue

/**
 * Values for the `{name}` places of a catalogue text. Never personal data, never secrets.
 * `name.zh` is used instead of `name` in the Chinese text, and `name.en` in the English one.
 */
export type ErrorDetails = Readonly<Record<string, string | number>>

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

type TextsOf<Code extends ErrorCode> = (typeof catalogue)[Code]['what' | 'todo']['en']

/** With every `{name}` of the code's text; of a code that is known only when it runs, whatever there is. */
export type DetailsOf<Code extends ErrorCode> = ErrorCode extends Code
  ? ErrorDetails
  : ErrorDetails & Readonly<Record<NamesIn<TextsOf<Code>>, string | number>>

/** The only error that crosses a folder. Its `message` is the English text. */
export class YiwangError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'YiwangError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(
    code: Code,
    ...[details = {}, cause]: ErrorDetails extends DetailsOf<Code>
      ? [details?: ErrorDetails, cause?: unknown]
      : [details: DetailsOf<Code>, cause?: unknown]
  ) {
    super(describeError(code, details, 'en'), cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  get kind(): ErrorKind {
    return catalogue[this.code].kind
  }
}

/** `CODE: what happened. What to do.` in one language. */
export function describeError(code: ErrorCode, details: ErrorDetails, locale: Locale): string {
  const { what, todo } = catalogue[code]
  const happened = fill(what[locale], details, locale)
  // A Chinese full stop brings its own space, and a list ends its line.
  const space = /[。\n]$/.test(happened) ? '' : ' '
  return `${code}: ${happened}${space}${fill(todo[locale], details, locale)}`
}

/** Whether a string names an error of the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code)
}

/** An unexpected throw as the catalogue's INTERNAL, anything else unchanged. */
export function toYiwangError(thrown: unknown): YiwangError {
  if (thrown instanceof YiwangError) return thrown
  return new YiwangError(
    'INTERNAL',
    { reason: thrown instanceof Error ? thrown.message : String(thrown) },
    thrown,
  )
}

function fill(template: string, details: ErrorDetails, locale: Locale): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) =>
    String(details[`${name}.${locale}`] ?? details[name] ?? place),
  )
}
