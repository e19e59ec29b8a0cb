import type { AroundFrameQuery, ExchangeOutcome } from '../questions/generated.ts';
import { spanText } from '../writing/time.ts';
import type { WholeFrame } from './FramePage.tsx';
import { FrameRows } from './FrameRows.tsx';

type Exchange = AroundFrameQuery['exchanges']['nodes'][number];

const OUTCOMES: Readonly<Record<ExchangeOutcome, string>> = {
  PENDING: 'It is waiting for its answer.',
  RESULT: 'It was answered.',
  ERROR: 'It was answered with an error.',
  UNANSWERED: 'It was not answered in time.',
  LATE: 'It was answered after it had counted as unanswered.',
  ORPHAN: 'An answer whose CALL was not seen.',
  UNKNOWN: 'The gateway’s run ended first: whether it was answered, nobody saw.',
};

const latencyText = (micros: string) =>
  Number(micros) < 1_000_000 ? `${(Number(micros) / 1000).toFixed(1)} ms` : spanText(BigInt(micros));

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
            {exchange.action !== null && <strong>{exchange.action}</strong>} {OUTCOMES[exchange.outcome]}
            {exchange.errorCode !== null && <span className="fault"> {exchange.errorCode}</span>}
            {exchange.latencyMicros !== null && (
              <span className="soft"> After {latencyText(exchange.latencyMicros)}.</span>
            )}
          </p>
          <FrameRows frames={frames} label="CALL and answer" />
        </>
      )}
    </section>
  );
}
