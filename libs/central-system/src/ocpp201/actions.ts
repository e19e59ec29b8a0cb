import { member, textOf } from '@chargeproof/ocpp';
import type { JsonValue } from '@chargeproof/json';
import { type Action, boot, DATA_TRANSFER, HEARTBEAT, noted, type Question, type Reply } from '../action.ts';
import type { Circumstances } from '../circumstances.ts';
import { digest } from '../digest.ts';
import { type IdTagVerdict, verdictOn } from '../policy/id-tags.ts';
import { digestOf } from '../policy/open-tags.ts';
import { closed, opened } from '../station-state.ts';

/** An IdTokenInfoType (OCPP 2.0.1, 2.26): who is in no list is Unknown where 1.6 has only Invalid. */
function idTokenInfo({ status, expiryDate, parentIdTag, isListed }: IdTagVerdict, isToken: boolean) {
  const isUnknown = isToken && status === 'Invalid' && !isListed;
  return {
    status: isUnknown ? 'Unknown' : status,
    ...(expiryDate !== undefined && { cacheExpiryDateTime: expiryDate }),
    ...(parentIdTag !== undefined &&
      parentIdTag !== '' && { groupIdToken: { idToken: parentIdTag, type: 'Central' } }),
  };
}

/** A button was pressed, or none had to be: there is nobody to ask for. */
const isNobody = (token: JsonValue | undefined) => member(token, 'type') === 'NoAuthorization';

const ACCEPTED = { status: 'Accepted' };

function judged(token: JsonValue | undefined, { policy, now }: Circumstances) {
  const idToken = member(token, 'idToken');
  const verdict = verdictOn(policy.idTags, idToken, now);
  return { verdict, info: idTokenInfo(verdict, typeof idToken === 'string' && idToken !== '') };
}

function authorize({ payload, circumstances }: Question): Reply {
  const token = payload.get('idToken');
  const idToken = isNobody(token) ? ACCEPTED : judged(token, circumstances).info;
  return { payload: { idTokenInfo: idToken } };
}

/** Whose it is, is said where a token came with it (E01 to E06). Its id is the station's own. */
function transactionEvent(question: Question): Reply {
  const { payload, state } = question;
  const transaction = digest(textOf(member(payload, 'transactionInfo', 'transactionId')) ?? '');
  const isOver = payload.get('eventType') === 'Ended';
  const before = isOver ? closed(state, transaction) : state;
  const token = payload.get('idToken');
  if (token === undefined || token === null) return { payload: {}, state: before };
  const { info, holds } = judgeEvent(question, token, transaction, isOver);
  const after = holds === undefined ? before : opened(before, transaction, { ...holds, transaction });
  return { payload: { idTokenInfo: info }, state: after };
}

function judgeEvent(
  { circumstances }: Question,
  token: JsonValue,
  transaction: string,
  isOver: boolean,
): { readonly info: object; readonly holds?: { readonly tag: string; readonly since: number } } {
  const { policy, now } = circumstances;
  if (policy.registration.status !== 'Accepted') return { info: { status: 'Invalid' } };
  if (isNobody(token)) return { info: ACCEPTED };
  const { verdict, info } = judged(token, circumstances);
  if (isOver || verdict.single === undefined || verdict.status !== 'Accepted') return { info };
  const tag = digestOf(verdict.single);
  if (policy.isInUse(tag, transaction)) return { info: { ...info, status: 'ConcurrentTx' } };
  return { info, holds: { tag, since: now } };
}

/** What a station of OCPP 2.0.1 Core begins, and its answer. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['BootNotification', boot({ reason: 'text', chargingStation: 'object' })],
  ['Heartbeat', HEARTBEAT],
  ['Authorize', { needs: { idToken: 'object' }, answer: authorize }],
  ['TransactionEvent', { needs: {}, isTransactional: true, answer: transactionEvent }],
  ['MeterValues', { ...noted({}), isTransactional: true }],
  ['StatusNotification', noted({ connectorStatus: 'text', evseId: 'connector', connectorId: 'connector' })],
  ['NotifyEvent', noted({ eventData: 'list' })],
  ['NotifyReport', noted({ requestId: 'integer' })],
  ['SecurityEventNotification', noted({ type: 'text' })],
  ['FirmwareStatusNotification', noted({ status: 'text' })],
  ['LogStatusNotification', noted({ status: 'text' })],
  ['DataTransfer', DATA_TRANSFER],
]);
