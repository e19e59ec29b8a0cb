import type { Micros } from '@chargeproof/record';

/**
 * A moment as NTP writes it: seconds since 1900 in 32 bits, then their fraction in 32 (RFC 5905, 6). It begins anew
 * every 136 years, the next time on 2036-02-07, so that two of them say how far they lie apart, and no more.
 */
export type NtpTime = bigint;

const SECONDS_FROM_1900 = 2_208_988_800n;
const FRACTION_BITS = 32n;
const MICROS = 1_000_000n;

export function ntpTime(time: Micros): NtpTime {
  const since1900 = BigInt(time) + SECONDS_FROM_1900 * MICROS;
  return BigInt.asUintN(64, (since1900 << FRACTION_BITS) / MICROS);
}

/** Microseconds from one to the other, of two that lie less than 68 years apart, whatever era each is of. */
export function microsBetween(from: NtpTime, to: NtpTime): Micros {
  const half = 1n << (FRACTION_BITS - 1n);
  return Number((BigInt.asIntN(64, to - from) * MICROS + half) >> FRACTION_BITS);
}

/** A span in NTP's short form, 16 bits of seconds and 16 of their fraction, in microseconds. */
export const microsOfShort = (span: number): Micros => Math.ceil((span * 1_000_000) / 65_536);
