import { type ParseArgsConfig, parseArgs } from 'node:util'

/** The options of a developer's script. One that it does not know ends it with 2, and a line that names those it knows. */
export function readArguments<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config)
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ', 1)
    const known = Object.entries(config.options ?? {}).map(
      ([name, { type }]) => `--${name}${type === 'string' ? ' …' : ''}`,
    )
    process.stderr.write(`${message}; known: ${known.join(', ')}\n`)
    process.exit(2)
  }
}
