import type { Command } from '../command.ts';
import { UsageError } from '../options.ts';
import { overview, type Usage, USAGES, usageOf } from '../usage.ts';

/** Prints the commands, or one with its options. */
export const help: Command = ([name]) => {
  process.stdout.write(name === undefined ? overview() : usageOf(usageNamed(name)));
  return Promise.resolve(0);
};

function usageNamed(name: string): Usage {
  const usage = Object.hasOwn(USAGES, name) ? USAGES[name] : undefined;
  if (usage === undefined)
    throw new UsageError(`"${name}" is no command; there are: ${Object.keys(USAGES).join(', ')}`);
  return usage;
}
