import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line is wrong; the message says what and is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What every command has. */
const COMMON = {
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig;

/** Reads a command's options. @throws UsageError in one line that names the option */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...COMMON, ...options },
      strict: true,
      allowPositionals: false,
    }).values;
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error),
    );
  }
}
