import { createHash } from 'node:crypto';
import type { AppendRequest } from '@chargeproof/log';
import {
  commandRecord,
  type Micros,
  type RecordId,
  type RunId,
  type Subject,
  writePayload,
} from '@chargeproof/record';

/** How long the question waits for the station: what its next boot will ask anew is not worth more. */
const EXPIRES: Micros = 60_000_000;
const ID_CHARACTERS = 24;

/**
 * The command by which the built-in central system reads a station's configuration after it booted. Its id is
 * made of the boot's, so that however often it is asked for it is one command (decision 14).
 */
export function configurationRequest(
  subject: Subject,
  boot: RecordId,
  run: RunId,
  now: Micros,
): AppendRequest {
  const type = 'platform.command-requested.v1';
  const digest = createHash('sha256').update(boot).digest('hex').slice(0, ID_CHARACTERS);
  const command = `boot-${digest}`;
  const asked = {
    command,
    action: 'GetConfiguration',
    payload: {},
    actor: 'chargeproof',
    why: 'the station booted',
    expires: now + EXPIRES,
  };
  return {
    ...commandRecord(type, { subject, command, source: run, time: now }),
    value: writePayload(type, asked),
  };
}
