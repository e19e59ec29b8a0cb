import { useAnswer } from '../asking/use-answer.ts';
import { Answered } from '../parts/Answered.tsx';
import { Empty } from '../parts/Empty.tsx';
import { Pager } from '../parts/Pager.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { type FrameFilter, type FrameLineFragment, FramesDocument } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';
import { grouped } from '../writing/decimal.ts';
import { FrameRows } from './FrameRows.tsx';
import { LiveSwitch } from './LiveSwitch.tsx';
import { useLiveFrames } from './use-live-frames.ts';

const PAGE = 50;
type Props = { readonly filter: FrameFilter; readonly withStation?: boolean };

/** Frames that the filter finds, newest first, and those that arrive, on top. Another filter is another list. */
export function FrameList({ filter, withStation = false }: Props) {
  const { asOf } = useScope();
  const [parameters] = useSearch();
  const after = parameters.get('after');
  const isLive = asOf === undefined && after === null;
  const live = useLiveFrames(filter, isLive);
  const answer = useAnswer(FramesDocument, { filter, first: PAGE, after, asOf });
  return (
    <Answered answer={answer} what="frames" lines={8}>
      {({ frames: { nodes, totalCount, pageInfo, readAt } }) => (
        <>
          <div className="row between">
            <p className="soft counts">
              {grouped(totalCount)} frames
              {live.arrived.length > 0 && `, ${live.arrived.length} more since`}
            </p>
            {isLive && <LiveSwitch live={live} />}
          </div>
          <Found frames={withArrived(nodes, live.arrived)} withStation={withStation} />
          <Pager pageInfo={pageInfo} />
          {withStation && <ReadAt readAt={readAt} />}
        </>
      )}
    </Answered>
  );
}

type Frames = readonly FrameLineFragment[];

/** What arrived between the subscription and the answer is in both. */
function withArrived(listed: Frames, arrived: Frames): Frames {
  const known = new Set(listed.map(({ id }) => id));
  return [...arrived.filter(({ id }) => !known.has(id)), ...listed];
}

function Found({ frames, withStation }: { readonly frames: Frames; readonly withStation: boolean }) {
  if (frames.length > 0)
    return <FrameRows frames={frames} withStation={withStation} label="Frames, newest first" />;
  return (
    <Empty title="No frame is like that.">
      <p>Widen the filter; frames that arrive are shown as they come.</p>
    </Empty>
  );
}
