import { Argument, type Command } from 'commander'
import type { Cli } from '../cli.ts'

/** `yiwang schema`: the JSON Schema of the ticket, of a job on the queue, or of a configuration. */
export function addSchema(program: Command, cli: Cli): void {
  program
    .command('schema')
    .description(cli.say('schemaSummary'))
    .addArgument(
      new Argument('[what]', cli.say('schemaArgument'))
        .choices(['ticket', 'job', 'config'])
        .default('ticket'),
    )
    .option('--json', cli.say('jsonOption'))
    .action((what: 'ticket' | 'job' | 'config') => schema(cli, what))
}

async function schema(cli: Cli, what: 'ticket' | 'job' | 'config'): Promise<void> {
  const { configSchema, ticketJobSchema, ticketSchema } = await import('../schemas.ts')
  if (what === 'ticket') return cli.json(ticketSchema())
  if (what === 'job') return cli.json(ticketJobSchema())
  const { connectorSpecs } = await import('../../../connectors/registry.ts')
  cli.json(configSchema(connectorSpecs))
}
