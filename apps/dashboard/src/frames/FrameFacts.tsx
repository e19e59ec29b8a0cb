import { Facts } from '../parts/Facts.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import { framePath } from '../scope/use-scope.ts';
import { DirectionWords } from './DirectionWords.tsx';
import type { WholeFrame } from './FramePage.tsx';

export function FrameFacts({ frame }: { readonly frame: WholeFrame }) {
  return (
    <Facts
      facts={[
        ['Received', <Time key="time" at={frame.time} form="fine" />],
        ['Durable in the log', <Time key="logged" at={frame.loggedAt} form="fine" />],
        ['Direction', <DirectionWords key="direction" direction={frame.direction} />],
        ['Direction inferred', frame.directionInferred ? 'The recording did not say it.' : null],
        ['Kind', frame.kind.replaceAll('_', ' ')],
        ['Message id', frame.messageId],
        [
          'Not well-formed',
          frame.fault && <span className="fault">▲ {frame.fault.replaceAll('-', ' ')}</span>,
        ],
        [
          'Seen',
          frame.witness === 'WIRE' ? 'on the wire, by this recorder' : 'in a recording that was imported',
        ],
        ['Time in the recording', frame.claimedTime],
        ['Same as', frame.sameAs && <ScopedLink to={framePath(frame.sameAs)}>{frame.sameAs}</ScopedLink>],
        ['Subprotocol', frame.protocol],
        ['Connection', frame.connection && <code>{frame.connection}</code>],
        ['Place in it', frame.sequence],
        ['Log position', `partition ${frame.position.partition}, offset ${frame.position.offset}`],
        ['Record', <code key="id">{frame.id}</code>],
      ]}
    />
  );
}
