import { useState } from 'react';
import { timeText } from '../writing/time.ts';
import { useScope } from './use-scope.ts';
import { useSearch } from './use-search.ts';

const HOUR = 3_600_000;
/** As `?last=` names them. */
export const SPANS = {
  '1h': { label: 'Last hour', hours: 1 },
  '24h': { label: 'Last 24 hours', hours: 24 },
  '7d': { label: 'Last 7 days', hours: 7 * 24 },
  '30d': { label: 'Last 30 days', hours: 30 * 24 },
} as const;
export type Span = keyof typeof SPANS;
export const DEFAULT_SPAN: Span = '24h';

export type Period = {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly span: Span;
  /** Its end goes on with time. */
  readonly moves: boolean;
  /** Its end is now again. */
  readonly advance: () => void;
};

const isSpan = (text: string | null): text is Span => text !== null && Object.hasOwn(SPANS, text);
const isMoment = (text: string | undefined) => text !== undefined && !Number.isNaN(Date.parse(text));

/** The time that figures are of: `?from=…&to=…`, or `?last=7d` before now, or before the moment of `asOf`. */
export function usePeriod(): Period {
  const [parameters] = useSearch();
  const { asOf } = useScope();
  const [now, setNow] = useState(() => Date.now());
  const advance = () => {
    setNow(Date.now());
  };
  const [from, to] = [parameters.get('from') ?? undefined, parameters.get('to') ?? undefined];
  if (from !== undefined && to !== undefined && isMoment(from) && isMoment(to))
    return {
      from,
      to,
      label: `${timeText(from)} – ${timeText(to)}`,
      span: DEFAULT_SPAN,
      moves: false,
      advance,
    };
  const last = parameters.get('last');
  const span = isSpan(last) ? last : DEFAULT_SPAN;
  const { label, hours } = SPANS[span];
  const end = asOf !== undefined && isMoment(asOf) ? Date.parse(asOf) : now;
  return {
    from: new Date(end - hours * HOUR).toISOString(),
    to: new Date(end).toISOString(),
    label: label.toLowerCase(),
    span,
    moves: asOf === undefined,
    advance,
  };
}

/** The same period at another view: pinned where it is, moving where it moves. */
export function periodParameters(period: Period): Readonly<Record<string, string>> {
  return period.moves ? { last: period.span } : { from: period.from, to: period.to };
}
