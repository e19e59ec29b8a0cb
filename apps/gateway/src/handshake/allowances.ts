import type { Clock } from '../clock.ts';
import { Allowance } from '../limits/allowance.ts';
import type { Bucket } from '../limits/bucket.ts';
import type { GatewaySettings } from '../settings.ts';
import type { Refusal } from './refusal.ts';

/** What stations may do how often. Absent where the setting is 0: any number. */
export type Allowances = {
  /** By key. Over all its sockets, so that coming again does not fill it. */
  readonly frames: Allowance | undefined;
  readonly handshakes: Allowance | undefined;
  readonly handshakesOfAddress: Allowance | undefined;
};

/** So much may come at once, in seconds of what may come in the long run: a station comes back with what it kept. */
const BURST_SECONDS = 60;

export function allowances(
  settings: Pick<GatewaySettings, 'framesPerSecond' | 'handshakesPerMinute' | 'addressHandshakesPerMinute'>,
  clock: Clock,
): Allowances {
  const now = () => clock.monotonic() / 1e6;
  const of = (perSecond: number) =>
    perSecond === 0 ? undefined : new Allowance({ perSecond, most: BURST_SECONDS * perSecond, now });
  return {
    frames: of(settings.framesPerSecond),
    handshakes: of(settings.handshakesPerMinute / 60),
    handshakesOfAddress: of(settings.addressHandshakesPerMinute / 60),
  };
}

/** Takes a handshake. @returns the refusal where there is none to take */
export function tooMany(bucket: Bucket | undefined): Refusal | undefined {
  const seconds = bucket?.take() ?? 0;
  if (seconds === 0) return undefined;
  const headers = { 'Retry-After': String(Math.ceil(seconds)) };
  return { status: 429, reason: 'too-many-handshakes', headers };
}
