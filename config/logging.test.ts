import { expect, it } from 'vitest'
import { createLogger } from './logging.ts'

function logged(facts: object, message: string) {
  let line = ''
  createLogger({ level: 'info' }, (text) => {
    line = text
  }).info(facts, message)
  return JSON.parse(line)
}

it.each([
  ['王某13812345678投诉.csv', '王某138****5678投诉.csv'],
  ['138-1234-5678.eml', '138-****-5678.eml'],
  ['tel8613812345678.csv', 'tel86138****5678.csv'],
  ['+86 13812345678.csv', '+86 138****5678.csv'],
  ['320602198001011234.csv', '320602*********234.csv'],
  ['32060219800101123X.csv', '320602*********23X.csv'],
  ['12345工单20250301-20250307.xlsx', '12345工单20250301-20250307.xlsx'],
  ['导出20250301083000.xls', '导出20250301083000.xls'],
  ['工单202503150010013.csv', '工单202503150010013.csv'],
])('masks phones and identity numbers of a file name, and nothing else: %s', (file, shown) => {
  expect(logged({ file, sheets: [file], columns: { body: [file] } }, `about ${file}`)).toMatchObject({
    ...{ file: shown, sheets: [shown], columns: { body: [shown] } },
    msg: `about ${shown}`,
  })
})

it('leaves its own numbers as they are', () => {
  expect(logged({ bytes: 13812345678 }, '')).toMatchObject({ level: 30, bytes: 13812345678 })
})
