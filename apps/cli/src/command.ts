/** A command takes its arguments and gives the exit code. @throws UsageError where they make no sense; CommandFailed */
export type Command = (args: readonly string[]) => Promise<number>;

/** A command could not do what it was asked; the message says why and is all that is printed. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed';
}
