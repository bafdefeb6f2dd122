import type { DetailsOf, ErrorCode } from '../config/errors.ts'

/** The facts of an item that is not what it should be: an error code, with every detail that its text names. */
export function itemProblem<Code extends ErrorCode>(problem: Code, details: DetailsOf<Code>) {
  return { problem, problemDetail: JSON.stringify(details) }
}
