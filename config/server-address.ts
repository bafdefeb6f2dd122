const host = String.raw`(?:\[[\da-fA-F:.]+\]|[^\s:/?#[\]@,]+)(?::\d+)?`
const credentials = String.raw`(?:([^\s:/?#[\]@]+(?::[^\s:/?#[\]@]*)?)@)?`
/** https://www.mongodb.com/docs/manual/reference/connection-string/; '@' may stand in the options (Azure's appName). */
const mongoForm = new RegExp(
  String.raw`^(mongodb(?:\+srv)?):\/\/${credentials}(${host}(?:,${host})*)(\/[^\s/?#@]*)?(?:\?(?:[^\s=&#]+=[^\s&#]*(?:&|$))*)?$`,
)

/** Whether this is the address of a MongoDB, every character of a user name and password in its place. */
export function isMongoUrl(url: string): boolean {
  const [, scheme, login = '', hosts = ''] = mongoForm.exec(url) ?? []
  if (scheme === undefined || !isDecodable(login)) return false
  const ports = hosts.split(',').map((one) => /:(\d+)$/.exec(one)?.[1])
  return scheme === 'mongodb+srv'
    ? ports.length === 1 && ports[0] === undefined
    : ports.every((port) => port === undefined || (Number(port) >= 1 && Number(port) <= 65_535))
}

/** Whether the address of a MongoDB says which database is meant; of one that does not the driver takes "test". */
export function namesDatabase(url: string): boolean {
  const [, , , , database = ''] = mongoForm.exec(url) ?? []
  return database.length > 1
}

/** Of the client's options; with others it would connect differently from what the rest of the address says. */
const redisOptions: ReadonlySet<string> = new Set(['db', 'family', 'path'])

/** Whether this is the address of a Redis; the path is nothing but the number of a database. */
export function isRedisUrl(url: string): boolean {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) return false
  const { username, password, port, pathname, search, searchParams, hash } = new URL(url)
  return (
    isDecodable(`${username}:${password}`) &&
    port !== '0' &&
    /^\/?\d*$/.test(pathname) &&
    searchParams.keys().every((name) => redisOptions.has(name)) &&
    /^\d*$/.test(searchParams.get('db') ?? '') &&
    // Here it is the end of a password with a '?' that is not encoded.
    !search.includes('@') &&
    hash === ''
  )
}

/**
 * An address as messages may show it: scheme, hosts, the name or number of the database, and the options of Redis.
 * Of one that is not understood, the scheme alone: anything else may be a part of the password.
 */
export function shownAddress(url: string): string {
  if (isRedisUrl(url)) {
    const { protocol, host, pathname, search } = new URL(url)
    return `${protocol}//${host}${pathname}${search}`
  }
  if (isMongoUrl(url)) {
    const [, scheme, , hosts, database = ''] = mongoForm.exec(url) ?? []
    return `${scheme}://${hosts}${database}`
  }
  return `${/^[a-z][a-z+]*:\/\//.exec(url)?.[0] ?? ''}…`
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
