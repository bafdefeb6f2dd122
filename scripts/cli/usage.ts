import type { CommanderError } from 'commander'
import type { Cli } from './cli.ts'
import type { MessageKey } from './messages.ts'

/** Our own code beside the parser's. */
export const repeatedOption = 'yiwang.repeatedOption'

const keys: Readonly<Record<string, MessageKey>> = {
  'commander.unknownCommand': 'unknownCommand',
  'commander.unknownOption': 'unknownOption',
  'commander.missingArgument': 'missingArgument',
  'commander.optionMissingArgument': 'optionMissingArgument',
  'commander.missingMandatoryOptionValue': 'missingOption',
  'commander.excessArguments': 'excessArguments',
  'commander.invalidArgument': 'invalidArgument',
  [repeatedOption]: 'repeatedOption',
}

/**
 * What is wrong with a command line. The parser speaks English only; all we take from it is the word that it quotes
 * and the values that it would allow.
 */
export function usageText(error: CommanderError, cli: Cli): string {
  const key = keys[error.code]
  if (key === undefined || cli.locale === 'en') return error.message
  const [, word = ''] = /'([^']*)'/.exec(error.message) ?? []
  const [, allowed = ''] =
    / is invalid(?: for argument '[^']*')?\. (?:Allowed choices are )?(.*?)\.?$/.exec(error.message) ?? []
  const [, words] = /\(Did you mean (?:one of )?(.*)\?\)$/.exec(error.message) ?? []
  const suggestion = words === undefined ? '' : cli.say('didYouMean', { words })
  return `${cli.say(key, { word, allowed })}${suggestion}`
}
