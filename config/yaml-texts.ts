import type { YAMLError } from 'yaml'
import type { LocalText } from './locale.ts'

/** The kinds of complaints that the YAML parser has. */
export type YamlCode = YAMLError['code']

const noKey: LocalText = { en: 'This cannot be a key; a key is a text', zh: '此处不能作为键；键必须是文本' }

/** Our own words for the parser's complaints: its messages are English only and may quote the file. */
const texts: Partial<Record<YamlCode, LocalText>> = {
  BAD_ALIAS: {
    en: 'This alias (*name) has no anchor (&name) before it, or refers to itself; a text that begins with "*" needs quotes',
    zh: '此别名（*name）之前没有对应的锚点（&name），或引用了自身；以 "*" 开头的文本请加引号',
  },
  BAD_DQ_ESCAPE: {
    en: 'Inside double quotes a backslash starts an escape, and this one is unknown; use single quotes',
    zh: '双引号内的反斜杠表示转义，此处的转义不存在；请改用单引号',
  },
  BAD_INDENT: {
    en: 'The indentation does not fit the lines around it, or a bracket is not closed',
    zh: '缩进与前后行不一致，或括号未闭合',
  },
  BAD_SCALAR_START: {
    en: 'A plain text cannot begin with this character; put it in quotes',
    zh: '未加引号的文本不能以此字符开头，请加引号',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    en: 'A second ": " on this line; put the text in quotes or start a new line',
    zh: '本行出现了第二个 ": "；请给文本加引号或换行',
  },
  BLOCK_IN_FLOW: {
    en: 'Lines with "-" or "key:" cannot stand inside [ ] or { }',
    zh: '[ ] 或 { } 之内不能使用 "-" 或换行键的写法',
  },
  DUPLICATE_KEY: { en: 'This key was already given above', zh: '该键在上文已出现过' },
  // So the parser calls a key such as [a] that follows a comment.
  IMPOSSIBLE: noKey,
  KEY_OVER_1024_CHARS: { en: 'The key is longer than 1024 characters', zh: '键超过 1024 个字符' },
  MISSING_CHAR: {
    en: 'Something is missing here: a closing quote or bracket, a comma, or the space after ":"',
    zh: '此处缺少字符：右引号、右括号、逗号，或 ":" 之后的空格',
  },
  MULTILINE_IMPLICIT_KEY: {
    en: 'A key must stand on one line; is a ":" missing, or the space after it?',
    zh: '键必须写在一行内；是否缺少 ":" 或其后的空格？',
  },
  MULTIPLE_DOCS: {
    en: 'A second document (---) in one file; write one document per file',
    zh: '同一文件中出现第二个文档（---）；每个文件只能有一个文档',
  },
  NON_STRING_KEY: noKey,
  RESOURCE_EXHAUSTION: {
    en: 'The file nests too deeply, or its aliases grow to more values than a configuration may have',
    zh: '文件嵌套过深，或别名展开后的数量超过配置允许的上限',
  },
  TAB_AS_INDENT: { en: 'Tabs cannot indent YAML; use spaces', zh: 'YAML 不能用制表符缩进，请用空格' },
  TAG_RESOLVE_FAILED: {
    en: 'Tags (!name) are not supported; put a text that begins with "!" in quotes',
    zh: '不支持标签（!name）；以 "!" 开头的文本请加引号',
  },
  UNEXPECTED_TOKEN: {
    en: `Not expected here; is there a quote, a bracket or an indentation too much? Inside { } and [ ] a \${NAME} needs quotes`,
    zh: `此处内容不符合 YAML 语法；是否多了引号、括号或缩进？在 { } 或 [ ] 之内，\${NAME} 须加引号`,
  },
}

/** What a complaint of the YAML parser means, in both languages. */
export function yamlText(code: YamlCode): LocalText {
  return texts[code] ?? { en: `Not valid YAML (${code})`, zh: `不是有效的 YAML（${code}）` }
}

/** What is wrong with a quote that runs to the end of the file. */
export const openQuoteText: LocalText = { en: 'This quote is never closed', zh: '此引号没有闭合' }

/** What is wrong with a line that stands too far right. */
export const deeperText: LocalText = {
  en: 'This line is indented further than its group; all lines of a group begin in one column',
  zh: '此行比所在的组缩进更多；同一组的各行必须从同一列开始',
}

/** What is wrong with `-name`. */
export const dashText: LocalText = { en: 'The space after "-" is missing', zh: '"-" 之后缺少空格' }

/** What is wrong with `{ a: 1 b: 2 }`. */
export const commaText: LocalText = {
  en: 'A comma is missing before the next name',
  zh: '下一个名称之前缺少逗号',
}

/** What is wrong with a star that begins no alias. */
export const starText: LocalText = {
  en: 'A text that begins with "*" needs quotes',
  zh: '以 "*" 开头的文本请加引号',
}

/** What is wrong with a character that only looks like one of YAML's. */
export function strangeText(character: string): LocalText {
  const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  return {
    en: `This character (${name}) only looks like one of YAML's; type the half-width one, and a space after ":" and "-"`,
    zh: `此字符（${name}）不是 YAML 的符号；请改用半角符号，":" 和 "-" 之后须有空格`,
  }
}

/** What is wrong with `[a，b]`. */
export const wideCommaText: LocalText = {
  en: 'A full-width comma parts no entries; type a half-width one, or put the text in quotes if it is a part of it',
  zh: '全角逗号不能分隔列表项；请改用半角逗号，若逗号属于文本本身，请给文本加引号',
}

/** What is wrong with `<<: name`. */
export const mergeText: LocalText = {
  en: 'After "<<:" comes *name, where &name marks a group of settings',
  zh: '"<<:" 之后应为 *名称，且 &名称 标记的应是一组设置',
}

/** What is wrong with “quotes” that an input method gives. */
export const wideQuotesText: LocalText = {
  en: 'YAML takes these quotes for a part of the text; type half-width ones',
  zh: 'YAML 会把这种引号当作文本的一部分；请改用半角引号',
}

/** What is wrong with a `${NAME}`. */
export const environmentText = {
  missing: (name: string): LocalText => ({
    en: `The environment variable ${name} is not set, or empty; set it, or give a default as \${${name}:-default}`,
    zh: `环境变量 ${name} 未设置或为空；请设置它，或写成 \${${name}:-默认值}`,
  }),
  lineBreak: (name: string): LocalText => ({
    en: `The environment variable ${name} ends with a line break, as files and "echo" write it; take it away`,
    zh: `环境变量 ${name} 末尾带有换行符（来自文件或 echo）；请去掉`,
  }),
  unbraced: {
    en: `An environment variable is written \${NAME}, all three marks half-width; where $NAME itself is meant, write \${NAME:-$NAME}`,
    zh: `环境变量须写成 \${NAME}，三个符号均为半角；若本意就是 $NAME 这几个字符，请写 \${NAME:-$NAME}`,
  },
  home: {
    en: `"~" is not the home folder here; write \${HOME}/… or the whole path`,
    zh: `"~" 在此不代表主目录；请写成 \${HOME}/… 或完整路径`,
  },
  malformed: {
    en: `"\${" must be followed by a variable name and "}"; write "$\${" for the two characters themselves`,
    zh: `"\${" 之后必须是变量名和 "}"；若要写这两个字符本身，请写 "$\${"`,
  },
} as const
