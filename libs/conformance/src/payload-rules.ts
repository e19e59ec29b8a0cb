import { ACTIONS_16, type Frame, isResponse } from '@chargeproof/ocpp';
import type { Direction, LoggedRecord, Micros, SealedForm } from '@chargeproof/record';
import { standInsOf } from '@chargeproof/record';
import { meantAction } from './actions.ts';
import type { Breach } from './rules.ts';
import { schemaBreaches } from './schemas/checker.ts';

const NO_FORMS: ReadonlyMap<string, SealedForm> = new Map();
/** Where the payload stands in a well-formed message of that kind. */
const PAYLOAD_AT = { call: 3, 'call-result': 2 } as const;

/**
 * What is wrong with the action and payload of a well-formed CALL or CALLRESULT.
 * @param action of the CALL itself, or of the CALL that this answers
 * @param protocol the subprotocol, as `ocpp1.6`; that of a recording which does not say is taken for 1.6
 */
export function payloadBreaches(
  record: LoggedRecord,
  frame: Frame,
  action: string,
  received: Micros,
  protocol: string,
): readonly Breach[] {
  const { kind, fault } = frame;
  if (fault !== undefined || (kind !== 'call' && kind !== 'call-result')) return [];
  const named = kind === 'call' ? actionBreaches(action, record.attributes.direction, protocol) : [];
  const forms = formsOf(record);
  const payload = parsedPayload(record, PAYLOAD_AT[kind]);
  const half = isResponse(kind) ? 'answer' : 'call';
  const found = schemaBreaches(protocol, action, half, payload ?? {}, { received, forms });
  if (found !== undefined) return [...named, ...found];
  const unknown = kind === 'call' && named.length === 0;
  return unknown ? [{ rule: 'rpc-action-unknown', detail: `it is no action of ${protocol}` }] : named;
}

function actionBreaches(
  action: string,
  direction: Direction | undefined,
  protocol: string,
): readonly Breach[] {
  if (protocol !== 'ocpp1.6') return [];
  const goes = ACTIONS_16.get(action);
  if (goes === undefined) {
    const meant = meantAction(action);
    return meant === undefined ? [] : [{ rule: 'rpc-action-case', detail: `OCPP spells it ${meant}` }];
  }
  if (goes === 'both' || direction === undefined || goes === direction) return [];
  return [{ rule: 'rpc-action-direction', detail: `${action} is sent by the ${senderOf(goes)} only` }];
}

const senderOf = (direction: Direction) => (direction === 'station-to-csms' ? 'station' : 'central system');

function formsOf({ value, attributes: { sealed } }: LoggedRecord): ReadonlyMap<string, SealedForm> {
  if (sealed === undefined) return NO_FORMS;
  return new Map(standInsOf(value, sealed).map(([standIn, { form }]) => [standIn, form]));
}

/** The codec found the frame well-formed, so it parses. */
function parsedPayload({ value }: LoggedRecord, at: number): unknown {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return (JSON.parse(bytes.toString('utf8')) as readonly unknown[])[at];
}
