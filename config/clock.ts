/** The present moment in milliseconds since the epoch. Passed in, so that tests decide what time it is. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
