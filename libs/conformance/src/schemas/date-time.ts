import type { Micros } from '@chargeproof/record';
import { readWrittenTime } from '@chargeproof/record';

/** What is wrong with a time, worst first. */
export type DateTimeFault = 'unreadable' | 'implausible' | 'no-zone' | 'not-rfc3339';

const SECOND: Micros = 1_000_000;
/** 2015, when OCPP 1.6 was published: no charger spoke it before. A clock a day ahead is set wrong, too. */
const EARLIEST: Micros = 1_420_070_400 * SECOND;
const DAY: Micros = 86_400 * SECOND;

/** @param received when the frame with it was received: what is ahead of that is told by it */
export function dateTimeFault(text: string, received: Micros): DateTimeFault | undefined {
  const written = readWrittenTime(text);
  if (written === undefined) return 'unreadable';
  const { local, ahead, strict } = written;
  if (local === null) return 'implausible';
  const time = local - (ahead ?? 0) * SECOND;
  if (time < EARLIEST || time > received + DAY) return 'implausible';
  if (ahead === null) return 'no-zone';
  return strict ? undefined : 'not-rfc3339';
}
