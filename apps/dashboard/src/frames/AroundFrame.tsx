import { useAnswer } from '../asking/use-answer.ts';
import { Answered } from '../parts/Answered.tsx';
import { AroundFrameDocument } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { FrameExchange } from './FrameExchange.tsx';
import { FrameFindings } from './FrameFindings.tsx';
import type { WholeFrame } from './FramePage.tsx';

/** What a frame belongs to, and what was found at it. */
export function AroundFrame({ frame }: { readonly frame: WholeFrame }) {
  const { tenant, asOf } = useScope();
  const { id, station, connection, messageId } = frame;
  const answer = useAnswer(AroundFrameDocument, {
    tenant,
    station: [station],
    // Of an imported frame its answer may lie in another recording.
    connection: frame.witness === 'WIRE' ? connection : null,
    messageId,
    id,
    asOf,
  });
  return (
    <Answered answer={answer} what="its exchange" lines={3}>
      {({ exchanges, conformance }) => (
        <>
          <FrameExchange
            frame={frame}
            exchange={exchanges.nodes.find(({ call, answer: it }) => call?.id === id || it?.id === id)}
          />
          <FrameFindings findings={conformance.findings} />
        </>
      )}
    </Answered>
  );
}
