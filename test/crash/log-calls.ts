import type { AppendRequest } from '@chargeproof/log';
import { connectionId, recordKey, runId } from '@chargeproof/record';
import { randomFrom } from './random.ts';

/** Calls of `append` that two processes can make up alike from their number alone. */
export const CALLS_PER_LIFE = 1_000_000;

const STATIONS = 30;
/** One call in so many is large, so that the write-ahead log is copied into the file while we kill. */
const LARGE_EVERY = 150;
const LARGE_BYTES = 60_000;

/** One to five records of any stations, each with bytes of its own. Its ids are `<call>/<index>`. */
export function callOf(seed: number, call: number): readonly AppendRequest[] {
  const random = randomFrom(seed + call);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: 1 + below(5) }, (_, index) => {
    const size = below(LARGE_EVERY) === 0 ? LARGE_BYTES : below(400);
    const value = Uint8Array.from({ length: size }, () => below(256));
    return recordOf(below(STATIONS), call, index, value);
  });
}

const STARTED = 1_763_719_200_000_000;
const RUN = runId(STARTED, 'abc123');

function recordOf(station: number, call: number, index: number, value: Uint8Array): AppendRequest {
  const subject = `ST-${station}`;
  return {
    key: recordKey({ tenant: 'default', station: subject }),
    attributes: {
      id: `${call}/${index}`,
      source: RUN,
      type: 'ocpp.frame.v1',
      tenant: 'default',
      subject,
      time: STARTED + call,
      witness: 'wire',
      connection: connectionId(STARTED, RUN, station),
      sequence: call,
      monotonic: call,
      direction: 'station-to-csms',
      origin: 'station',
      opcode: 'text',
    },
    value,
  };
}
