import { randomBytes } from 'node:crypto';

/** Longest AuthorizationKey (OCPP-J 1.6, 6.2.2). */
const KEY_BYTES = 20;
const HEX_KEY = /^(?:[0-9a-fA-F]{2}){16,20}$/;

/** An AuthorizationKey that nobody had. */
export const newStationKey = (): Buffer => randomBytes(KEY_BYTES);

/** @returns undefined for what is no AuthorizationKey in hex: 16 to 20 bytes */
export const stationKeyOf = (hex: string): Buffer | undefined =>
  HEX_KEY.test(hex) ? Buffer.from(hex, 'hex') : undefined;
