import { EVERY_ID_TAG, type IdTagList } from './id-tags.ts';
import { OPEN_REGISTRATION, type Registration } from './registration.ts';

/** What the operator has decided, as far as it is about one station. */
export type StationPolicy = {
  readonly registration: Registration;
  readonly idTags: IdTagList;
  /**
   * Whether a tag has a transaction elsewhere than at that place of this station.
   * @param tag its digest
   */
  readonly isInUse: (tag: string, place: string) => boolean;
};

/** Of who has decided nothing: every station is accepted, and so is every tag. */
export const OPEN_POLICY: StationPolicy = {
  registration: OPEN_REGISTRATION.others,
  idTags: EVERY_ID_TAG,
  isInUse: () => false,
};
