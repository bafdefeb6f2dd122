/** Written into every ticket. Changes with the rules, the words or the weights. */
export const algorithm = 'similar/23'
