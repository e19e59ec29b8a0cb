export { answer, type Answered } from './answer.ts';
export { asked } from './asked.ts';
export type { Circumstances } from './circumstances.ts';
export type { AnsweredProtocol } from './dialect.ts';
export { ANSWERED_PROTOCOLS, dialectOf, selectProtocol } from './dialects.ts';
export * from './policy/decided-policy.ts';
export {
  EVERY_ID_TAG,
  ID_TAG_STATUSES,
  type IdTag,
  type IdTagList,
  type IdTagPolicy,
  type IdTagStatus,
  listOf,
  LONGEST_TOKEN,
  OPEN_ID_TAGS,
  readIdTagPolicy,
  verdictOn,
  type WrittenIdTags,
} from './policy/id-tags.ts';
export { type Listing, over } from './policy/listing.ts';
export { OpenTags } from './policy/open-tags.ts';
export { MOST_PARTS, MOST_TAGS } from './policy/parted-lists.ts';
export { jsonOf, PolicyFault } from './policy/policy-file.ts';
export { POLICY_VERSION, type PolicyLine } from './policy/policy-lines.ts';
export { recordedTag } from './policy/recorded-tag.ts';
export {
  LONGEST_SECONDS,
  OPEN_REGISTRATION,
  readRegistrationPolicy,
  type Registration,
  type RegistrationPolicy,
  type RegistrationStatus,
  REGISTRATIONS,
} from './policy/registration.ts';
export { OPEN_POLICY, type StationPolicy } from './policy/station-policy.ts';
export { isNew, NEW_STATION, type StationState } from './station-state.ts';
export * from './commands/index.ts';
