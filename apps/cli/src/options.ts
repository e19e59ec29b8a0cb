import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line is wrong; the message says what and is all that is printed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command has no option of that name. */
export class UnknownOption extends UsageError {}

/** Reads a command's options, where it takes nothing else. @throws UsageError in one line that names the option */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  return checked(() => parseArgs({ args: [...args], options, strict: true, allowPositionals: false })).values;
}

/** Reads a command's options and what stands beside them. @throws UsageError in one line that names the option */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  const { values, positionals } = checked(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: true }),
  );
  return { options: values, positionals };
}

/** What an option says in whole seconds, one or more. @throws UsageError that names the option */
export function secondsIn(option: string, written: string): number {
  const seconds = Number(written);
  if (Number.isInteger(seconds) && seconds >= 1) return seconds;
  throw new UsageError(`--${option} takes seconds, not "${written}"`);
}

function checked<Parsed extends { readonly values: object }>(parse: () => Parsed): Parsed {
  const parsed = orUsageError(parse);
  // As `--data "$FOLDER"` gives it where there is no FOLDER: the default is not what was meant.
  const empty = Object.entries(parsed.values).find(([, value]) => value === '');
  if (empty !== undefined) throw new UsageError(`Option '--${empty[0]}' is empty`);
  return parsed;
}

function orUsageError<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw isUnknown ? new UnknownOption(said) : new UsageError(said);
  }
}
