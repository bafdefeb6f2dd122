/** Work that has not ended so long after a stop was asked for is cut off, which is as safe as a crash. */
export const stopWithinMs = 9_000
/** What may keep the process alive after everything is closed, such as a timer for reconnecting, has this long. */
const lingerMs = 300

/** Ends the process soon, once slow readers have taken all. */
export async function endSoon(process: NodeJS.Process): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(written))
  setTimeout(() => process.exit(), lingerMs).unref()
}

/** Ends when a slow reader has taken all; what it has not is kept in this process and would end with it. */
export function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}
