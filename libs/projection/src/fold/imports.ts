import type { ChargeRecord, LoggedRecord, Position } from '@chargeproof/record';
import type { Folded, RecordingSpan } from '../projection.ts';
import { align } from './align.ts';
import type { Item } from './item.ts';
import { compareItems } from './item.ts';
import { comparePlaces, comparePositions, placeOf } from './place.ts';
import { isLiveFrame, mayHold, REACH, spanOf } from './recordings.ts';

export const isImport = ({ attributes: { witness } }: ChargeRecord) => witness === 'import';

/** What of a station's recordings is folded now. */
export type Imports = {
  readonly items: readonly Item[];
  /** Where the recordings among them stand. */
  readonly spans: readonly RecordingSpan[];
  /** The first record that no end stands behind yet. */
  readonly unended: Position | null;
};

/**
 * A recording's records are folded once an end of a recording stands behind them in the log: its own, or,
 * where an import was cut off, that of the one that was run again. Frames that are live ones are told so.
 *
 * @param imports of one station, from where the state stands on
 * @param records all that is in hand of that station, the live frames among it
 */
export function importsOf(
  imports: readonly LoggedRecord[],
  records: readonly LoggedRecord[],
  folded: Folded | null,
): Imports {
  const { items, unended } = release(imports, folded);
  const live = items.length === 0 ? [] : inOrder(records.filter(isLiveFrame).map(itemOf));
  const spans: RecordingSpan[] = [];
  const told: Item[] = [];
  for (const recording of Map.groupBy(items, ({ record }) => record.attributes.connection).values()) {
    const frames = inOrder(recording.filter(({ record }) => record.attributes.type === 'ocpp.frame.v1'));
    const span = spanOf(frames);
    if (frames.length > 0) spans.push(span);
    const near = live.filter(({ place }) => mayHold(span, place.time));
    const twins = align(frames.map(recordOf), near.map(recordOf));
    for (const item of recording) {
      const twin = twins.get(item.record.attributes.id);
      told.push(twin === undefined ? item : { ...item, twin });
    }
  }
  return { items: told, spans, unended };
}

/**
 * Whether an end among these lets records be folded that stand before what was folded, or that were handed
 * before, or that may be live frames which were folded without knowing of them.
 */
export function areImportsLate(
  imports: readonly LoggedRecord[],
  { folded, unended }: { readonly folded: Folded | null; readonly unended: Position | null },
): boolean {
  const ends = imports.filter(isEnd);
  if (ends.length === 0) return false;
  if (unended !== null) return true;
  if (folded === null) return false;
  return (
    ends.some((end) => comparePlaces(placeOf(end), folded) < 0) ||
    release(imports, folded).items.some(({ place }) => place.time - REACH <= folded.time)
  );
}

function release(
  imports: readonly LoggedRecord[],
  folded: Folded | null,
): { readonly items: readonly Item[]; readonly unended: Position | null } {
  const ends = endsOf(imports, folded);
  const items: Item[] = [];
  let unended: Position | null = null;
  let knownBy: LoggedRecord | undefined;
  for (const record of imports.toSorted((a, b) => comparePositions(b.position, a.position))) {
    if (ends.has(record)) knownBy = record;
    else if (isEnd(record)) continue;
    if (knownBy === undefined) unended = record.position;
    else items.push({ ...itemOf(record), knownBy });
  }
  return { items: items.reverse(), unended };
}

/** Each end where it was first written: sent again it ends nothing that came in between. */
function endsOf(imports: readonly LoggedRecord[], folded: Folded | null): ReadonlySet<LoggedRecord> {
  const ends = new Map<string, LoggedRecord>();
  for (const record of imports.filter(isEnd).sort((a, b) => comparePositions(a.position, b.position))) {
    const isFolded = folded !== null && comparePlaces(placeOf(record), folded) <= 0;
    if (!isFolded && !ends.has(record.attributes.id)) ends.set(record.attributes.id, record);
  }
  return new Set(ends.values());
}

const isEnd = ({ attributes: { type } }: LoggedRecord) => type === 'recording.ended.v1';
const itemOf = (record: LoggedRecord): Item => ({ place: placeOf(record), record });
const recordOf = ({ record }: Item) => record;

/** In effective order, each record once. */
function inOrder(items: readonly Item[]): readonly Item[] {
  const sorted = items.toSorted(compareItems);
  return sorted.filter(({ place }, index) => {
    const before = sorted[index - 1];
    return before === undefined || comparePlaces(before.place, place) !== 0;
  });
}
