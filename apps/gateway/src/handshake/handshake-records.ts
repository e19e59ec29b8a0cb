import { writePayload, type Attributes, type ConnectionId, type Payloads } from '@chargeproof/record';
import type { AppendRequest } from '@chargeproof/log';
import { NOBODY, type Recorder } from '../run/recorder.ts';
import type { ConnectionIdentity } from '../connection/identity.ts';
import type { Sealer } from '../sealer.ts';
import type { LegFacts } from './facts.ts';
import type { Refusal } from './refusal.ts';

type Common = {
  readonly identity: ConnectionIdentity;
  readonly sealer: Sealer;
  readonly facts: LegFacts;
  /** Only on a connection's first record; null says unknown. */
  readonly previousConnection?: ConnectionId | null;
};

export function acceptedRecord(
  common: Common & {
    readonly selectedSubprotocol: string | undefined;
    readonly selectedExtensions: string | undefined;
  },
): AppendRequest {
  const { selectedSubprotocol, selectedExtensions } = common;
  return record('ocpp.handshake-accepted.v1', common, {
    ...(selectedSubprotocol !== undefined && { selectedSubprotocol }),
    ...(selectedExtensions !== undefined && { selectedExtensions }),
  });
}

/** @param count how many refusals the record stands for, where it is more than itself */
export function refusedRecord(
  common: Common & { readonly refusal: Refusal; readonly count?: number },
): AppendRequest {
  const { status, reason, detail } = common.refusal;
  return record('ocpp.handshake-refused.v1', common, {
    status,
    reason,
    ...(detail !== undefined && { detail }),
    ...(common.count !== undefined && { count: common.count }),
  });
}

/** One append holds them all, so waiting for the last is waiting for all. @throws LogFull, LogFailed */
export function recordedTogether(
  recorder: Recorder,
  partition: number,
  records: readonly AppendRequest[],
): Promise<void> {
  for (const record of records.slice(0, -1)) recorder.write(record, partition, NOBODY);
  const last = records.at(-1);
  return last === undefined ? Promise.resolve() : recorder.recorded(last, partition);
}

type HandshakeType = 'ocpp.handshake-accepted.v1' | 'ocpp.handshake-refused.v1';
type Own<Payload> = Omit<Payload, keyof LegFacts | 'previousConnection' | 'runMonotonic'>;

function record<Type extends HandshakeType>(
  type: Type,
  { identity, sealer, facts, previousConnection }: Common,
  own: Own<Payloads[Type]>,
): AppendRequest {
  const payload: Payloads[HandshakeType] = {
    ...facts,
    ...(previousConnection !== undefined && { previousConnection }),
    runMonotonic: identity.runMonotonic,
    ...own,
  };
  const { value, sealed } = sealer.seal(writePayload<HandshakeType>(type, payload), 'text');
  const attributes: Attributes = { ...identity.next(type), ...(sealed && { sealed }) };
  return { key: identity.key, attributes, value };
}
