import type { Frame, FrameFault, FrameKind } from '@chargeproof/ocpp';
import { codePointsOf } from './code-points.ts';
import type { Breach, RuleName } from './rules.ts';

const ARITY: Partial<Record<FrameKind, RuleName>> = {
  call: 'rpc-call-arity',
  'call-result': 'rpc-callresult-arity',
  'call-error': 'rpc-callerror-arity',
};

/** The codec's verdict → the rule it breaks. */
const OF_FAULT: Readonly<Record<Exclude<FrameFault, 'wrong-length'>, RuleName>> = {
  cut: 'rpc-oversized',
  binary: 'rpc-binary',
  'not-utf8': 'rpc-invalid-json',
  'not-json': 'rpc-invalid-json',
  'truncated-json': 'rpc-invalid-json',
  'too-deep': 'rpc-invalid-json',
  'not-array': 'rpc-not-array',
  'empty-array': 'rpc-not-array',
  'message-type-not-number': 'rpc-not-array',
  'message-type-unknown': 'rpc-message-type',
  'message-id-not-string': 'rpc-id-type',
  'action-not-string': 'rpc-call-arity',
  'payload-not-object': 'rpc-payload-type',
  'error-code-not-string': 'rpc-error-code',
  'error-description-not-string': 'rpc-error-details',
  'error-details-not-object': 'rpc-error-details',
};

/** OCPP-J 1.6, 4.2.3. Two are misspelt there, and stay so (JE 5.1, 5.2). */
const ERROR_CODES: ReadonlySet<string> = new Set([
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
]);
const RESPELT: ReadonlySet<string> = new Set(['FormatViolation', 'OccurrenceConstraintViolation']);
const LONGEST_ID = 36;

/** What is wrong with a frame as an OCPP-J message, whatever its payload says. */
export function frameBreaches(frame: Frame, protocol: string): readonly Breach[] {
  const breaches: Breach[] = [];
  const { fault, duplicateKeys, messageId } = frame;
  if (fault !== undefined) {
    const rule = fault.reason === 'wrong-length' ? ARITY[frame.kind] : OF_FAULT[fault.reason];
    breaches.push({ rule: rule ?? 'rpc-not-array', detail: `${fault.reason} at byte ${fault.offset}` });
  }
  if (messageId !== undefined) breaches.push(...idBreaches(messageId));
  const [name] = duplicateKeys;
  if (name !== undefined) {
    breaches.push({ rule: 'rpc-duplicate-key', detail: `${name.slice(0, 80)} is there twice` });
  }
  if (frame.kind === 'call-error' && protocol === 'ocpp1.6')
    breaches.push(...errorCodeBreaches(frame.errorCode));
  return breaches;
}

function idBreaches(messageId: string): readonly Breach[] {
  if (messageId === '') return [{ rule: 'rpc-id-length', detail: 'it is empty', severity: 'warning' }];
  if (messageId.length <= LONGEST_ID) return [];
  const length = codePointsOf(messageId);
  return length > LONGEST_ID ? [{ rule: 'rpc-id-length', detail: `it has ${length} characters` }] : [];
}

function errorCodeBreaches(code: string | undefined): readonly Breach[] {
  if (code === undefined || ERROR_CODES.has(code)) return [];
  if (RESPELT.has(code))
    return [{ rule: 'rpc-error-code-spelling', detail: `${code} is how OCPP 2 spells it` }];
  return [{ rule: 'rpc-error-code', detail: 'the error code is none of OCPP-J' }];
}
