import { describe } from 'vitest';
import type { Log, LogReader } from '../log.ts';
import { appendContract } from './append-contract.ts';
import { readContract } from './read-contract.ts';
import { subscribeContract } from './subscribe-contract.ts';

/** A fresh, empty log under test. */
export type LogUnderTest = {
  readonly log: Log;
  /** Another reader of the same log, as another process would hold one. The suite closes it. */
  readonly reader: () => Promise<LogReader>;
  /** Called after the suite has closed the log. */
  readonly dispose: () => Promise<void>;
};
export type MakeLog = () => Promise<LogUnderTest>;

/**
 * What every log keeps to, whatever it is made of. Offsets rise within a partition and may skip: nothing
 * here takes them to be numbers in a row.
 */
export function logContract(name: string, make: MakeLog): void {
  describe(`${name} keeps the contract of a log`, () => {
    appendContract(make);
    readContract(make);
    subscribeContract(make);
  });
}
