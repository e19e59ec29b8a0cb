import type { AppendRequest } from '@chargeproof/log';
import type { RecordType } from '@chargeproof/record';

/** Records that say why others are missing: the last for which there is no room. */
const OF_THE_RESERVE: ReadonlySet<RecordType> = new Set<RecordType>([
  'ocpp.connection-closed.v1',
  'ocpp.relay-failed.v1',
  'ocpp.gap.v1',
  'recorder.tick.v1',
  'recorder.run-stopped.v1',
]);

export const isOfTheReserve = ({ attributes }: AppendRequest): boolean => OF_THE_RESERVE.has(attributes.type);
