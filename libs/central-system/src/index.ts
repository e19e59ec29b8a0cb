export { answer, type Answered } from './answer.ts';
export { asked } from './asked.ts';
export type { Circumstances } from './circumstances.ts';
export type { AnsweredProtocol } from './dialect.ts';
export { ANSWERED_PROTOCOLS, dialectOf, selectProtocol } from './dialects.ts';
export { type IdTagPolicy, listOf, OPEN_ID_TAGS, readIdTagPolicy } from './policy/id-tags.ts';
export { OpenTags } from './policy/open-tags.ts';
export { PolicyFault } from './policy/policy-file.ts';
export {
  OPEN_REGISTRATION,
  readRegistrationPolicy,
  type Registration,
  type RegistrationPolicy,
} from './policy/registration.ts';
export { OPEN_POLICY, type StationPolicy } from './policy/station-policy.ts';
export { isNew, NEW_STATION, type StationState } from './station-state.ts';
export * from './commands/index.ts';
