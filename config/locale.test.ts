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
])('the environment %o speaks %s', (env, locale) => expect(localeOf(env)).toBe(locale))
