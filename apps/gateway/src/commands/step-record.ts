import type { Step } from '@chargeproof/central-system';
import type { AppendRequest } from '@chargeproof/log';
import { commandRecord, type Micros, parseKey, type RunId, writePayload } from '@chargeproof/record';

/** The record of a step, as its run appends it. @throws RangeError for a command of no station, which none is */
export function requestOf(step: Step, run: RunId, time: Micros): AppendRequest {
  const { key, command } = step.standing;
  const subject = parseKey(key);
  if (subject === undefined) throw new RangeError(`${key} is no station's key`);
  const about = { subject, command, source: run, time };
  if (step.kind === 'end') {
    const type = 'platform.command-ended.v1';
    return { ...commandRecord(type, about), value: writePayload(type, step.ended) };
  }
  const type = 'platform.command-sent.v1';
  const { connection } = step;
  // The id is the tenant's own and sent once, so that it tells the CALL in any trace.
  const sent = { command, run, connection, messageId: command };
  return { ...commandRecord(type, about), value: writePayload(type, sent) };
}
