import type { AroundFrameQuery, ExchangeOutcome } from '../questions/generated.ts';
import { spanText } from '../writing/time.ts';
import type { WholeFrame } from './FramePage.tsx';
import { FrameRows } from './FrameRows.tsx';

type Exchange = AroundFrameQuery['exchanges']['nodes'][number];

const OUTCOMES: Readonly<Record<ExchangeOutcome, string>> = {
  PENDING: 'waits for its answer',
  RESULT: 'answered',
  ERROR: 'answered with an error',
  UNANSWERED: 'not answered in time',
  LATE: 'answered after it had counted as unanswered',
  ORPHAN: 'an answer whose CALL was not seen',
  UNKNOWN: 'the gateway’s run ended first: whether it was answered, nobody saw',
};

const latencyText = (micros: string) =>
  Number(micros) < 1_000_000 ? `${(Number(micros) / 1000).toFixed(1)} ms` : spanText(BigInt(micros));

/** A CALL that is cut off has an empty action, an answer without its CALL none. */
function nameOf({ action, call }: Exchange): string {
  if (call === null) return 'Answer';
  return action === null || action === '' ? 'CALL' : action;
}

type Props = { readonly frame: WholeFrame; readonly exchange: Exchange | undefined };

/** The CALL and what answered it. */
export function FrameExchange({ frame, exchange }: Props) {
  const frames = [exchange?.call, exchange?.answer].filter((one) => one !== null && one !== undefined);
  return (
    <section aria-labelledby="exchange">
      <h2 id="exchange">Exchange</h2>
      {exchange === undefined ? (
        <p className="soft">
          {frame.sameAs === null
            ? 'This frame belongs to no CALL.'
            : 'The live frame that it equals has the exchange.'}
        </p>
      ) : (
        <>
          <p>
            <strong>{nameOf(exchange)}</strong>: {OUTCOMES[exchange.outcome]}
            {exchange.latencyMicros !== null && ` after ${latencyText(exchange.latencyMicros)}`}
            {exchange.errorCode !== null && <span className="fault"> ▲ {exchange.errorCode}</span>}
          </p>
          <FrameRows frames={frames} label="CALL and answer" current={frame.id} />
        </>
      )}
    </section>
  );
}
