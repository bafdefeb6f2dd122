import { expect, test } from 'vitest'
import { localeOf } from './locale.ts'

test.each([
  [{}, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'ZH_TW' }, 'zh'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'en_US', LC_MESSAGES: 'zh_CN' }, 'zh'],
  [{ LANG: 'zh_CN', LC_ALL: '', LC_MESSAGES: '' }, 'zh'],
  [{ LANG: 'en_US.UTF-8', LANGUAGE: 'zh_CN:en' }, 'zh'],
  [{ LC_ALL: 'zh_CN.UTF-8', LANGUAGE: 'en_US:en' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LANGUAGE: 'fr:zh_CN:en' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LANGUAGE: 'fr' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8', LANGUAGE: '' }, 'zh'],
  [{ LANG: 'C.UTF-8', LANGUAGE: 'zh_CN' }, 'en'],
  [{ LANG: 'C', LANGUAGE: 'zh_CN:en' }, 'en'],
  [{ LC_ALL: 'POSIX', LANG: 'zh_CN', LANGUAGE: 'zh_CN' }, 'en'],
  [{ LANGUAGE: 'zh_CN:en' }, 'en'],
])('the environment %o speaks %s', (env, locale) => expect(localeOf(env)).toBe(locale))
