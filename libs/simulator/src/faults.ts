import type { Payload } from './peer.ts';

/** A rule of the conformance report and how often the fault breaks it. */
export type ExpectedFinding = { readonly rule: string; readonly count: number };

/**
 * What a station does wrong once when it is told to, and what an examiner should find.
 * `cut-frame`: sends a frame without its beginning. `altered`: the next CALL of the action for which the
 * alteration gives something else. `hasty-boot`: at the next boot does not wait for the answer.
 * `two-calls`: two CALLs at once. `silent`: leaves the next CALL of the action unanswered for good.
 */
export type Fault = {
  readonly category: 'frame' | 'answer' | 'turn' | 'schema';
  readonly expected: readonly ExpectedFinding[];
} & (
  | { readonly kind: 'cut-frame' | 'hasty-boot' | 'two-calls' }
  | { readonly kind: 'silent'; readonly action: string }
  | {
      readonly kind: 'altered';
      readonly action: string;
      /** Undefined: this one is not the one. */
      readonly alter: (payload: Payload) => Payload | undefined;
    }
);

const once = (rule: string): readonly ExpectedFinding[] => [{ rule, count: 1 }];

/** Longer than the 20 characters of an idToken (OCPP 1.6, 7.28). */
export const LONG_TAG = 'TAG-OF-TWENTY-FOUR-CHARS';

export const FAULTS = {
  'cut-frame': { kind: 'cut-frame', category: 'frame', expected: once('rpc-invalid-json') },
  'no-answer': { kind: 'silent', action: 'ClearCache', category: 'answer', expected: once('rpc-unanswered') },
  'two-calls': { kind: 'two-calls', category: 'turn', expected: once('rpc-concurrent-call') },
  // To speak before the answer to BootNotification is also to speak while a CALL of one's own is open.
  'hasty-boot': {
    kind: 'hasty-boot',
    category: 'turn',
    expected: [...once('boot-call-before-accepted'), ...once('rpc-concurrent-call')],
  },
  'number-for-text': {
    kind: 'altered',
    action: 'MeterValues',
    category: 'schema',
    alter: numberForText,
    expected: once('schema-type'),
  },
  'no-error-code': {
    kind: 'altered',
    action: 'StatusNotification',
    category: 'schema',
    alter: ({ errorCode: _, ...payload }) => payload,
    expected: once('schema-missing-field'),
  },
  'old-status': {
    kind: 'altered',
    action: 'StatusNotification',
    category: 'schema',
    // What OCPP 1.5 called a connector in use.
    alter: (payload) => (payload.status === 'Finishing' ? { ...payload, status: 'Occupied' } : undefined),
    expected: once('schema-enum'),
  },
  'long-tag': {
    kind: 'altered',
    action: 'Authorize',
    category: 'schema',
    alter: () => ({ idTag: LONG_TAG }),
    expected: once('schema-length'),
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

type Sampled = { readonly value: string };
type MeterValue = { readonly sampledValue: readonly Sampled[] };

/** The first sampled value as a JSON number, where the schema has text. */
function numberForText(payload: Payload): Payload | undefined {
  const [first, ...others] = payload.meterValue as readonly MeterValue[];
  const [sample, ...samples] = first?.sampledValue ?? [];
  if (first === undefined || sample === undefined) return undefined;
  const altered = { ...first, sampledValue: [{ ...sample, value: Number(sample.value) }, ...samples] };
  return { ...payload, meterValue: [altered, ...others] };
}
