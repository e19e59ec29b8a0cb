import { useAnswer } from '../asking/use-answer.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { OneFrameDocument, type OneFrameQuery } from '../questions/generated.ts';
import { stationPath, useScope } from '../scope/use-scope.ts';
import { AroundFrame } from './AroundFrame.tsx';
import { FrameBytes } from './FrameBytes.tsx';
import { FrameFacts } from './FrameFacts.tsx';
import { kindText } from './MessageWords.tsx';

export type WholeFrame = OneFrameQuery['frames']['nodes'][number];

/** One frame: its bytes, where it lies, what it belongs to, and which rules it broke. */
export function FramePage({ id }: { readonly id: string }) {
  const { tenant, asOf } = useScope();
  const answer = useAnswer(OneFrameDocument, { tenant, id, asOf });
  const frame = answer.data?.frames.nodes[0];
  return (
    <>
      <PageHead
        title={frame ? kindText(frame) : 'Frame'}
        above={frame ? <ScopedLink to={stationPath(frame.station)}>{frame.station}</ScopedLink> : 'Frame'}
      />
      <Answered answer={answer} what="the frame" lines={10}>
        {({ frames }) => (
          <>
            {frame ? <Whole frame={frame} /> : <NoFrame />}
            <ReadAt readAt={frames.readAt} />
          </>
        )}
      </Answered>
    </>
  );
}

function Whole({ frame }: { readonly frame: WholeFrame }) {
  return (
    <>
      <div className="columns">
        <section aria-labelledby="bytes">
          <h2 id="bytes">Bytes</h2>
          <FrameBytes text={frame.text} bytes={frame.bytes} />
        </section>
        <section className="card" aria-labelledby="facts">
          <h2 id="facts">Facts</h2>
          <FrameFacts frame={frame} />
        </section>
      </div>
      <AroundFrame frame={frame} />
    </>
  );
}

function NoFrame() {
  const { asOf } = useScope();
  return (
    <Empty title="No such frame is in the record.">
      <p>
        {asOf === undefined
          ? 'It may be of another tenant, or a record of the recorder itself.'
          : 'By then it was not known: go back to now.'}{' '}
        <ScopedLink to="/frames">All frames</ScopedLink>
      </p>
    </Empty>
  );
}
