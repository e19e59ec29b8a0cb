import type { Command } from '../command.ts';
import { overview, USAGES, usageOf } from '../usage.ts';

/** Prints the commands, or one with its options. */
export const help: Command = ([name]) => {
  const usage = name !== undefined && Object.hasOwn(USAGES, name) ? USAGES[name] : undefined;
  process.stdout.write(usage === undefined ? overview() : usageOf(usage));
  return Promise.resolve(0);
};
