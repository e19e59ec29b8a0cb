import type { LoggedRecord } from '@chargeproof/record';
import { readEverything } from '../../e2e/gateway/recorded.ts';
import type { Settings, Victim } from './victim.ts';

/** What a deployment is made of besides the gateway and the process that answers. */
export type Profile = {
  /** Of every process. */
  readonly settings: Settings;
  /** Other processes that are killed. They run already, or are the product's own. */
  readonly others: readonly Victim[];
  /** Everything in the log, in any order. */
  readonly records: () => Promise<readonly LoggedRecord[]>;
  readonly close: () => Promise<void>;
};

export const PROFILES = ['embedded', 'kafka'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** @param root where everything of it lies */
export type ProfileStart = (root: string, data: string) => Promise<Profile>;

/** The log's writer is a thread of the gateway and dies with it; projector and store are in the query process. */
export const embedded: ProfileStart = (_root, data) =>
  Promise.resolve({
    settings: {},
    others: [],
    records: () => readEverything(data),
    close: () => Promise.resolve(),
  });
