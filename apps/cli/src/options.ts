import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line is wrong; the message says what and is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a command's options. @throws UsageError in one line that names the option */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  const { values } = parsed(args, options);
  // As `--data "$FOLDER"` gives it where there is no FOLDER: the default is not what was meant.
  const empty = Object.entries(values).find(([, value]) => value === '');
  if (empty !== undefined) throw new UsageError(`Option '--${empty[0]}' is empty`);
  return values;
}

function parsed<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error),
    );
  }
}
