import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Compiles what is published into dist/, and copies what it reads at run time.

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const testOnly = /\/(suite|testing|fixtures)\/|\.(test|suite)\./

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
const assets = globSync('{connectors,normalizers,dedupe,pipeline,config,scripts/cli}/**/*.json', {
  cwd: root,
}).filter((path) => !testOnly.test(path))
for (const path of assets) cpSync(join(root, path), join(dist, path))
chmodSync(join(dist, 'scripts/cli/yiwang.js'), 0o755)
console.error(`dist/: compiled, ${assets.length} data files copied`)
