import { microsBetween, microsOfShort, type NtpTime, ntpTime } from './ntp-time.ts';
import type { Micros } from '@chargeproof/record';

/** How far the host's clock is off, as one answer tells. Microseconds. */
export type ClockReading = {
  /** What is to be added to the host's clock: above 0 it is slow. */
  readonly offset: Micros;
  /** It may be wrong by so much: half the way there and back, and what the server says of its own way to a clock. */
  readonly uncertainty: Micros;
};

/** Why nothing can be read off an answer. */
export type Refused = {
  readonly refused: string;
  /** The server wants to be left alone (`DENY`, `RSTR`: for good), or asked more seldom (`RATE`). */
  readonly kiss?: string;
};

/** When a question went and its answer came, by the host's clock; the second told by the clock that is never set. */
export type Exchange = { readonly sent: Micros; readonly received: Micros };

export const NTP_BYTES = 48;
const VERSION = 4;
const MODE = { client: 3, server: 4 } as const;
const UNSYNCHRONISED_LEAP = 3;
const UNSYNCHRONISED_STRATUM = 16;
/** A server further from a clock than that is fit for nobody (RFC 5905, 14: MAXDIST). */
const LONGEST_DISTANCE: Micros = 1_000_000;
/** Clocks of either side may tick as coarsely as that, so that an answer seems to come before it can. */
const COARSEST_TICK: Micros = 20_000;

const AT = {
  stratum: 1,
  rootDelay: 4,
  rootDispersion: 8,
  reference: 12,
  originate: 24,
  receive: 32,
} as const;
const TRANSMIT = 40;

/**
 * A client's question (RFC 5905, 7.3). Where the time of sending would stand, there is chance: nobody who does not
 * see it can answer, and nobody who does learns what our clock says.
 */
export function writeQuestion(nonce: bigint): Buffer {
  const packet = Buffer.alloc(NTP_BYTES);
  packet[0] = (VERSION << 3) | MODE.client;
  packet.writeBigUInt64BE(nonce, TRANSMIT);
  return packet;
}

/** Whether a datagram answers that question. What does not is somebody else's, or forged. */
export const isAnswerTo = (packet: Buffer, nonce: bigint): boolean =>
  packet.length >= NTP_BYTES && packet.readBigUInt64BE(AT.originate) === nonce;

/** What a server's answer says of our clock: its offset is ((T2 − T1) + (T3 − T4)) / 2 (RFC 5905, 8). */
export function readAnswer(packet: Buffer, { sent, received }: Exchange): ClockReading | Refused {
  const refused = whyUnusable(packet);
  if (refused !== undefined) return refused;
  const [asked, answered] = [packet.readBigUInt64BE(AT.receive), packet.readBigUInt64BE(TRANSMIT)];
  const wayThere = microsBetween(ntpTime(sent), asked);
  const wayBack = microsBetween(answered, ntpTime(received));
  const delay = wayThere + wayBack;
  if (microsBetween(asked, answered) < 0)
    return { refused: 'it answered before it was asked, by its own clock' };
  if (delay < -COARSEST_TICK) return { refused: 'it had the question for longer than the answer took' };
  const distance = Math.ceil(Math.max(0, delay) / 2) + rootDistance(packet);
  if (distance > LONGEST_DISTANCE) return { refused: `it may be wrong by ${distance} µs` };
  return { offset: Math.round((wayThere - wayBack) / 2), uncertainty: distance };
}

function whyUnusable(packet: Buffer): Refused | undefined {
  const [first = 0, stratum = 0] = packet;
  const [leap, version, mode] = [first >> 6, (first >> 3) & 7, first & 7];
  if (mode !== MODE.server) return { refused: `it is of mode ${mode}, no server's answer` };
  if (version < 3 || version > VERSION) return { refused: `it is of version ${version} of NTP` };
  if (stratum === 0) return kissOfDeath(packet);
  if (leap === UNSYNCHRONISED_LEAP) return { refused: 'its clock is not synchronised' };
  if (stratum >= UNSYNCHRONISED_STRATUM)
    return { refused: `its clock is not synchronised (stratum ${stratum})` };
  const times: readonly NtpTime[] = [packet.readBigUInt64BE(AT.receive), packet.readBigUInt64BE(TRANSMIT)];
  return times.includes(0n) ? { refused: 'it does not say when it was asked or answered' } : undefined;
}

/** A server of stratum 0 is none: it says in four letters why it does not answer (RFC 5905, 7.4). */
function kissOfDeath(packet: Buffer): Refused {
  const kiss = packet.toString('latin1', AT.reference, AT.reference + 4).replace(/[^A-Z]/g, '');
  return {
    refused:
      kiss === '' ? 'its clock is not synchronised (stratum 0)' : `it does not want to be asked (${kiss})`,
    kiss,
  };
}

const rootDistance = (packet: Buffer): Micros =>
  Math.ceil(microsOfShort(packet.readUInt32BE(AT.rootDelay)) / 2) +
  microsOfShort(packet.readUInt32BE(AT.rootDispersion));
