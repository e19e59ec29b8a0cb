/** A command takes its arguments and gives the exit code. @throws UsageError where they make no sense */
export type Command = (args: readonly string[]) => Promise<number>;
