import type { LocalText } from './locale.ts'

/** The types that YAML values have. */
export type Expected = 'string' | 'number' | 'int' | 'boolean' | 'array' | 'object'

const typeWords: Readonly<Record<Expected, LocalText>> = {
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: ' true 或 false' },
  array: { en: 'a list', zh: '列表' },
  object: { en: 'a group of settings (name: value)', zh: '一组设置（名称: 值）' },
}

const fraction: LocalText = { en: 'one with a fraction', zh: '小数' }
const notFinite: LocalText = { en: 'one that is too large, .inf or .nan', zh: '过大的数、.inf 或 .nan' }

const formatWords: Readonly<Record<string, LocalText>> = {
  url: { en: 'an address such as https://example.org', zh: '形如 https://example.org 的地址' },
  email: { en: 'an e-mail address', zh: '电子邮件地址' },
  datetime: { en: 'a time such as 2026-03-01T08:05:00+08:00', zh: '形如 2026-03-01T08:05:00+08:00 的时间' },
  date: { en: 'a date such as 2026-03-01', zh: '形如 2026-03-01 的日期' },
}

interface LimitWords extends LocalText {
  /** In Chinese, of what is counted. */
  readonly zhCount: string
}

/** What the numbers of a limit count: characters, entries, or nothing but the value itself. */
function limit(origin: string, bound: number, { en, zh, zhCount }: LimitWords): LocalText {
  const many = bound === 1 ? '' : 's'
  if (origin === 'string')
    return { en: `have ${en} ${bound} character${many}`, zh: `${zhCount} ${bound} 个字符` }
  if (origin !== 'array' && origin !== 'set') return { en: `be ${en} ${bound}`, zh: `${zh} ${bound}` }
  return {
    en: `have ${en} ${bound} ${bound === 1 ? 'entry' : 'entries'}`,
    zh: `${zhCount} ${bound} 项`,
  }
}

/** What is wrong with a setting, in both languages. None shows the setting's value. */
export const issueTexts = {
  missing: (name: string): LocalText => ({
    en: `The setting "${name}" is missing`,
    zh: `缺少设置 "${name}"`,
  }),
  unknownKey: (given: string, meant: string | null, known: readonly string[]): LocalText => {
    const key = withInvisible(given)
    if (/[:：]/.test(key)) {
      // What follows may be a password.
      const shown = key.replace(/(?<=[:：]).*/s, '…')
      return {
        en: `Unknown setting "${shown}"; after a name come a half-width ":" and a space`,
        zh: `未知的设置 "${shown}"；名称之后须有半角的 ":" 和一个空格`,
      }
    }
    if (meant !== null) {
      return {
        en: `Unknown setting "${key}"; did you mean "${meant}"?`,
        zh: `未知的设置 "${key}"；是否应为 "${meant}"？`,
      }
    }
    return {
      en: `Unknown setting "${key}"; known here: ${known.join(', ')}`,
      zh: `未知的设置 "${key}"；此处可用：${known.join('、')}`,
    }
  },
  clashingKey: (key: string): LocalText => ({
    en: `"${key}" cannot be used together with the other settings here`,
    zh: `"${key}" 不能与此处的其他设置同时使用`,
  }),
  type: (name: string, expected: Expected, value: unknown): LocalText => {
    const wanted = typeWords[expected]
    if (value === null)
      return { en: `"${name}" is empty; it must be ${wanted.en}`, zh: `"${name}" 为空；应为${wanted.zh}` }
    const given = givenWords(expected, value)
    return {
      en: `"${name}" must be ${wanted.en}, not ${given.en}`,
      zh: `"${name}" 应为${wanted.zh}，而不是${given.zh}`,
    }
  },
  value: (name: string, values: readonly string[], meant: string | null): LocalText => {
    return {
      en: `"${name}" must be one of ${values.join(', ')}${meant === null ? '' : `; did you mean "${meant}"?`}`,
      zh: `"${name}" 只能是其中之一：${values.join('、')}${meant === null ? '' : `；是否应为 "${meant}"？`}`,
    }
  },
  tooSmall: (name: string, origin: string, minimum: number, inclusive: boolean): LocalText => {
    const words = inclusive
      ? { en: 'at least', zh: '不能小于', zhCount: '不能少于' }
      : { en: 'more than', zh: '必须大于', zhCount: '必须多于' }
    const { en, zh } = limit(origin, minimum, words)
    return { en: `"${name}" must ${en}`, zh: `"${name}" ${zh}` }
  },
  tooBig: (name: string, origin: string, maximum: number, inclusive: boolean): LocalText => {
    const words = inclusive
      ? { en: 'at most', zh: '不能大于', zhCount: '不能多于' }
      : { en: 'less than', zh: '必须小于', zhCount: '必须少于' }
    const { en, zh } = limit(origin, maximum, words)
    return { en: `"${name}" must ${en}`, zh: `"${name}" ${zh}` }
  },
  format: (name: string, format: string): LocalText => {
    const wanted = formatWords[format] ?? { en: `of the form "${format}"`, zh: `"${format}" 格式` }
    return { en: `"${name}" must be ${wanted.en}`, zh: `"${name}" 应为${wanted.zh}` }
  },
  /** A message that a connector gave in one language only. */
  other: (message: string): LocalText => ({ en: message, zh: message }),
} as const

/** What an editor shows as nothing or as a space, such as what a copied page leaves, by its number. */
function withInvisible(text: string): string {
  return text.replace(/\p{Cf}|(?! )\p{Z}/gu, (character) => {
    const number = character.codePointAt(0) ?? 0
    return `<U+${number.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

function givenWords(expected: Expected, value: unknown): LocalText {
  const isWanted = expected === 'int' || expected === 'number'
  if (!isWanted || typeof value !== 'number') return typeWords[typeOf(value)]
  return Number.isFinite(value) ? fraction : notFinite
}

function typeOf(value: unknown): Expected {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
    return typeof value as Expected
  return 'object'
}
