import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type LoggedRecord, writeAttributes } from '@chargeproof/record';

/** What must be read of one record of a golden log, for ever. */
export type Described = {
  readonly position: string;
  readonly loggedAt: number;
  readonly key: string;
  /** In the compact text form of version 1. */
  readonly attributes: string;
  readonly sha256: string;
};

export const goldenFolder = (version: string) => fileURLToPath(new URL(`./v${version}`, import.meta.url));

export function described({ position, loggedAt, key, attributes, value }: LoggedRecord): Described {
  return {
    position: `${position.generation}.${position.partition}.${position.offset}`,
    loggedAt,
    key,
    attributes: writeAttributes(attributes),
    sha256: createHash('sha256').update(value).digest('hex'),
  };
}
