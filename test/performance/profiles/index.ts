import { embedded } from './embedded.ts';
import { startKafka } from './kafka.ts';
import type { Profile, ProfileName } from './profile.ts';

export type { Place, Profile, ProfileName, ReaderApp } from './profile.ts';

/** @throws Error with the reason why this machine cannot have the servers of one */
export const PROFILES: Readonly<Record<ProfileName, () => Promise<Profile>>> = {
  embedded: () => Promise.resolve(embedded),
  kafka: startKafka,
};
