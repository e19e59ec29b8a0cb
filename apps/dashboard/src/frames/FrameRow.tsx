import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import type { FrameLineFragment } from '../questions/generated.ts';
import { framePath } from '../scope/use-scope.ts';
import { DirectionWords } from './DirectionWords.tsx';
import { MessageWords } from './MessageWords.tsx';

type Props = {
  readonly frame: FrameLineFragment;
  readonly withStation: boolean;
  readonly isCurrent: boolean;
};

/** So much of a frame stands in its line. */
const EXCERPT = 300;

export function FrameRow({ frame, withStation, isCurrent }: Props) {
  return (
    <li>
      <ScopedLink
        to={framePath(frame.id)}
        className="frame"
        data-stop=""
        aria-current={isCurrent ? 'true' : undefined}
      >
        <Time at={frame.time} form="clock" />
        {withStation && <span className="clip">{frame.station}</span>}
        <DirectionWords direction={frame.direction} />
        <MessageWords frame={frame} />
        <code className="excerpt">{frame.text?.slice(0, EXCERPT) ?? 'no text: see its bytes'}</code>
      </ScopedLink>
    </li>
  );
}
