import { type Columns, type Examples, sigmoid } from './examples.ts'

export interface Logistic {
  readonly intercept: number
  /** One for each column; of the sign that its column has. */
  readonly weights: readonly number[]
}

const iterations = 3_000

/** Logistic regression with signs and an L2 penalty on standardized columns, by accelerated projected gradients. */
export function fitLogistic<Name extends string>(
  { rows, labels, weights }: Examples,
  { names, signs }: Columns<Name>,
  penalty: number,
): Logistic {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scales = names.map((_, column) => deviation(rows, weights, column, total))
  const inputs = rows.map((row) => row.map((value, column) => value / (scales[column] ?? 1)))
  const width = names.length
  const rate = 4 / largestNorm(inputs)
  let current = new Float64Array(width + 1)
  let ahead = current
  let momentum = 1
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const gradient = gradientAt(ahead, inputs, labels, weights, total)
    const next = ahead.map((value, column) => {
      const slope = (gradient[column] ?? 0) + (column < width ? (penalty * value) / total : 0)
      return projected(value - rate * slope, column < width ? (signs[column] ?? 0) : 0)
    })
    const following = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const push = (momentum - 1) / following
    ahead = next.map((value, column) => value + push * (value - (current[column] ?? 0)))
    current = next
    momentum = following
  }
  return {
    intercept: current[width] ?? 0,
    weights: names.map((_, column) => (current[column] ?? 0) / (scales[column] ?? 1)),
  }
}

export function logitOf({ intercept, weights }: Logistic, row: Float64Array): number {
  return weights.reduce((sum, weight, column) => sum + weight * (row[column] ?? 0), intercept)
}

function projected(value: number, sign: -1 | 0 | 1): number {
  return sign === 0 ? value : sign > 0 ? Math.max(0, value) : Math.min(0, value)
}

function gradientAt(
  at: Float64Array,
  inputs: readonly Float64Array[],
  labels: readonly number[],
  weights: readonly number[],
  total: number,
): Float64Array {
  const width = at.length - 1
  const gradient = new Float64Array(at.length)
  for (const [index, input] of inputs.entries()) {
    let sum = at[width] ?? 0
    for (let column = 0; column < width; column += 1) sum += (at[column] ?? 0) * (input[column] ?? 0)
    const error = ((sigmoid(sum) - (labels[index] ?? 0)) * (weights[index] ?? 0)) / total
    for (let column = 0; column < width; column += 1)
      gradient[column] = (gradient[column] ?? 0) + error * (input[column] ?? 0)
    gradient[width] = (gradient[width] ?? 0) + error
  }
  return gradient
}

function largestNorm(inputs: readonly Float64Array[]): number {
  return inputs.reduce(
    (most, input) =>
      Math.max(
        most,
        input.reduce((sum, value) => sum + value * value, 1),
      ),
    1,
  )
}

function deviation(
  rows: readonly Float64Array[],
  weights: readonly number[],
  column: number,
  total: number,
): number {
  let sum = 0
  let squares = 0
  for (const [index, row] of rows.entries()) {
    const value = row[column] ?? 0
    sum += (weights[index] ?? 0) * value
    squares += (weights[index] ?? 0) * value * value
  }
  const variance = squares / total - (sum / total) ** 2
  return variance > 1e-12 ? Math.sqrt(variance) : 1
}
