export { KEY_FILE, KeyringUnusable, openKeyring, readKeyring } from './keyring.ts';
