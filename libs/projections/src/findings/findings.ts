import {
  type Breach,
  frameBreaches,
  handshakeBreaches,
  payloadBreaches,
  type RuleName,
  RULES,
  type Severity,
} from '@chargeproof/conformance';
import type { FrameObservation, Observation, RecordObservation } from '@chargeproof/ocpp';
import { bounded } from '@chargeproof/ocpp';
import type { Fact, Projection, Step } from '@chargeproof/projection';
import type { Direction, Micros, RecordId } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import { ANSWER_TIMEOUT, exchanges, type Outcome } from '../exchanges/exchanges.ts';
import {
  type Certificates,
  certificateSaid,
  endCertificate,
  NO_CERTIFICATES,
  showCertificate,
} from './certificates.ts';
import { key, values } from './columns.ts';
import { followRetries, NO_RETRIES, type Retries } from './retries.ts';
import { endConversation, followTurn, NO_TURNS, type Turns } from './turns.ts';

type State = { readonly exchanges: unknown; readonly said: Said };
/** What went over the wire, as far as the next frame is judged by it. */
type Said = { readonly turns: Turns; readonly retries: Retries; readonly certificates: Certificates };

/** What a recording does not say is taken for. */
const USUAL_PROTOCOL = 'ocpp1.6';

/**
 * Rules of OCPP that were broken, handshake by handshake and frame by frame. What became of a CALL it takes from the fold of
 * `exchanges`, so that the two never differ: a new version of that is a new version of this. Only a CALL
 * that is malformed is kept from it: whoever gets it need not answer.
 */
export const findings: Projection<State> = {
  name: 'findings',
  version: 2,
  of: 'station',
  key,
  values,
  initial: {
    exchanges: exchanges.initial,
    said: { turns: NO_TURNS, retries: NO_RETRIES, certificates: NO_CERTIFICATES },
  },
  due: (state) => exchanges.due?.(state.exchanges as never),
  apply(state, observation) {
    const { state: said, facts } = judge(state.said, observation);
    if (isMalformedCall(observation)) return { state: { ...state, said }, facts };
    const followed = exchanges.apply(state.exchanges as never, observation);
    const ofAnswers = followed.facts.flatMap(aboutAnswer);
    return { state: { exchanges: followed.state, said }, facts: [...ofAnswers, ...facts] };
  },
};

const isMalformedCall = (observation: Observation) =>
  observation.kind === 'frame' && observation.frame.kind === 'call' && observation.frame.fault !== undefined;

function judge(said: Said, observation: Observation): Step<Said> {
  if (observation.kind === 'frame') return judgeFrame(said, observation);
  if (observation.kind !== 'record') return { state: said, facts: [] };
  switch (observation.type) {
    case 'ocpp.handshake-accepted.v1':
    case 'ocpp.handshake-refused.v1':
      return judgeHandshake(said, observation);
    case 'ocpp.connection-closed.v1':
    case 'recorder.run-started.v1':
    case 'recorder.run-stopped.v1': {
      const turns = endConversation(said.turns, observation);
      return {
        state: { ...said, turns, certificates: endCertificate(said.certificates, observation) },
        facts: [],
      };
    }
    default:
      return { state: said, facts: [] };
  }
}

type HandshakeObservation = Extract<
  RecordObservation,
  { readonly type: 'ocpp.handshake-accepted.v1' | 'ocpp.handshake-refused.v1' }
>;

function judgeHandshake(said: Said, observation: HandshakeObservation): Step<Said> {
  const { record, payload, time } = observation;
  const facts = handshakeBreaches(payload, record.attributes.subject).map(({ subject, ...breach }): Fact => ({
    key: { rule: breach.rule, record: record.attributes.id },
    values: rowOf(breach, subject, null, time, null),
    time,
    settled: true,
  }));
  return { state: { ...said, certificates: showCertificate(said.certificates, observation) }, facts };
}

function judgeFrame(said: Said, observation: FrameObservation): Step<Said> {
  const { frame, record, time, call } = observation;
  const protocol = record.attributes.protocol ?? USUAL_PROTOCOL;
  const action = frame.kind === 'call' ? frame.action : call?.action;
  const turn = followTurn(said.turns, observation);
  const retries = followRetries(said.retries, observation);
  const breaches = [
    ...frameBreaches(frame, protocol),
    ...(action === undefined ? [] : payloadBreaches(record, frame, action, time, protocol)),
    ...turn.breaches,
    ...retries.breaches,
    ...certificateSaid(said.certificates, observation),
  ];
  return {
    state: { ...said, turns: turn.state, retries: retries.state },
    facts: breaches.map((breach) => found(observation, breach, action)),
  };
}

function found(
  { record, time }: FrameObservation,
  breach: Breach & { readonly other?: RecordId | null },
  action: string | undefined,
): Fact {
  const { id, direction } = record.attributes;
  return {
    key: { rule: breach.rule, record: id },
    values: rowOf(breach, senderOf(direction), action ?? null, time, breach.other ?? null),
    time,
    settled: true,
  };
}

function rowOf(
  { rule, detail, severity }: Breach,
  subject: string,
  action: string | null,
  time: Micros,
  other: RecordId | null,
): Row {
  return {
    category: RULES[rule].category,
    severity: severity ?? RULES[rule].severity,
    subject,
    action: action === null ? null : bounded(action),
    detail,
    found: time,
    other_record: other,
  };
}

const senderOf = (direction: Direction | undefined) =>
  direction === undefined ? '' : direction === 'station-to-csms' ? 'station' : 'csms';
const receiverOf = (direction: string) => (direction === 'station-to-csms' ? 'csms' : 'station');

/** CALLs that leave a station waiting, or its money: unanswered they are an error, others a warning. */
const NEED_AN_ANSWER: ReadonlySet<unknown> = new Set([
  'Authorize',
  'BootNotification',
  'Heartbeat',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
]);

/** What an exchange's outcome says of rules. */
function aboutAnswer({ key: { exchange }, values: row, time, settled }: Fact): readonly Fact[] {
  if (row === null) return [];
  const record = String(exchange);
  const about = (rule: RuleName, detail: string, more: { severity?: Severity } = {}): Fact => ({
    key: { rule, record },
    values: rowOf(
      { rule, detail, ...more },
      receiverOf(String(row.direction)),
      row.action as string | null,
      Number(row.called ?? row.answered),
      rule === 'rpc-late-response' ? (row.answer_record as RecordId | null) : null,
    ),
    time,
    ...(settled ? { settled } : {}),
  });
  switch (row.outcome as Outcome) {
    case 'unanswered': {
      const severity = NEED_AN_ANSWER.has(row.action) ? 'error' : 'warning';
      return time - Number(row.called) >= ANSWER_TIMEOUT
        ? [about('rpc-unanswered', 'no answer within 30 s', { severity })]
        : [about('rpc-interrupted', 'its connection ended first')];
    }
    case 'late':
      return [
        { key: { rule: 'rpc-unanswered', record }, values: null, time },
        about('rpc-late-response', 'the answer came after 30 s'),
      ];
    case 'orphan':
      return [about('rpc-response-unmatched', 'no CALL of this id was open')];
    default:
      return [];
  }
}
