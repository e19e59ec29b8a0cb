import { payloadOf } from '@chargeproof/ocpp';
import type { LoggedRecord, RunId, RunStarted } from '@chargeproof/record';

/** The run that a `run started` names as the one before it. Undefined on all else, and where it is not readable. */
export function namedPrevious(record: LoggedRecord): RunId | undefined {
  if (record.attributes.type !== 'recorder.run-started.v1') return undefined;
  try {
    const previous: unknown = (payloadOf(record) as Partial<RunStarted>).previous?.run;
    return typeof previous === 'string' ? previous : undefined;
  } catch {
    return undefined;
  }
}
