import type { Ends } from '../ends.ts';
import type { Profile, ProfileName } from '../profiles/index.ts';

/** What a section has to measure with. */
export type Stand = {
  readonly profile: Profile;
  readonly ends: Ends;
  /** Stations at which the bare relay does most: found once for all profiles. */
  readonly bareStations: () => Promise<number>;
  /** In the log when a process is killed. */
  readonly framesInLog: number;
};

/** One thing to measure; its figures stand in the document under the names that it gives them. */
export type Section = {
  readonly name: string;
  /** What is said when it begins. */
  readonly about: string;
  /** Where it makes a difference. */
  readonly profiles: readonly ProfileName[];
  readonly measure: (stand: Stand) => Promise<object>;
};

export const BOTH: readonly ProfileName[] = ['embedded', 'kafka'];
