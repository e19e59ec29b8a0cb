import type { JsonObject, JsonValue } from '@chargeproof/json';
import { type Circumstances, HEARTBEAT_SECONDS } from './circumstances.ts';
import type { Needs } from './needs.ts';
import { forget, remember, startFingerprint, type StationState } from './station-state.ts';

export type Payload = Readonly<Record<string, unknown>>;
export type Question = {
  readonly payload: JsonObject;
  readonly state: StationState;
  readonly circumstances: Circumstances;
};
/** `state` only where it changes. */
export type Reply = { readonly payload: Payload; readonly state?: StationState };

export type Action = {
  /** What a payload must have for an answer. */
  readonly needs: Needs;
  /**
   * A transaction is a fact, whatever its message looks like: it is answered with a result whenever its message
   * id can be told, because a station that is refused sends it again for ever or drops it (errata 3.18).
   */
  readonly isTransactional?: true;
  /** @returns undefined where no answer can be given that will hold */
  readonly answer: (question: Question) => Reply | undefined;
};

const ACCEPTED = { status: 'Accepted' };
const INVALID = { status: 'Invalid' };
const NOTHING: Reply = { payload: {} };

/** Every tag is accepted, where there is one. */
const idTagInfo = (idTag: JsonValue | undefined) =>
  typeof idTag === 'string' && idTag !== '' ? ACCEPTED : INVALID;

/** Milliseconds, as in OCPP's own examples: stations' parsers are known to fail on more digits. */
const currentTime = ({ now }: Circumstances) => new Date(Math.floor(now / 1000)).toISOString();

function startTransaction({ payload, state, circumstances }: Question): Reply | undefined {
  const fingerprint = startFingerprint(payload);
  const known = fingerprint === undefined ? undefined : state.starts.get(fingerprint);
  const transactionId = known ?? circumstances.takeTransactionId();
  if (transactionId === undefined) return undefined;
  const reply = { payload: { transactionId, idTagInfo: idTagInfo(payload.get('idTag')) } };
  if (fingerprint === undefined || known !== undefined) return reply;
  return { ...reply, state: remember(state, fingerprint, transactionId) };
}

/** A stop cannot be refused, and neither can one of a transaction that nobody knows (OCPP 1.6, 4.10). */
function stopTransaction({ payload, state }: Question): Reply {
  const idTag = payload.get('idTag');
  return {
    payload: idTag === undefined ? {} : { idTagInfo: idTagInfo(idTag) },
    state: forget(state, numberOf(payload.get('transactionId'))),
  };
}

function numberOf(value: JsonValue | undefined): number {
  if (typeof value === 'string' && value !== '') return Number(value);
  return typeof value === 'object' && value !== null && 'source' in value ? Number(value.source) : Number.NaN;
}

const noted = (needs: Needs): Action => ({ needs, answer: () => NOTHING });

/** Every message a station may begin (OCPP 1.6, 4; security white paper, edition 2), and its answer. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    'BootNotification',
    {
      needs: { chargePointVendor: 'text', chargePointModel: 'text' },
      answer: ({ circumstances }) => ({
        payload: { ...ACCEPTED, currentTime: currentTime(circumstances), interval: HEARTBEAT_SECONDS },
      }),
    },
  ],
  [
    'Heartbeat',
    { needs: {}, answer: ({ circumstances }) => ({ payload: { currentTime: currentTime(circumstances) } }) },
  ],
  [
    'Authorize',
    {
      needs: { idTag: 'text' },
      answer: ({ payload }) => ({ payload: { idTagInfo: idTagInfo(payload.get('idTag')) } }),
    },
  ],
  ['StartTransaction', { needs: {}, isTransactional: true, answer: startTransaction }],
  ['StopTransaction', { needs: {}, isTransactional: true, answer: stopTransaction }],
  ['MeterValues', { needs: {}, isTransactional: true, answer: () => NOTHING }],
  ['StatusNotification', noted({ connectorId: 'connector', errorCode: 'text', status: 'text' })],
  [
    'DataTransfer',
    { needs: { vendorId: 'text' }, answer: () => ({ payload: { status: 'UnknownVendorId' } }) },
  ],
  ['DiagnosticsStatusNotification', noted({ status: 'text' })],
  ['FirmwareStatusNotification', noted({ status: 'text' })],
  ['LogStatusNotification', noted({ status: 'text' })],
  ['SecurityEventNotification', noted({ type: 'text' })],
  ['SignedFirmwareStatusNotification', noted({ status: 'text' })],
  // There is no certificate authority behind it.
  ['SignCertificate', { needs: { csr: 'text' }, answer: () => ({ payload: { status: 'Rejected' } }) }],
]);
