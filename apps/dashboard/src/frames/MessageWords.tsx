import type { FrameLineFragment, MessageKind } from '../questions/generated.ts';

const KINDS: Readonly<Record<MessageKind, string>> = {
  CALL: 'CALL',
  CALL_RESULT: 'Result',
  CALL_ERROR: 'Error',
  CALL_RESULT_ERROR: 'Result error',
  SEND: 'SEND',
  UNKNOWN: 'No OCPP message',
};

/** A response has no action of its own. */
export const kindText = ({ action, kind }: Pick<FrameLineFragment, 'kind' | 'action'>): string =>
  action ?? KINDS[kind];

type Props = { readonly frame: Pick<FrameLineFragment, 'kind' | 'action' | 'fault' | 'messageId'> };

/** What the frame says that it is: its action, or whose answer it is; and its fault, where it has one. */
export function MessageWords({ frame }: Props) {
  const { fault, messageId } = frame;
  return (
    <span className="message">
      <strong>{kindText(frame)}</strong>
      {fault !== null && <span className="fault"> ▲ {fault.replaceAll('-', ' ')}</span>}
      {messageId !== null && <span className="soft code message-id"> {messageId}</span>}
    </span>
  );
}
