import type { FrameObservation, Integer, Maybe, Observation } from '@chargeproof/ocpp';
import { integerOf, member, payloadIn, wordOf } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import type { Sample, Stamped } from './samples.ts';
import { samplesOf, stampedAt } from './samples.ts';
import type { Cited } from './transaction.ts';

/** A transaction id as it was sent, and as ids are compared. */
export type PeerId = { readonly text: string | null; readonly id: string | null };

export type Start = Cited & {
  readonly is: 'start';
  readonly connector: Integer | null;
  readonly idTag: string | null;
  readonly stamped: Stamped;
  readonly meterStart: string | null;
  readonly reservationId: string | null;
};
export type Stop = Cited & {
  readonly is: 'stop';
  readonly id: PeerId;
  readonly idTag: string | null;
  readonly stamped: Stamped;
  readonly meterStop: string | null;
  readonly reason: string | null;
  readonly samples: readonly Sample[];
};
export type Meter = Cited & {
  readonly is: 'meter';
  readonly id: PeerId;
  readonly connector: Integer | null;
  readonly samples: readonly Sample[];
};
export type Status = Cited & {
  readonly is: 'status';
  readonly connector: Integer | null;
  readonly status: string | null;
  readonly stamped: Stamped;
};
export type Boot = Cited & { readonly is: 'boot' };
/** What answers a StartTransaction or StopTransaction. `error`: a CALLERROR. */
export type Answer = Cited & {
  readonly is: 'answer';
  readonly to: string;
  readonly action: 'StartTransaction' | 'StopTransaction';
  readonly error: boolean;
  readonly id: PeerId;
  readonly status: string | null;
};
/** A frame that tells of transactions (OCPP 1.6, 4.2, 4.7 to 4.10). */
export type Message = Start | Stop | Meter | Status | Boot | Answer;

const NO_ID: PeerId = { text: null, id: null };

/** `7`, `"7"` and `7.0` are one id: peers mix them. What is no whole number is its own text. */
export function idOf(value: Maybe): PeerId {
  const text = wordOf(value);
  if (text === null) return NO_ID;
  return { text, id: String(integerOf(value) ?? text) };
}

/** The message in a frame; undefined where it tells nothing of transactions. */
export function messageOf(observation: Observation): Message | undefined {
  if (observation.kind !== 'frame') return undefined;
  const { direction } = observation.record.attributes;
  if (direction === 'csms-to-station') return answerOf(observation);
  if (observation.frame.kind !== 'call') return undefined;
  const { action = '' } = observation.frame;
  return isCallAction(action) ? CALLS[action](payloadIn(observation.frame), citedOf(observation)) : undefined;
}

type CallAction =
  'StartTransaction' | 'StopTransaction' | 'MeterValues' | 'StatusNotification' | 'BootNotification';
const isCallAction = (action: string): action is CallAction => Object.hasOwn(CALLS, action);

const citedOf = ({ record, time }: FrameObservation): Cited => ({ record: record.attributes.id, time });

function answerOf(observation: FrameObservation): Answer | undefined {
  const { call, frame } = observation;
  if (!call || (call.action !== 'StartTransaction' && call.action !== 'StopTransaction')) return undefined;
  const { action, recordId: to } = call;
  const cited = citedOf(observation);
  if (frame.kind === 'call-error') {
    return { is: 'answer', ...cited, to, action, error: true, id: NO_ID, status: null };
  }
  const payload = payloadIn(frame);
  const id = idOf(member(payload, 'transactionId'));
  const status = wordOf(member(payload, 'idTagInfo', 'status'));
  return { is: 'answer', ...cited, to, action, error: false, id, status };
}

const connectorIn = (payload: Maybe): Integer | null => integerOf(member(payload, 'connectorId'));
const stampedIn = (payload: Maybe, received: Micros) => stampedAt(member(payload, 'timestamp'), received);

const CALLS: Readonly<Record<CallAction, (payload: Maybe, cited: Cited) => Message>> = {
  StartTransaction: (payload, cited) => ({
    is: 'start',
    ...cited,
    connector: connectorIn(payload),
    idTag: wordOf(member(payload, 'idTag')),
    stamped: stampedIn(payload, cited.time),
    meterStart: wordOf(member(payload, 'meterStart')),
    reservationId: wordOf(member(payload, 'reservationId')),
  }),
  StopTransaction: (payload, cited) => ({
    is: 'stop',
    ...cited,
    id: idOf(member(payload, 'transactionId')),
    idTag: wordOf(member(payload, 'idTag')),
    stamped: stampedIn(payload, cited.time),
    meterStop: wordOf(member(payload, 'meterStop')),
    reason: wordOf(member(payload, 'reason')),
    samples: samplesOf(member(payload, 'transactionData'), cited.time),
  }),
  MeterValues: (payload, cited) => ({
    is: 'meter',
    ...cited,
    id: idOf(member(payload, 'transactionId')),
    connector: connectorIn(payload),
    // OCPP 1.5 called it `values`.
    samples: samplesOf(member(payload, 'meterValue') ?? member(payload, 'values'), cited.time),
  }),
  StatusNotification: (payload, cited) => ({
    is: 'status',
    ...cited,
    connector: connectorIn(payload),
    status: wordOf(member(payload, 'status')),
    stamped: stampedIn(payload, cited.time),
  }),
  BootNotification: (_, cited) => ({ is: 'boot', ...cited }),
};
