import type { Log, LogReader } from '../log.ts';

/** A fresh, empty log under test. */
export type LogUnderTest = {
  readonly log: Log;
  /** Another reader of the same log, as another process would hold one. The suite closes it. */
  readonly reader: () => Promise<LogReader>;
  /** Called after the suite has closed the log. */
  readonly dispose: () => Promise<void>;
};
export type MakeLog = () => Promise<LogUnderTest>;
