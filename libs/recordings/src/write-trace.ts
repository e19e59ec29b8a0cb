import { type Element, latin1, outline, utf8 } from '@chargeproof/json';
import { type Frame, type FrameFault, type FrameKind, readFrame } from '@chargeproof/ocpp';
import { type Direction, formatMicros, type Micros, parseMicros } from '@chargeproof/record';
import type { TraceMeta } from './open-ocpp-trace.ts';

/** A frame as it is written to a trace. */
export type TracedFrame = {
  readonly station: string;
  /** Receive time; of an imported frame as its recording claims it. */
  readonly time: Micros;
  /** Only of an imported frame: as written in its recording. */
  readonly claimed?: string;
  readonly direction: Direction;
  readonly inferred?: 'direction';
  /** As `ocpp1.6`. */
  readonly protocol?: string;
  /** As on the wire: a text message, whole. */
  readonly bytes: Uint8Array;
};

const DIRECTIONS: Readonly<Record<Direction, string>> = {
  'station-to-csms': 'cp-to-csms',
  'csms-to-station': 'csms-to-cp',
};

const MESSAGE_TYPES: Partial<Record<FrameKind, string>> = {
  call: 'CALL',
  'call-result': 'CALLRESULT',
  'call-error': 'CALLERROR',
};

/** What a trace can hold nevertheless: the message type is what it says, and the raw text is JSON. */
const HELD_FAULTS: ReadonlySet<FrameFault> = new Set<FrameFault>([
  'wrong-length',
  'message-id-not-string',
  'payload-not-object',
  'error-code-not-string',
  'error-description-not-string',
  'error-details-not-object',
]);

/** The time as a trace has it: what an import claimed, where that is RFC 3339. An import's id is made of it. */
export function timestampOf({ time, claimed }: Pick<TracedFrame, 'time' | 'claimed'>): string {
  return claimed !== undefined && parseMicros(claimed) !== undefined ? claimed : formatMicros(time);
}

/**
 * A line of Open OCPP Trace 1.1, its end included. `raw` is the frame as it was, the other members are read
 * off it, with numbers as they are written there.
 * @returns undefined for what the format cannot hold: no JSON, no CALL, CALLRESULT or CALLERROR, no action
 */
export function writeTrace(traced: TracedFrame): string | undefined {
  const frame = readFrame(traced.bytes, 'text');
  const messageType = MESSAGE_TYPES[frame.kind];
  if (messageType === undefined || (frame.fault && !HELD_FAULTS.has(frame.fault.reason))) return undefined;
  if (frame.kind === 'call' && frame.action === undefined) return undefined;
  const text = latin1(traced.bytes);
  const timestamp = timestampOf(traced);
  const members: (readonly [string, string | undefined])[] = [
    ['schemaVersion', '"1.1"'],
    ['timestamp', quoted(timestamp)],
    ['ocppVersion', quoted(traced.protocol?.replace(/^ocpp/, ''))],
    ['transport', '"json"'],
    ['chargePointId', quoted(traced.station)],
    ['direction', quoted(DIRECTIONS[traced.direction])],
    ['messageType', quoted(messageType)],
    ['messageId', frame.fault?.reason === 'message-id-not-string' ? undefined : quoted(frame.messageId)],
    ['action', quoted(frame.action)],
    ...bodyOf(frame, text),
    ['raw', quoted(utf8(text))],
    ['meta', metaOf(traced, timestamp)],
  ];
  const written = members.flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`]));
  return `{${written.join(',')}}\n`;
}

const quoted = (text: string | undefined) => (text === undefined ? undefined : JSON.stringify(text));

function bodyOf(frame: Frame, text: string): readonly (readonly [string, string | undefined])[] {
  const { elements } = outline(text);
  if (frame.kind !== 'call-error')
    return [['payload', sourceOf(text, elements[frame.kind === 'call' ? 3 : 2])]];
  const parts = [
    ['code', quoted(frame.errorCode)],
    ['description', quoted(frame.errorDescription)],
    ['details', sourceOf(text, elements[4])],
  ] as const;
  const error = parts.flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`]));
  return [['error', `{${error.join(',')}}`]];
}

/** As written in the frame, on one line: in JSON a line's end stands between tokens only. */
function sourceOf(text: string, element: Element | undefined): string | undefined {
  return element && utf8(text.slice(element.start, element.end)).replace(/[\r\n]/g, ' ');
}

function metaOf({ claimed, inferred }: TracedFrame, timestamp: string): string | undefined {
  const meta: TraceMeta = {
    ...(claimed !== undefined && claimed !== timestamp && { claimed }),
    ...(inferred !== undefined && { inferred }),
  };
  return Object.keys(meta).length === 0 ? undefined : JSON.stringify({ chargeproof: meta });
}
