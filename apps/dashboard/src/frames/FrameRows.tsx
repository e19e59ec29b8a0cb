import { Fragment } from 'react';
import { roveStops } from '../parts/roving.ts';
import type { FrameLineFragment } from '../questions/generated.ts';
import { dayText } from '../writing/time.ts';
import { FrameRow } from './FrameRow.tsx';

type Props = {
  readonly frames: readonly FrameLineFragment[];
  readonly withStation?: boolean;
  readonly label: string;
  /** The one that is shown already. */
  readonly current?: string;
};

/** Frames, a line each, under the day of each; arrow keys go from one to the next, Enter opens one. */
export function FrameRows({ frames, withStation = false, label, current }: Props) {
  const days = frames.map(({ time }) => dayText(time));
  return (
    <ol className="frames" aria-label={label} data-with-station={withStation} onKeyDown={roveStops}>
      {frames.map((frame, index) => (
        <Fragment key={frame.id}>
          {days[index] !== days[index - 1] && <li className="day">{days[index]}</li>}
          <FrameRow frame={frame} withStation={withStation} isCurrent={frame.id === current} />
        </Fragment>
      ))}
    </ol>
  );
}
