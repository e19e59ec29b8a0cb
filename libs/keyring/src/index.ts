export { agreeOnKey, checkKey, type KeysIn } from './key-of-log.ts';
export { eraseKey, rotateKey, takeKeys } from './change-keys.ts';
export type { Keyring } from './key-file.ts';
export { KEY_FILE, KeyringUnusable, openKeyring, readKeyring, rereadKeyring } from './keyring.ts';
export { readSealingRules } from './sealing-rules.ts';
export {
  type Credentials,
  CredentialsUnusable,
  listCredentials,
  type ListedCredential,
  putCredential,
  readCredentials,
  removeCredential,
  type SecurityProfile,
  type StationCredential,
} from './credential-file.ts';
export {
  canonicalPassword,
  type CredentialHash,
  hashCredential,
  verifyCredential,
} from './credential-hash.ts';
export { newStationKey, stationKeyOf } from './station-key.ts';
