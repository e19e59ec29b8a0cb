import { useState } from 'react';
import { DirectionWords } from '../frames/DirectionWords.tsx';
import { FrameBytes } from '../frames/FrameBytes.tsx';
import { MessageWords } from '../frames/MessageWords.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import type { FrameLineFragment } from '../questions/generated.ts';
import { framePath } from '../scope/use-scope.ts';

type Props = { readonly frame: FrameLineFragment; readonly isOpen: boolean; readonly onLeave: () => void };

/** One frame of the evidence: a line, and its bytes once it is opened. */
export function ProofFrame({ frame, isOpen, onLeave }: Props) {
  const [open, setOpen] = useState(isOpen);
  return (
    <li>
      <details
        open={open}
        onToggle={({ currentTarget }) => {
          setOpen(currentTarget.open);
        }}
      >
        <summary>
          <Time at={frame.time} /> <DirectionWords direction={frame.direction} />{' '}
          <MessageWords frame={frame} />
        </summary>
        {open && (
          <>
            <FrameBytes text={frame.text} bytes={frame.bytes} />
            <ScopedLink to={framePath(frame.id)} onClick={onLeave}>
              Open this frame
            </ScopedLink>
          </>
        )}
      </details>
    </li>
  );
}
