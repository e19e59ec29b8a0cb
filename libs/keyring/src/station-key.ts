import { randomBytes } from 'node:crypto';
import type { Subject } from '@chargeproof/record';

/** Longest AuthorizationKey (OCPP-J 1.6, 6.2.2). */
const KEY_BYTES = 20;
const HEX_KEY = /^(?:[0-9a-fA-F]{2}){16,20}$/;
/** As the gateway takes an identity in a path. */
export const MOST_NAME_BYTES = 255;
const CONTROL = /\p{Cc}/u;

/** An AuthorizationKey that nobody had. */
export const newStationKey = (): Buffer => randomBytes(KEY_BYTES);

/** @returns undefined for what is no AuthorizationKey in hex: 16 to 20 bytes */
export const stationKeyOf = (hex: string): Buffer | undefined =>
  HEX_KEY.test(hex) ? Buffer.from(hex, 'hex') : undefined;

/** Whether a station can come under that name: others a gateway refuses by their path alone. */
export function isConnectable({ station }: Subject): boolean {
  const isPath = station !== '' && station !== '.' && station !== '..' && !CONTROL.test(station);
  return isPath && Buffer.byteLength(station) <= MOST_NAME_BYTES;
}
