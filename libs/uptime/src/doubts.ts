import type { Micros } from '@chargeproof/record';
import type { Proven, UptimeInput } from './contract.ts';

/**
 * What was lost may have been a status or the end of a link. So behind a loss nobody is up until connector and
 * station have said anew how they are, or the station has booted: then it tells of all (OCPP 1.6, errata 3.22).
 */
export function doubtsOf({ losses = [], statuses, boots = [], connector }: UptimeInput): readonly Proven[] {
  const booted = boots.map(({ time }) => time);
  const toldBy = (one: number) => [
    ...statuses.filter((status) => status.connector === one).map(({ from }) => from),
    ...booted,
  ];
  const [own, station] = [toldBy(connector), toldBy(0)];
  return losses.map((loss) => {
    const end = loss.to ?? Infinity;
    const until = Math.max(firstFrom(own, end), firstFrom(station, end));
    return { ...loss, to: until === Infinity ? null : until };
  });
}

const firstFrom = (times: readonly Micros[], from: Micros): Micros =>
  times.reduce((least, time) => (time >= from && time < least ? time : least), Infinity);
