import { mkdirSync, writeFileSync } from 'node:fs'
import { committed, generatedFiles, repository } from './generators/generated-files.ts'

/** Writes every generated file, or with `--check` fails when one of them would change. */
const checkOnly = process.argv.includes('--check')
const changed = generatedFiles.flatMap(({ path, render }) => {
  const text = render()
  return text === committed(path) ? [] : [{ path, text }]
})

for (const { path, text } of changed) {
  process.stderr.write(checkOnly ? `${path} is not up to date\n` : `${path} written\n`)
  if (checkOnly) continue
  const url = new URL(path, repository)
  mkdirSync(new URL('./', url), { recursive: true })
  writeFileSync(url, text)
}
if (checkOnly && changed.length > 0) {
  process.stderr.write('Run "npm run generate" and commit what it writes.\n')
  process.exitCode = 1
}
