/** Where this process tells of what happens in it: a pino logger has this form. */
export type Log = {
  debug(what: object, message: string): void;
  info(what: object, message: string): void;
  warn(message: string): void;
  error(what: object, message: string): void;
};

const nothing = () => undefined;
export const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
