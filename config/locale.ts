export type Locale = 'en' | 'zh'

/** The same words in both languages. */
export interface LocalText {
  readonly en: string
  readonly zh: string
}

/** Chinese when the first of LC_ALL, LC_MESSAGES and LANG that is set begins with `zh`, as POSIX orders them. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const set = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return set.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
