import { isLoopback, variableName } from '@chargeproof/config';
import type { QuerySettings } from './query-process.ts';

/**
 * Nothing here asks who asks, so by default only this machine's own can (DESIGN 9).
 * @returns a warning where it is told to be open to all that can reach it
 * @throws Error naming the setting, for a host beyond this machine without that
 */
export function checkExposure({ host, open }: QuerySettings['api']): string | undefined {
  if (isLoopback(host)) return undefined;
  if (!open) {
    throw new Error(
      `${variableName('api', 'host')} is ${host}, which others can reach, and no token is asked for: set ${variableName('api', 'open')}=true if that is meant`,
    );
  }
  return `open to everybody who can reach ${host}: the whole record is given to whoever asks`;
}
