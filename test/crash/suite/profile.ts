import type { LoggedRecord } from '@chargeproof/record';
import { readEverything } from '../../e2e/gateway/recorded.ts';
import { runExport } from '../../e2e/importing/folder.ts';
import { everythingIn } from '../../e2e/sealing/search.ts';
import type { Places } from './left-behind.ts';
import type { Settings, Victim } from './victim.ts';

/** What a deployment is made of besides the gateway and the process that answers. */
export type Profile = {
  /** Of every process. */
  readonly settings: Settings;
  /** Other processes that are killed. They run already, or are the product's own. */
  readonly others: readonly Victim[];
  /** Everything in the log, in any order. */
  readonly records: () => Promise<readonly LoggedRecord[]>;
  /** What it keeps, of which nothing may tell a secret: asked for when the product's processes have ended. */
  readonly left: () => Promise<Places>;
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
    left: () =>
      Promise.resolve(
        new Map([
          ['the data folder, its records and rows', () => everythingIn(data)],
          ['exported records', () => exportOf(data)],
        ]),
      ),
    close: () => Promise.resolve(),
  });

/** The trace of an export is written with the key, and is not among what must tell nothing. */
async function exportOf(data: string): Promise<Buffer> {
  const { code, stdout, stderr } = await runExport(data, '--format', 'record');
  if (code !== 0) throw new Error(stderr);
  return Buffer.from(stdout);
}
