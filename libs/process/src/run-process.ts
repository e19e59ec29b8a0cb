import { type Logger, pino } from 'pino';

/** What a started process is to its supervisor and to whoever stops it. */
export type Running = {
  /** Said to the supervisor and logged: the address at least. */
  readonly ready: Readonly<Record<string, string>>;
  /** Rejects when it cannot go on, with what a person should read. Never resolves. */
  readonly failed: Promise<never>;
  /** Ends in order, nothing lost. Called once. */
  stop(reason: string): Promise<void>;
  /** Asked again while it stops: it waits no longer for what only others are the better for. */
  hurry?(): void;
};

export type ProcessOptions = {
  readonly name: string;
  readonly logLevel: string;
  /** The settings in force, secrets masked: said at start, so that nobody has to guess what a process runs on. */
  readonly settings: Readonly<Record<string, string>>;
  readonly start: (logger: Logger) => Promise<Running>;
  /** Called before it exits for a failure: sees to it that it does. */
  readonly beforeFailing?: () => void;
};

/**
 * The life of one of our processes, whichever it is: starts, tells its supervisor, ends in order on SIGINT,
 * SIGTERM or the supervisor's death (exit 0), sooner where it is asked twice, and on a failure in one line (exit 1; the stack at level
 * `debug`). Logs are JSON on stderr: stdout belongs to commands.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { name, logLevel, settings, start, beforeFailing } = options;
  const logger = pino(
    { level: logLevel, base: { process: name }, serializers: { err: describe } },
    pino.destination({ fd: 2, sync: true }),
  );
  const fail = (error: unknown): never => {
    logger.fatal(oneLine(error));
    logger.debug({ err: error });
    beforeFailing?.();
    process.exit(1);
  };
  writeNoReports();
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a mistake of ours ends this process');
    beforeFailing?.();
    process.exit(1);
  });
  logger.info({ settings }, 'settings in force');
  const { asked, askedAgain } = whenAsked();
  const running = await start(logger).catch(fail);
  running.failed.catch(fail);
  logger.info(running.ready, 'ready');
  if (process.connected) process.send?.(running.ready);
  asked.then((reason) => running.stop(reason)).then(() => process.exit(0), fail);
  askedAgain.then(() => running.hurry?.(), fail);
}

/** Node's reports hold the environment, and with it tokens. Whatever a process was started with, it writes none by itself. */
function writeNoReports(): void {
  Object.assign(process.report, {
    reportOnFatalError: false,
    reportOnUncaughtException: false,
    reportOnSignal: false,
  });
}

type Asked = { readonly asked: Promise<string>; readonly askedAgain: Promise<string> };

/** The first two things that ask us to end. They may come while we start: what has begun is then ended in order. */
function whenAsked(): Asked {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const waiting = [first, second];
  const ask = (reason: string) => waiting.shift()?.resolve(reason);
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(event, () => ask(event));
  // The channel to the supervisor closes when it dies: nobody is left to ask us to stop.
  if (process.send !== undefined && !process.connected) ask('disconnect');
  return { asked: first.promise, askedAgain: second.promise };
}

/** What is logged of a mistake of ours: where it is, and none of the members that drivers hang on their errors. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack = '' } = error;
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  // V8 quotes the text that it could not parse, which may be what a station sent.
  return { type: name, ...(!(error instanceof SyntaxError) && { message }), stack: frames.join('\n') };
}

function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
