export { KEY_FILE, KeyringUnusable, openKeyring, readKeyring } from './keyring.ts';
export {
  type Credentials,
  CredentialsUnusable,
  listCredentials,
  putCredential,
  type ListedCredential,
  readCredentials,
  removeCredential,
} from './credential-file.ts';
  type SecurityProfile,
  type StationCredential,
export {
  canonicalPassword,
  type CredentialHash,
  hashCredential,
  verifyCredential,
} from './credential-hash.ts';
