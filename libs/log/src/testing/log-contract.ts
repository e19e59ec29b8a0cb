import { describe } from 'vitest';
import { appendContract } from './append-contract.ts';
import type { MakeLog } from './log-under-test.ts';
import { readContract } from './read-contract.ts';
import { subscribeContract } from './subscribe-contract.ts';

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
