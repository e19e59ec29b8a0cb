import { isLoopback, variableName } from '@chargeproof/config';

export type Exposure = {
  readonly host: string;
  readonly open: boolean;
  /** Asked of whoever asks; absent: nobody is asked for anything. */
  readonly token?: string | undefined;
};

/**
 * Without a token only this machine's own can ask (DESIGN 9).
 * @returns a warning where it is told to be open to all that can reach it
 * @throws Error naming the settings, for a host beyond this machine without either
 */
export function checkExposure({ host, open, token }: Exposure): string | undefined {
  if (isLoopback(host) || token !== undefined) return undefined;
  if (!open) {
    throw new Error(
      `${variableName('api', 'host')} is ${host}, which others can reach, and no token is asked for: set ${variableName('api', 'token')} to one, or ${variableName('api', 'open')}=true if everybody may ask`,
    );
  }
  return `open to everybody who can reach ${host}: the whole record is given to whoever asks`;
}
