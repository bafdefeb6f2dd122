export type Environment = Readonly<Record<string, string | undefined>>

/** What became of one text with `${NAME}` places. */
export interface Expansion {
  readonly text: string
  /** Variables that were filled in, with what came of them: for hiding them in error texts. */
  readonly used: ReadonlyMap<string, string>
  /** Variables that are not set and have no default. */
  readonly missing: readonly string[]
  /** `${` that no name and closing brace follow. */
  readonly malformed: boolean
}

/** A default ends at the first brace, so it cannot hold a variable of its own. */
const place = /\$?\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\$\{)[^}])*))?\})?/g

/**
 * Fills in `${NAME}` and `${NAME:-default}`; the default also stands in for an empty variable, as in a shell.
 * `$${` writes a literal `${`. Runs on parsed scalars only, so a value can never become YAML.
 */
export function expandVariables(text: string, env: Environment): Expansion {
  const used = new Map<string, string>()
  const missing: string[] = []
  let malformed = false
  const filled = text.replace(place, (whole: string, name?: string, fallback?: string) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    if (name === undefined) {
      malformed = true
      return whole
    }
    const value = env[name] || fallback
    if (value === undefined) missing.push(name)
    else used.set(name, value)
    return value ?? ''
  })
  return { text: filled, used, missing, malformed }
}
