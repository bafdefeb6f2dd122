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

/** A whole number that an option was given. Anything else ends the script with 2, and a line that says so. */
export function countOf(option: string, text: string, least: 0 | 1 = 0): number {
  if (/^\d{1,12}$/.test(text) && Number(text) >= least) return Number(text)
  process.stderr.write(`--${option} takes a whole number${least === 1 ? ' from 1 on' : ''}, not '${text}'\n`)
  process.exit(2)
}
