import { Command, CommanderError, Option } from 'commander'
import type { Cli, GlobalOptions } from './cli.ts'
import { addCheck } from './commands/check.ts'
import { addDedupe } from './commands/dedupe.ts'
import { addExplain } from './commands/explain.ts'
import { addImport } from './commands/import.ts'
import { addIncidents } from './commands/incidents.ts'
import { addInit } from './commands/init.ts'
import { addLink, addUnlink } from './commands/link.ts'
import { addLint } from './commands/lint.ts'
import { addMigrate } from './commands/migrate.ts'
import { addPull } from './commands/pull.ts'
import { addQuarantine } from './commands/quarantine.ts'
import { addReconcile } from './commands/reconcile.ts'
import { addRepublish } from './commands/republish.ts'
import { addRun } from './commands/run.ts'
import { addSchema } from './commands/schema.ts'
import { addStatus } from './commands/status.ts'
import { addTickets } from './commands/tickets.ts'
import { isMessageKey } from './messages.ts'
import { repeatedOption } from './usage.ts'
import { programVersion } from './version.ts'

const commands = [
  ...[addInit, addLint, addCheck, addPull, addRun, addImport, addStatus, addTickets],
  ...[
    addIncidents,
    addExplain,
    addLink,
    addUnlink,
    addDedupe,
    addQuarantine,
    addReconcile,
    addRepublish,
    addMigrate,
    addSchema,
  ],
]

/** The whole command line: one file per command in commands/. */
export function buildProgram(cli: Cli): Command {
  const program = new Command('yiwang')
    .description(cli.say('program'))
    .version(programVersion(), '-V, --version', cli.say('versionOption'))
    .helpOption('-h, --help', cli.say('helpOption'))
    .helpCommand('help [command]', cli.say('helpCommand'))
    .option('-c, --config <path>', cli.say('configOption'))
    .addOption(new Option('--locale <locale>', cli.say('localeOption')).choices(['en', 'zh']))
    .addOption(
      new Option('--log-level <level>', cli.say('logLevelOption')).choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .hook('preAction', (_program, command) => cli.begin(command.optsWithGlobals<GlobalOptions>()))
    .exitOverride()
    .configureOutput({ writeOut: cli.context.out, writeErr: cli.context.err, outputError: () => {} })
    .configureHelp({
      styleTitle: (title) => helpTitle(title, cli),
      optionDescription: (option) => {
        const choices = option.argChoices?.map((choice) => namedChoice(option.attributeName(), choice, cli))
        return withValues(option.description, choices, option.defaultValue, cli)
      },
      argumentDescription: ({ description, argChoices, defaultValue }) =>
        withValues(description, argChoices, defaultValue, cli),
    })
  for (const add of commands) add(program, cli)
  for (const command of program.commands) refuseRepeats(command)
  return program
}

/** Of a filter that is given twice only the last would hold. Options of all commands may stand in a script already. */
function refuseRepeats(command: Command): void {
  for (const option of command.options.filter(({ required }) => required)) {
    let isGiven = false
    command.on(`option:${option.name()}`, () => {
      if (isGiven)
        throw new CommanderError(1, repeatedOption, `error: option '${option.flags}' is given twice`)
      isGiven = true
    })
  }
  for (const sub of command.commands) refuseRepeats(sub)
}

function helpTitle(title: string, cli: Cli): string {
  const titles = {
    'Usage:': 'usageTitle',
    'Options:': 'optionsTitle',
    'Commands:': 'commandsTitle',
    'Arguments:': 'argumentsTitle',
  } as const
  const key = titles[title as keyof typeof titles]
  return key === undefined ? title : cli.say(key)
}

/** In Chinese a value to type, which is an English word, stands beside the word that the tables show for it. */
function namedChoice(option: string, choice: string, cli: Cli): string {
  const key = `${option}_${choice}`
  return cli.locale === 'zh' && isMessageKey(key) ? `${choice} ${cli.say(key)}` : choice
}

/** The parser's own words for choices and defaults are English only. */
function withValues(
  description: string,
  choices: readonly string[] | undefined,
  value: unknown,
  cli: Cli,
): string {
  const parts = [
    ...(choices === undefined ? [] : [cli.say('choices', { choices: choices.join(cli.say('comma')) })]),
    ...(value === undefined || value === '' ? [] : [cli.say('default', { value: String(value) })]),
  ]
  if (parts.length === 0) return description
  return cli.say('inBrackets', { text: description, inside: parts.join(cli.say('semicolon')) })
}
