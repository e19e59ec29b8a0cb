import { CONNECTION_RULES } from './connection-rules.ts';

/** What a rule is about: the handshake, the form of a frame, the answer to a CALL, whose turn it was, the payload. */
export type Category = 'connection' | 'frame' | 'answer' | 'turn' | 'schema';
export type Severity = 'error' | 'warning' | 'info';
export type Rule = {
  readonly category: Category;
  /** `error`: breaks SHALL or MUST, or a peer. `warning`: breaks SHOULD, or hints at a fault. */
  readonly severity: Severity;
  readonly title: string;
  /** Where it is asked. J: OCPP-J 1.6; JE: its errata; S: OCPP 1.6 edition 2; E: errata v4.0. */
  readonly section: string;
};

const frame = (severity: Severity, section: string, title: string): Rule => ({
  category: 'frame',
  severity,
  section,
  title,
});
const answer = (severity: Severity, section: string, title: string): Rule => ({
  category: 'answer',
  severity,
  section,
  title,
});
const turn = (severity: Severity, section: string, title: string): Rule => ({
  category: 'turn',
  severity,
  section,
  title,
});
const schema = (severity: Severity, section: string, title: string): Rule => ({
  category: 'schema',
  severity,
  section,
  title,
});

/** Rule → what it asks. The names are stable: findings, dashboards and the demo's ledger count by them. */
export const RULES = {
  ...CONNECTION_RULES,

  'rpc-invalid-json': frame('error', 'J 4.1.2', 'A frame is JSON in UTF-8'),
  'rpc-binary': frame('error', 'J 5.1', 'A frame is text'),
  'rpc-oversized': frame('warning', 'J 4.1', 'A frame is of a size that peers take'),
  'rpc-not-array': frame('error', 'J 4.1.3', 'A message is an array that begins with a number'),
  'rpc-message-type': frame('error', 'J 4.1.3', 'The message type is 2, 3 or 4'),
  'rpc-call-arity': frame('error', 'J 4.2.1', 'A CALL has four elements'),
  'rpc-callresult-arity': frame('error', 'J 4.2.2', 'A CALLRESULT has three elements'),
  'rpc-callerror-arity': frame('error', 'J 4.2.3', 'A CALLERROR has five elements'),
  'rpc-id-type': frame('error', 'J 4.1.4', 'The message id is a string'),
  'rpc-id-length': frame('error', 'J 4.1.4', 'The message id has 1 to 36 characters'),
  'rpc-payload-type': frame('error', 'J 4.2', 'The payload is an object'),
  'rpc-duplicate-key': frame('warning', 'RFC 8259, 4', 'An object holds a name once'),
  'rpc-error-code': frame('warning', 'J 4.2.3', 'The error code is one of OCPP-J'),
  'rpc-error-code-spelling': frame('info', 'JE 5.1, 5.2', 'The error code is spelt as OCPP-J 1.6 spells it'),
  'rpc-error-details': frame('warning', 'J 4.2.3', 'An error has a text and details'),

  'rpc-unanswered': answer('error', 'J 4.1.1', 'A CALL is answered'),
  'rpc-interrupted': answer('info', 'J 4.1.1', 'A connection stays until its CALLs are answered'),
  'rpc-late-response': answer('warning', 'J 4.1.1', 'An answer comes before its CALL is given up'),
  'rpc-response-unmatched': answer('warning', 'J 4.1.4', 'An answer belongs to a CALL'),

  'rpc-concurrent-call': turn('warning', 'J 4.1.1', 'One CALL at a time and direction'),
  'rpc-retry-loop': turn('warning', 'S 3.7.1', 'A message that fails is given up after some attempts'),
  'boot-call-before-accepted': turn('error', 'S 4.2', 'No CALL between BootNotification and its answer'),
  'boot-call-while-pending': turn('error', 'S 4.2', 'While Pending only what was triggered'),
  'boot-call-while-rejected': turn('error', 'S 4.2', 'While Rejected nothing until the interval is over'),
  'boot-remote-tx-in-pending': turn('error', 'S 4.2', 'No remote start or stop while Pending'),

  'rpc-action-unknown': schema('error', 'J 4.2.1, S 6', 'The action is one of its version'),
  'rpc-action-case': schema('error', 'J 4.2.1', 'The action is spelt as OCPP spells it'),
  'rpc-action-direction': schema('error', 'S 4, 5', 'The action is sent by the right side'),
  'schema-missing-field': schema('error', 'S 6', 'A required member is there'),
  'schema-type': schema('error', 'S 6, 7', 'A member has the type of its schema'),
  'schema-enum': schema('error', 'S 7', 'A value is one of its list'),
  'schema-length': schema('error', 'S 7.15', 'A text is not too long'),
  'schema-extra-field': schema('warning', 'JE 3.2', 'No member that the schema does not have'),
  'schema-empty-array': schema('error', 'S 6.31, 7.13, 7.33', 'A list that wants one item has one'),
  'schema-null-value': schema('warning', 'S 6', 'A member that is not there is left out'),
  'schema-number-range': schema('error', 'S 6', 'A number lies in its bounds'),
  'schema-decimal': schema('warning', 'S 7.13, 7.14', 'A limit has one decimal'),
  'schema-datetime': schema('error', 'S 3.15', 'A time is ISO 8601'),
  'schema-datetime-implausible': schema('warning', 'S 3.15, 4.2.1', 'A clock tells a time that can be'),
  'schema-datetime-zone': schema('warning', 'S 3.14, 3.15', 'A time names its zone'),
  'schema-datetime-rfc3339': schema('info', 'S 3.15', 'A time is RFC 3339'),
} as const satisfies Readonly<Record<string, Rule>>;
export type RuleName = keyof typeof RULES;

/** One breach of a rule in one frame, or one handshake. */
export type Breach = {
  readonly rule: RuleName;
  /** What exactly, in one line, without values of the frame. */
  readonly detail: string;
  /** Where it weighs otherwise than its rule does. */
  readonly severity?: Severity;
};
