import type { JsonValue } from '@chargeproof/json';
import { type Action, boot, DATA_TRANSFER, HEARTBEAT, noted, type Question, type Reply } from '../action.ts';
import type { Circumstances } from '../circumstances.ts';
import { digest } from '../digest.ts';
import { type IdTagVerdict, verdictOn } from '../policy/id-tags.ts';
import { digestOf } from '../policy/open-tags.ts';
import { forget, opened, remember, startFingerprint, writtenForm } from '../station-state.ts';

const INVALID = { status: 'Invalid' };

/** An IdTagInfo (OCPP 1.6, 7.8). */
function idTagInfo({ status, expiryDate, parentIdTag }: IdTagVerdict) {
  return {
    status,
    ...(expiryDate !== undefined && { expiryDate }),
    ...(parentIdTag !== undefined && parentIdTag !== '' && { parentIdTag }),
  };
}

const verdict = (idTag: JsonValue | undefined, { policy, now }: Circumstances) =>
  verdictOn(policy.idTags, idTag, now);

function authorize({ payload, circumstances }: Question): Reply {
  return { payload: { idTagInfo: idTagInfo(verdict(payload.get('idTag'), circumstances)) } };
}

/**
 * Gets an id whatever is said of its tag: the station may have charged already. One that is not registered has
 * nobody to charge for, which it is told by its tag.
 */
function startTransaction(question: Question): Reply | undefined {
  const { payload, state, circumstances } = question;
  const fingerprint = startFingerprint(payload);
  const known = fingerprint === undefined ? undefined : state.starts.get(fingerprint);
  const transactionId = known ?? circumstances.takeTransactionId();
  if (transactionId === undefined) return undefined;
  const { info, holds, place } = judgeStart(question);
  const after = opened(state, place, holds && { ...holds, transaction: String(transactionId) });
  const isNews = fingerprint !== undefined && known === undefined;
  return {
    payload: { transactionId, idTagInfo: info },
    state: isNews ? remember(after, fingerprint, transactionId) : after,
  };
}

/** @returns what the station is told of the tag; and the tag, where it is now taken */
function judgeStart({ payload, circumstances }: Question) {
  const { policy, now } = circumstances;
  const place = digest(writtenForm(payload.get('connectorId')).join(' '));
  if (policy.registration.status !== 'Accepted') return { info: INVALID, place };
  const judged = verdict(payload.get('idTag'), circumstances);
  const info = idTagInfo(judged);
  if (judged.single === undefined || judged.status !== 'Accepted') return { info, place };
  const tag = digestOf(judged.single);
  if (policy.isInUse(tag, place)) return { info: { ...info, status: 'ConcurrentTx' }, place };
  return { info, place, holds: { tag, since: now } };
}

/** A stop cannot be refused, and neither can one of a transaction that nobody knows (OCPP 1.6, 4.10). */
function stopTransaction({ payload, state, circumstances }: Question): Reply {
  const idTag = payload.get('idTag');
  return {
    payload: idTag === undefined ? {} : { idTagInfo: idTagInfo(verdict(idTag, circumstances)) },
    state: forget(state, numberOf(payload.get('transactionId'))),
  };
}

function numberOf(value: JsonValue | undefined): number {
  if (typeof value === 'string' && value !== '') return Number(value);
  return typeof value === 'object' && value !== null && 'source' in value ? Number(value.source) : Number.NaN;
}

/** Every message a station may begin (OCPP 1.6, 4; security white paper, edition 2), and its answer. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['BootNotification', boot({ chargePointVendor: 'text', chargePointModel: 'text' })],
  ['Heartbeat', HEARTBEAT],
  ['Authorize', { needs: { idTag: 'text' }, answer: authorize }],
  ['StartTransaction', { needs: {}, isTransactional: true, answer: startTransaction }],
  ['StopTransaction', { needs: {}, isTransactional: true, answer: stopTransaction }],
  ['MeterValues', { ...noted({}), isTransactional: true }],
  ['StatusNotification', noted({ connectorId: 'connector', errorCode: 'text', status: 'text' })],
  ['DataTransfer', DATA_TRANSFER],
  ['DiagnosticsStatusNotification', noted({ status: 'text' })],
  ['FirmwareStatusNotification', noted({ status: 'text' })],
  ['LogStatusNotification', noted({ status: 'text' })],
  ['SecurityEventNotification', noted({ type: 'text' })],
  ['SignedFirmwareStatusNotification', noted({ status: 'text' })],
  // There is no certificate authority behind it.
  ['SignCertificate', { needs: { csr: 'text' }, answer: () => ({ payload: { status: 'Rejected' } }) }],
]);
