export type Locale = 'en' | 'zh'

/** The same words in both languages. */
export interface LocalText {
  readonly en: string
  readonly zh: string
}

/**
 * The locale is the first of LC_ALL, LC_MESSAGES and LANG that is set, as POSIX orders them. Unless it is C or POSIX,
 * the languages of LANGUAGE (`zh_CN:en`) go before it, as GNU gettext has it; of these the first that we speak counts.
 */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const set = env.LC_ALL || env.LC_MESSAGES || env.LANG || 'C'
  const languages = /^(C|POSIX)(\.|$)/.test(set) ? '' : env.LANGUAGE || set
  const spoken = languages.split(':').find((language) => /^(zh|en)/i.test(language)) ?? ''
  return spoken.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
