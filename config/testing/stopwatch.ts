/**
 * Starts now; when asked, tells the processor time of this thread since then, measured by what sorting 100,000 short texts
 * takes just before and after. Such a bound holds on slow and busy machines, where one in milliseconds would not: a sort
 * takes 30 to 80 ms.
 */
export function stopwatch(): () => number {
  const sortBefore = timeOfSort()
  const began = process.threadCpuUsage()
  return () => {
    const took = process.threadCpuUsage(began).user
    return took / Math.max(sortBefore, timeOfSort())
  }
}

function timeOfSort(): number {
  const began = process.threadCpuUsage()
  Array.from({ length: 100_000 }, (_, n) => String((n * 7_919) % 100_003)).sort()
  return process.threadCpuUsage(began).user
}
