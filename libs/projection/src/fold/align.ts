import type { Direction, LoggedRecord, Micros, RecordId } from '@chargeproof/record';
import { effectiveTime } from '@chargeproof/record';
import type { Frame, Twin } from '@chargeproof/ocpp';
import { frameOf, isResponse } from '@chargeproof/ocpp';
import type { Difference } from './clock-offset.ts';
import { clockOffset, TOLERANCE } from './clock-offset.ts';
import { longestRising } from './rising.ts';

/**
 * Bytes that come so often, in the recording or live, say nothing of when they were sent: heartbeats under
 * one id, empty responses.
 */
export const RARE = 4;

/** So many frames must be found again for each that the other side has otherwise under the same id at that moment. */
export const AGREEING = 4;

/**
 * Two witnesses (DESIGN 5): which frames of one recording are live frames of the same station. They have the
 * same bytes, the same direction (any, where the recording's was inferred: the live frame knows better), the
 * same order on their side of the wire, and one clock offset; each live frame is paired once. The offset is
 * the one that most of the rare contents agree on (`clock-offset.ts`). A response is not paired without the
 * CALL that the recording has for it: else that would stand unanswered. Nothing is, where one frame in
 * {@link AGREEING} or more has another wording live: that is another day with the same ids.
 *
 * @param recording its frames, in their order
 * @param live frames of the station that may be among them, in effective order
 * @returns id of the imported frame's record → its live twin
 */
export function align(
  recording: readonly LoggedRecord[],
  live: readonly LoggedRecord[],
): ReadonlyMap<RecordId, Twin> {
  const theirs = recording.map(sighting);
  const ours = live.map(sighting);
  const byContent = Map.groupBy(ours, ({ content }) => content);
  const offset = clockOffset(differences(theirs, byContent));
  if (offset === undefined) return new Map();
  const pairs = pairUp(theirs, byContent, offset);
  withoutTornExchanges(theirs, pairs);
  if (contradictions(theirs, ours, pairs, offset) * AGREEING > pairs.size) return new Map();
  return new Map(
    [...pairs].map(([their, our]) => [their.id, { sameAs: our.id, clockOffset: offset }] as const),
  );
}

type Sighting = {
  /** Its place on its side. */
  readonly index: number;
  readonly id: RecordId;
  readonly time: Micros;
  readonly direction: Direction | undefined;
  readonly inferred: boolean;
  readonly content: string;
  readonly frame: Frame;
};

function sighting(record: LoggedRecord, index: number): Sighting {
  const { attributes, value } = record;
  const { id, direction, inferred } = attributes;
  return {
    index,
    id,
    time: effectiveTime(attributes),
    direction,
    inferred: inferred === 'direction',
    content: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'),
    frame: frameOf(record),
  };
}

type Contents = ReadonlyMap<string, readonly Sighting[]>;
/** An imported frame and the live one that it is. */
type Pairs = Map<Sighting, Sighting>;

const mayGo = (their: Sighting, our: Sighting) => their.inferred || their.direction === our.direction;

function differences(theirs: readonly Sighting[], byContent: Contents): readonly Difference[] {
  return [...Map.groupBy(theirs, ({ content }) => content)].flatMap(([content, same]) => {
    const live = byContent.get(content) ?? [];
    if (same.length > RARE || live.length > RARE) return [];
    return same.flatMap((their) =>
      live.filter((our) => mayGo(their, our)).map((our) => ({ content, offset: their.time - our.time })),
    );
  });
}

/** Order holds on each side of the wire; CALLs that cross may be seen either way round. */
function pairUp(theirs: readonly Sighting[], byContent: Contents, offset: Micros): Pairs {
  const pairs: Pairs = new Map();
  for (const side of ['station-to-csms', 'csms-to-station'] as const) {
    const left = theirs.filter((their) => !pairs.has(their));
    const choices = left.map((their) =>
      atOnce(their, byContent.get(their.content) ?? [], offset).filter((our) => our.direction === side),
    );
    const byIndex = new Map(choices.flat().map((our) => [our.index, our]));
    const found = longestRising(choices.map((live) => live.map(({ index }) => index)));
    for (const [from, to] of found) {
      const [their, our] = [left[from], byIndex.get(to)];
      if (their && our) pairs.set(their, our);
    }
  }
  return pairs;
}

/** Those of the live frames, which are in order of time, that were sent when this one was. */
function atOnce(their: Sighting, live: readonly Sighting[], offset: Micros): readonly Sighting[] {
  const time = their.time - offset;
  let [low, high] = [0, live.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((live[middle]?.time ?? Infinity) < time - TOLERANCE) low = middle + 1;
    else high = middle;
  }
  const found: Sighting[] = [];
  for (let our = live[low]; our && our.time <= time + TOLERANCE; our = live[++low])
    if (mayGo(their, our)) found.push(our);
  return found;
}

/** Takes out each response whose CALL is in the recording and was not found live. */
function withoutTornExchanges(theirs: readonly Sighting[], pairs: Pairs): void {
  const asked = new Map<string, Sighting[]>();
  for (const their of theirs) {
    const { kind, messageId = '' } = their.frame;
    const isAnswer = isResponse(kind);
    if (!isAnswer && kind !== 'call') continue;
    const ofStation = (their.direction === 'station-to-csms') !== isAnswer;
    const exchange = `${ofStation} ${messageId}`;
    const calls = asked.get(exchange) ?? [];
    if (isAnswer) {
      const call = calls.pop();
      if (call !== undefined && !pairs.has(call)) pairs.delete(their);
    } else {
      asked.set(exchange, calls);
      calls.push(their);
    }
  }
}

/** Frames that were not found, where a live one that was not found either says something else under their id. */
function contradictions(
  theirs: readonly Sighting[],
  ours: readonly Sighting[],
  pairs: Pairs,
  offset: Micros,
): number {
  const found = new Set(pairs.values());
  const idOf = ({ frame: { kind, messageId } }: Sighting) => `${kind} ${messageId ?? ''}`;
  const left = Map.groupBy(
    ours.filter((our) => !found.has(our)),
    idOf,
  );
  const isContradicted = (their: Sighting) =>
    !pairs.has(their) &&
    their.frame.messageId !== undefined &&
    atOnce(their, left.get(idOf(their)) ?? [], offset).some((our) => our.content !== their.content);
  return theirs.filter(isContradicted).length;
}
