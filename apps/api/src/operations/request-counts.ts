import { Latency, Tally } from '@chargeproof/operations';

/** What the API counts of the questions it is asked, as plain numbers. */
export class RequestCounts {
  /** answered; refused, where the question was at fault; too-much; failed, where we were. */
  readonly requests = new Tally();
  readonly subscriptions = new Tally();
  readonly answering = new Latency();
}

const OUTCOMES: Readonly<Record<string, string>> = {
  INTERNAL_SERVER_ERROR: 'failed',
  TOO_MUCH: 'too-much',
};

/** The worst that the errors of an answer tell. */
export function outcomeOf(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[] = [],
): string {
  const outcomes = errors.map(({ extensions }) => OUTCOMES[String(extensions?.code)] ?? 'refused');
  return ['failed', 'too-much', 'refused'].find((outcome) => outcomes.includes(outcome)) ?? 'answered';
}
