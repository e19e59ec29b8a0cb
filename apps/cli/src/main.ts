import { type Command, CommandFailed } from './command.ts';
import { command } from './commands/command.ts';
import { credentials } from './commands/credentials.ts';
import { demo } from './commands/demo.ts';
import { exportCommand } from './commands/export.ts';
import { help } from './commands/help.ts';
import { importCommand } from './commands/import.ts';
import { keys } from './commands/keys.ts';
import { log } from './commands/log.ts';
import { policy } from './commands/policy.ts';
import { query } from './commands/query.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { transactions } from './commands/transactions.ts';
import { UnknownOption, UsageError } from './options.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  command,
  credentials,
  demo,
  export: exportCommand,
  help,
  import: importCommand,
  keys,
  log,
  policy,
  query,
  start,
  status,
  transactions,
};

const isHelp = (arg: string) => arg === '--help' || arg === '-h';

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  if (isHelp(name)) return help([]);
  if (args.some(isHelp)) return help([name]);
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (named === undefined) {
    throw new UsageError(`"${name}" is no command; there are: ${Object.keys(COMMANDS).join(', ')}`);
  }
  try {
    return await named(args);
  } catch (error) {
    if (!(error instanceof UnknownOption)) throw error;
    throw new UsageError(`${error.message}; npx chargeproof help ${name} lists them`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof CommandFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
