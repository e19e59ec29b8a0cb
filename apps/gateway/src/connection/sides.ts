import type { Direction, Leg as Side, Origin } from '@chargeproof/record';

export const otherSide = (side: Side): Side => (side === 'station' ? 'upstream' : 'station');
/** The direction of what comes in on a leg. */
export const directionOf = (side: Side): Direction =>
  side === 'station' ? 'station-to-csms' : 'csms-to-station';
/** Who is at the other end of a leg. */
export const peerOf = (side: Side): Exclude<Origin, 'gateway'> => (side === 'station' ? 'station' : 'csms');
